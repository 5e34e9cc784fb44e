// SPDX-License-Identifier: Apache-2.0
// Text to ids, as Hugging Face's tokenizer.json describes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/message/message.h"

namespace bandscope::text {

using TokenId = std::int32_t;

/// Immutable after load; encode() is safe from several threads.
class Tokenizer {
 public:
  /// Reads MODEL_DIR/tokenizer.json, tokenizer_config.json and special_tokens_map.json (the latter two optional).
  /// Throws DataError naming the file and what is unsupported (another model kind, normaliser or pre-tokeniser).
  static Tokenizer load(const std::filesystem::path& model_dir);
  /// The same from the texts of tokenizer.json and ("" for none) tokenizer_config.json.
  static Tokenizer from_text(const std::string& tokenizer_json, const std::string& tokenizer_config_json = "");
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Ids of `text` (UTF-8; invalid bytes become U+FFFD), no special tokens added; added tokens in it are recognised.
  std::vector<TokenId> encode(std::string_view text) const;
  /// The text of `ids`, special tokens included.
  std::string decode(const std::vector<TokenId>& ids) const;
  /// The vocabulary entry of one id as text for people (bytes that are not UTF-8 alone as \xNN).
  std::string token_text(TokenId id) const;

  /// True for what is not text: BOS, EOS, and added tokens that are marked special.
  bool is_special(TokenId id) const;

  std::size_t vocab_size() const;  ///< largest id + 1, added tokens included
  std::optional<TokenId> bos() const;
  std::optional<TokenId> eos() const;
  bool add_bos() const;  ///< what tokenizer.json's post-processor does, as in transformers 5
  std::string bos_text() const;
  std::string eos_text() const;
  /// Texts of the special tokens that the configuration names, as chat templates read them: "bos_token", "unk_token".
  std::map<std::string, std::string> named_tokens() const;
  const std::string& chat_template() const;  ///< "" when the model has none
  const std::string& sha256() const;         ///< of tokenizer.json
  /// Where tokenizer.json and tokenizer_config.json disagree, and which of them counts: a sentence each.
  const std::vector<Message>& notes() const;

 private:
  struct Impl;
  explicit Tokenizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::text
