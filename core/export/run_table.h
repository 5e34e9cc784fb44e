// SPDX-License-Identifier: Apache-2.0
// A table of several records, one after the other, in blocks that memory holds.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "core/record/record_reader.h"

namespace bandscope {

struct NamedRecord {
  std::string run;  ///< as it is told from the others
  RecordReader reader;
};

/// Opens records. A run is named like its folder, or like its file where that is not run.h5; with folders above it
/// where names would be equal. Throws DataError.
std::vector<NamedRecord> open_named(std::span<const std::filesystem::path> records);

/// All rows of a table of each record, at most about `cells` cells at a time. Every record is handed on at least once,
/// so that its columns are known without rows.
void each_block(std::span<const NamedRecord> records, RecordTable table,
                const std::function<void(const NamedRecord&, const TableBlock&)>& handler, std::size_t cells = 1 << 20);

}  // namespace bandscope
