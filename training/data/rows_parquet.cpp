// SPDX-License-Identifier: Apache-2.0
// A build without Arrow.
#include "training/data/rows_parquet.h"

#include "core/error.h"

namespace bandscope::data {

bool has_parquet() { return false; }

void load_parquet_rows(const std::filesystem::path& file, const DataRowHandler&, std::int64_t, Columns) {
  throw DataError(
      Message::at(file, Message::tr("this build was made without Arrow and cannot read Parquet; save the pairs as "
                                    ".jsonl, or build with -DBANDSCOPE_ARROW_DIR (packaging/setup installs Arrow)")));
}

void load_arrow_rows(const std::filesystem::path& file, const DataRowHandler&, std::int64_t, Columns) {
  throw DataError(
      Message::at(file, Message::tr("this build was made without Arrow and cannot read .arrow files; save the pairs as "
                                    ".jsonl, or build with -DBANDSCOPE_ARROW_DIR (packaging/setup installs Arrow)")));
}

}  // namespace bandscope::data
