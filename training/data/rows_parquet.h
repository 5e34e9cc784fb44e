// SPDX-License-Identifier: Apache-2.0
// Rows of a Parquet file. Without Arrow in the build, the call says so.
#pragma once

#include "training/data/rows.h"

namespace bandscope {

/// True when this build reads Parquet.
bool has_parquet();

/// Columns of strings, numbers and truth values, structs of these, and lists of them become JSON rows.
/// Throws DataError for an unreadable file, another column type, or a build without Arrow.
void load_parquet_rows(const std::filesystem::path& file, const RowHandler& handler);

}  // namespace bandscope
