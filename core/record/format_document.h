// SPDX-License-Identifier: Apache-2.0
// The run record's format, made from the tables that the record is written by: for people, FORMAT.md beside this file;
// for the writer of the Python package, packaging/python/bandscope/format.json.
#pragma once

#include <string>

namespace bandscope::record {

/// Markdown.
std::string format_document();

/// JSON: `format`, `format_version`, `page_bytes`, `states`, `layer_chunk`, and `tables` in file order, each with its
/// `group`, `chunk_rows` (null: by `layer_chunk`) and `columns` (`name`, `type` int64, float64 or text, `bytes` of a
/// cell, `symbol`, `unit`, `meaning`).
std::string format_schema();

}  // namespace bandscope::record
