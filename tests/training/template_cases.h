// SPDX-License-Identifier: Apache-2.0
// Chat templates beside what Jinja2 made of them (tests/training/fixtures/make_chat_templates.py).
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/input/json.h"
#include "training/text/chat_template.h"
#include "training/text/tokenizer_config.h"

namespace bandscope::testing {

/// The text a template makes, or "refused: " and why.
inline std::string rendered(const std::string& source,
                            const std::vector<text::ChatMessage>& messages = {{"user", "Hi"}}, bool prompt = true) {
  try {
    return text::ChatTemplate(source, {{"bos_token", "<s>"}, {"eos_token", "</s>"}}).render(messages, prompt);
  } catch (const DataError& error) {
    return std::string("refused: ") + error.what();
  }
}

inline std::string with_today(std::string text) {
  const std::time_t now = std::time(nullptr);
  char today[64];
  std::strftime(today, sizeof today, "%d %b %Y", std::localtime(&now));
  for (std::size_t at; (at = text.find("@DATE@")) != std::string::npos;) text.replace(at, 6, today);
  return text;
}

/// What `source` makes of the case's messages, where that is not what Jinja2 made of them; else nothing.
inline std::string difference_from_jinja2(const text::Json& one, const std::string& source) {
  std::vector<text::ChatMessage> messages;
  for (const text::Json& m : one["messages"])
    messages.push_back({m["role"].get<std::string>(), m["content"].get<std::string>()});
  const auto now = [&] { return rendered(source, messages, one["add_generation_prompt"].get<bool>()); };
  std::string got = now();
  if (one.contains("error")) return got.starts_with("refused: chat template, line ") ? "" : got;
  const auto wanted = [&] { return with_today(one["output"].get<std::string>()); };
  if (got == wanted()) return "";
  got = now();  // the day may have changed in between
  return got == wanted() ? "" : got;
}

}  // namespace bandscope::testing
