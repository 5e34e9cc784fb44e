// SPDX-License-Identifier: Apache-2.0
// Tables of records as Parquet files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/record/table_block.h"

namespace bandscope::data {

/// A column `run` before those of the blocks, all of which have the columns of the first.
class ParquetFile {
 public:
  /// Throws RunError, as every function does; also where the build has no Arrow.
  explicit ParquetFile(const std::filesystem::path& file);
  ~ParquetFile();
  ParquetFile(ParquetFile&&) noexcept;
  void append(const std::string& run, const TableBlock& block);
  /// Puts the file in place; without it nothing is left behind.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::data
