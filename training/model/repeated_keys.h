// SPDX-License-Identifier: Apache-2.0
// Keys that an object of a JSON text has twice. Parsers keep one of the two values, and not all of them the same one,
// so where a key is a tensor's name two programs would load different weights from one file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bandscope::model {

/// The first key of any object in `text` that the object has twice. `text` is JSON that parse_json() takes.
std::optional<std::string> repeated_key(std::string_view text);

}  // namespace bandscope::model
