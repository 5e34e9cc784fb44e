// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180, lines end with \n).
#pragma once

#include <string>
#include <string_view>

#include "core/record/table_block.h"

namespace bandscope {

/// Appends the shortest text that reads back as the same double; "nan", "inf" and "-inf" for what is no number.
void append_csv(std::string& line, double value);
/// Appends a text, in quotes where it needs them.
void append_csv(std::string& line, std::string_view text);

/// The names of the columns, and the rows, a line each; `run` stands before each row.
std::string csv_header(const TableBlock& block);
std::string csv_lines(const std::string& run, const TableBlock& block);

}  // namespace bandscope
