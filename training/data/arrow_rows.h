// SPDX-License-Identifier: Apache-2.0
// Arrow's record batches as JSON rows, whatever file they come from. For the sources of this folder that are built with
// Arrow.
#pragma once

#include <string>
#include <vector>

#include "training/data/rows.h"

namespace arrow {
class RecordBatch;
}

namespace bandscope::data::arrow_rows {

/// Places among `names` of the columns that a pair is read from, and where those are not there of what tells what the
/// rows are instead; or of all. Others are not even decoded. Throws DataError where there is none.
std::vector<int> needed_columns(const std::vector<std::string>& names, const std::string& file, Columns columns);

/// Gives a row of the batch to the handler; false when that wants no more. A row that is too large, too deep or no
/// UTF-8 is one that could not be read.
bool hand_over(const arrow::RecordBatch& batch, std::int64_t row, std::int64_t index, const DataRowHandler& handler);

}  // namespace bandscope::data::arrow_rows
