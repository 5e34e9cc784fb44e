// SPDX-License-Identifier: Apache-2.0
#include "training/data/rows_parquet.h"

#include "core/error.h"

namespace bandscope {

#ifndef BANDSCOPE_PARQUET
bool has_parquet() { return false; }

void load_parquet_rows(const std::filesystem::path& file, const RowHandler&) {
  throw DataError(file.string() +
                  ": this build was made without Arrow and cannot read Parquet; save the pairs as .jsonl");
}
#endif

}  // namespace bandscope
