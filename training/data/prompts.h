// SPDX-License-Identifier: Apache-2.0
// Prompts to answer: rows with "prompt", "instruction" or "messages".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "training/data/row_fields.h"

namespace bandscope::data {

struct Prompt {
  RowValue fields;    ///< the row
  std::string text;   ///< its prompt or instruction
  RowValue messages;  ///< a conversation instead of a text; null: none
};

/// Every prompt of a data file (rows.h). Throws DataError for a row that is none, by file and row, and where there are
/// more than `most`. `go_on` is called before each row: what it throws ends the reading.
std::vector<Prompt> read_prompts(const std::string& file, std::size_t most = SIZE_MAX,
                                 const std::function<void()>& go_on = {});

/// What is asked, for people and for AlpacaEval: the text, or what the user said last.
std::string question_of(const Prompt& prompt);

}  // namespace bandscope::data
