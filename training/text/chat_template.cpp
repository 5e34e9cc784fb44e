// SPDX-License-Identifier: Apache-2.0
#include "training/text/chat_template.h"

#include <algorithm>
#include <ctime>

#include "core/input/printable.h"
#include "training/text/jinja_json.h"
#include "training/text/jinja_parser.h"
#include "training/text/jinja_render.h"

namespace bandscope::text {

struct ChatTemplate::Impl {
  jinja::Body body;
  std::map<std::string, std::string> tokens;
  /// Taken once, so that a prompt and its continuation carry the same date.
  std::time_t now = std::time(nullptr);
  std::int64_t overdrawn = 0;  ///< steps beyond what the renderings so far may need
};

namespace {

using nlohmann::ordered_json;

/// Steps that a rendering may need without being counted against the template: about what the longest templates of
/// published models take, per rendering, per message and per byte.
constexpr std::int64_t kStepsPerRendering = 4000, kStepsPerMessage = 1000;
/// Steps over that for all rows together: about a second.
constexpr std::int64_t kMostOverdrawn = 2 * jinja::kMostSteps;

/// A message as transformers 5 shows it to templates: APIs write "content": null where there is none, and tables have
/// all columns in each row.
ordered_json as_shown(const ordered_json& message) {
  const auto value_of = [&](const char* key) -> const ordered_json* {
    const auto found = message.find(key);
    return found == message.end() || found->is_null() ? nullptr : &*found;
  };
  const ordered_json* reasoning = nullptr;
  for (const char* key : {"reasoning_content", "thinking", "reasoning"})
    if (!reasoning) reasoning = value_of(key);
  ordered_json shown = ordered_json::object();
  if (reasoning) shown["thinking"] = value_of("thinking") ? *value_of("thinking") : *reasoning;
  for (const auto& [key, value] : message.items())
    if (!value.is_null()) shown[key] = value;
  if (reasoning) shown["reasoning_content"] = *reasoning;
  return shown;
}

[[noreturn]] void fail(const jinja::TemplateError& error) {
  const Message& said = error.message();
  throw DataError(Message::tr("chat template, line %1: %2", error.line,
                              said.is_sentence() ? said : Message::plain(printable(said.text()))));
}

}  // namespace

ChatTemplate::ChatTemplate(const std::string& source, std::map<std::string, std::string> tokens)
    : impl_(std::make_unique<Impl>()) {
  impl_->tokens = std::move(tokens);
  try {
    impl_->body = jinja::parse(source);
  } catch (const jinja::TemplateError& error) {
    fail(error);
  }
}

ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

std::string ChatTemplate::render(const std::vector<ChatMessage>& messages, bool add_generation_prompt,
                                 const ordered_json& tools, const ordered_json& variables) const {
  jinja::List list;
  std::int64_t bytes = 0;
  jinja::Budget budget;
  // A failed rendering has taken its time as well.
  const auto account = [&] {
    const auto allowance = kStepsPerRendering + kStepsPerMessage * static_cast<std::int64_t>(messages.size()) + bytes;
    impl_->overdrawn += std::max<std::int64_t>(0, budget.steps() - allowance);
    if (impl_->overdrawn <= kMostOverdrawn) return;
    throw TemplateTooSlow(Message::tr(
        "the model's chat template takes too many steps for these conversations, and would for the rest of the rows; "
        "a template that walks over its texts character by character does that"));
  };
  try {
    for (const ChatMessage& message : messages) {
      if (message.fields.is_object()) {
        list.push_back(jinja::value_of(as_shown(message.fields), bytes));
        continue;
      }
      bytes += static_cast<std::int64_t>(message.content.size());
      list.emplace_back(jinja::Dict{{"role", jinja::Value(message.role)}, {"content", jinja::Value(message.content)}});
    }
    jinja::Dict seen = {{"messages", jinja::Value(std::move(list))},
                        {"tools", jinja::value_of(tools, bytes)},
                        {"documents", jinja::Value()},
                        {"add_generation_prompt", jinja::Value(add_generation_prompt)}};
    if (variables.is_object())
      for (const auto& [name, value] : variables.items()) seen.emplace_back(name, jinja::value_of(value, bytes));
    for (const auto& [name, token] : impl_->tokens)
      if (!variables.is_object() || !variables.contains(name)) seen.emplace_back(name, jinja::Value(token));
    std::string text = jinja::render(impl_->body, seen, impl_->now, budget);
    account();
    return text;
  } catch (const jinja::TemplateError& error) {
    account();
    fail(error);
  } catch (const jinja::ValueError& error) {
    throw DataError(Message::tr("a message cannot be given to the chat template: %1", error.what()));
  }
}

}  // namespace bandscope::text
