// SPDX-License-Identifier: Apache-2.0
// Conversations to text with a model's own Jinja chat template.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace bandscope {

struct ChatMessage {
  std::string role;
  std::string content;
};

/// A parsed template: the subset of Jinja that the templates of Qwen2.5, Llama 3, Mistral, Zephyr and SmolLM2 use.
class ChatTemplate {
 public:
  /// Throws DataError naming the construct and its line when the template uses something unsupported.
  ChatTemplate(const std::string& source, std::string bos_token, std::string eos_token);
  ChatTemplate(ChatTemplate&&) noexcept;
  ~ChatTemplate();
  /// Throws DataError when the template itself raises (raise_exception) or fails.
  std::string render(const std::vector<ChatMessage>& messages, bool add_generation_prompt) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope
