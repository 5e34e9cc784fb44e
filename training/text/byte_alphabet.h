// SPDX-License-Identifier: Apache-2.0
// GPT-2's alphabet: each byte as one printable character, in which byte-level vocabularies are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bandscope::text {

/// The character (UTF-8) that stands for `byte`.
const std::string& byte_character(std::uint8_t byte);

/// The bytes that `token` stands for, or nothing when it holds a character outside the alphabet.
std::optional<std::string> alphabet_to_bytes(std::string_view token);

}  // namespace bandscope::text
