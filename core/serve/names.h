// SPDX-License-Identifier: Apache-2.0
// Names of files as messages may choose them: what the server takes, and what the client believes of it.
#pragma once

#include <string_view>

namespace bandscope::wire {

/// One part of a path: no "/", not hidden, no control characters, 1 to 200 bytes.
bool is_plain_name(std::string_view name);
/// How a step is called that something is kept of: digits.
bool is_step(std::string_view name);
/// "STEP/NAME", as a run keeps the files of its evaluations.
bool is_evaluation_file(std::string_view path);

}  // namespace bandscope::wire
