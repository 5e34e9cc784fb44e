// SPDX-License-Identifier: Apache-2.0
// Conversations to text with a model's own Jinja chat template.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/error.h"

namespace bandscope::text {

struct ChatMessage {
  std::string role;
  std::string content;
  /// The whole message as the template gets it (tool_calls, name …), in the file's order; null: role and content alone.
  nlohmann::ordered_json fields = nullptr;
};

/// A template that takes too long for all rows together, which no other row will mend.
struct TemplateTooSlow : DataError {
  using DataError::DataError;
};

/// A parsed template: the subset of Jinja that the templates of Qwen2.5, Llama 3, Mistral, Zephyr and SmolLM2 use.
class ChatTemplate {
 public:
  /// Throws DataError naming the construct and its line when the template uses something unsupported.
  /// `tokens`: texts of special tokens by their names ("bos_token", Tokenizer::named_tokens()).
  ChatTemplate(const std::string& source, std::map<std::string, std::string> tokens);
  ChatTemplate(ChatTemplate&&) noexcept;
  ~ChatTemplate();
  /// `tools` is a list of function schemas, or null; `variables` an object of what else the template reads
  /// ("enable_thinking"), or null. As transformers hands messages over, their keys without a value are left out, and a
  /// message's reasoning goes by all names that templates know ("reasoning_content", "thinking"). Throws DataError when
  /// the template itself raises (raise_exception), fails, or takes too many steps; TemplateTooSlow when all renderings
  /// together take far more than such texts need. Steps are counted, not seconds, so that the same rows are usable on
  /// every machine.
  std::string render(const std::vector<ChatMessage>& messages, bool add_generation_prompt,
                     const nlohmann::ordered_json& tools = nullptr,
                     const nlohmann::ordered_json& variables = nullptr) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::text
