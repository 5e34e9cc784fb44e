// SPDX-License-Identifier: Apache-2.0
// What an engine says on its standard error: "bandscope-engine: SENTENCE" for people, and for a window that started it
// (which sets kSpeakVariable in its environment) the message as a line of JSON behind it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/message/message.h"

namespace bandscope {

inline constexpr const char* kSpeakVariable = "BANDSCOPE_MESSAGES";

/// The lines of one message, each with its end.
std::string spoken(const Message& message, std::string_view speaker = "bandscope-engine: ");
/// The last message in what an engine has said; empty where it said nothing.
Message last_spoken(std::string_view output);
/// The same of an engine's log, from byte `from` on; a text that is no message of ours is cut after 400 characters.
/// Empty, too, where the log cannot be read.
Message last_words(const std::filesystem::path& log, std::uint64_t from = 0);

}  // namespace bandscope
