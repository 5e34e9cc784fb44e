// SPDX-License-Identifier: Apache-2.0
#include "training/text/chat_template.h"

#include <ctime>

#include "core/error.h"
#include "training/text/jinja_parser.h"
#include "training/text/jinja_render.h"

namespace bandscope {

struct ChatTemplate::Impl {
  jinja::Body body;
  std::string bos, eos;
  /// Taken once, so that a prompt and its continuation carry the same date.
  std::time_t now = std::time(nullptr);
};

namespace {

[[noreturn]] void fail(const jinja::TemplateError& error) {
  throw DataError("chat template, line " + std::to_string(error.line) + ": " + error.what());
}

}  // namespace

ChatTemplate::ChatTemplate(const std::string& source, std::string bos_token, std::string eos_token)
    : impl_(std::make_unique<Impl>()) {
  impl_->bos = std::move(bos_token);
  impl_->eos = std::move(eos_token);
  try {
    impl_->body = jinja::parse(source);
  } catch (const jinja::TemplateError& error) {
    fail(error);
  }
}

ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

std::string ChatTemplate::render(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const {
  jinja::List list;
  for (const ChatMessage& message : messages) {
    list.emplace_back(jinja::Dict{{"role", jinja::Value(message.role)}, {"content", jinja::Value(message.content)}});
  }
  try {
    return jinja::render(impl_->body,
                         {{"messages", jinja::Value(std::move(list))},
                          {"tools", jinja::Value()},
                          {"documents", jinja::Value()},
                          {"add_generation_prompt", jinja::Value(add_generation_prompt)},
                          {"bos_token", jinja::Value(impl_->bos)},
                          {"eos_token", jinja::Value(impl_->eos)}},
                         impl_->now);
  } catch (const jinja::TemplateError& error) {
    fail(error);
  }
}

}  // namespace bandscope
