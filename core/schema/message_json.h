// SPDX-License-Identifier: Apache-2.0
// Messages across the border of a process, and in files: JSON beside their English text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "core/message/message.h"

namespace bandscope {

/// A plain text as a string, a sentence as [TEMPLATE, VALUE, …].
nlohmann::json to_json(const Message& message);
/// Nothing where `json`, which may come from anybody, is no message: of another form, nested too deep, or too large.
std::optional<Message> message_from(const nlohmann::json& json);

/// A message as it is kept beside its English text: the text alone where the values are missing, or are not those of
/// this text. So what is shown can differ from `english` only in its language. A text that was cut may be the
/// beginning.
Message message_of(std::string_view english, const nlohmann::json& json);
Message message_of_text(std::string_view english, std::string_view json);

}  // namespace bandscope
