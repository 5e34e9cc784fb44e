// SPDX-License-Identifier: Apache-2.0
#include "core/export/run_table.h"

#include <algorithm>
#include <map>

namespace bandscope {
namespace {

namespace fs = std::filesystem;

/// The last `parts` names of the path of a run.
std::string name_of(const fs::path& record, int parts) {
  fs::path path = fs::absolute(record).lexically_normal();
  path = path.filename() == "run.h5" ? path.parent_path() : path.replace_extension();
  fs::path name = path.filename();
  for (int i = 1; i < parts && path.has_relative_path(); ++i) {
    path = path.parent_path();
    name = path.filename() / name;
  }
  return name.generic_string();
}

}  // namespace

std::vector<NamedRecord> open_named(std::span<const fs::path> records) {
  constexpr int most_parts = 64;
  std::vector<std::string> names(records.size());
  std::vector<int> parts(records.size(), 1);
  for (int round = 0; round < most_parts; ++round) {
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < records.size(); ++i) ++count[names[i] = name_of(records[i], parts[i])];
    bool all_told_apart = true;
    for (std::size_t i = 0; i < records.size(); ++i)
      if (count[names[i]] > 1) ++parts[i], all_told_apart = false;
    if (all_told_apart) break;
  }
  std::vector<NamedRecord> opened;
  for (std::size_t i = 0; i < records.size(); ++i) opened.push_back({names[i], RecordReader::open(records[i])});
  return opened;
}

void each_block(std::span<const NamedRecord> records, RecordTable table,
                const std::function<void(const NamedRecord&, const TableBlock&)>& handler, std::size_t cells) {
  for (const NamedRecord& record : records) {
    const std::size_t all = record.reader.rows(table), columns = record.reader.block(table, 0, 0).size();
    const std::size_t rows = std::max<std::size_t>(1, cells / std::max<std::size_t>(1, columns));
    for (std::size_t first = 0; first == 0 || first < all; first += rows)
      handler(record, record.reader.block(table, first, rows));
  }
}

}  // namespace bandscope
