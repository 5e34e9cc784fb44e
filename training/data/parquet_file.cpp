// SPDX-License-Identifier: Apache-2.0
// For builds without Arrow.
#include "training/data/parquet_file.h"

#include "core/error.h"

namespace bandscope::data {

struct ParquetFile::Impl {};

ParquetFile::ParquetFile(const std::filesystem::path& file) {
  throw RunError(Message::at(file, Message::tr("cannot be written: this build has no Arrow, which Parquet needs")));
}
ParquetFile::~ParquetFile() = default;
ParquetFile::ParquetFile(ParquetFile&&) noexcept = default;
void ParquetFile::append(const std::string& run, const TableBlock& block) {
  static_cast<void>(run), static_cast<void>(block);
}
void ParquetFile::finish() {}

}  // namespace bandscope::data
