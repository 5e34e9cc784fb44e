// SPDX-License-Identifier: Apache-2.0
// The run record's format for people, made from the tables that the record is written by: FORMAT.md beside this file.
#pragma once

#include <string>

namespace bandscope::record {

/// Markdown.
std::string format_document();

}  // namespace bandscope::record
