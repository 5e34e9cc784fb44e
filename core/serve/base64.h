// SPDX-License-Identifier: Apache-2.0
// Bytes in JSON: base64 with padding (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bandscope::wire {

std::string to_base64(std::string_view bytes);
/// Nothing where `text` is not what to_base64() makes of some bytes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace bandscope::wire
