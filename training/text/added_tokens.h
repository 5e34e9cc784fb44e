// SPDX-License-Identifier: Apache-2.0
// "added_tokens" of tokenizer.json, and of tokenizer_config.json those that it lacks: texts that become one id before
// any splitting or merging.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "training/text/json_fields.h"

namespace bandscope::text {

struct AddedToken {
  std::string content;
  std::int32_t id = 0;
  bool single_word = false;  ///< only where no word character touches it
  bool lstrip = false;       ///< takes the white space before it along
  bool rstrip = false;       ///< takes the white space after it along
  bool normalized = false;   ///< looked for after the normalizer, in its normalised form
  bool special = false;
};

/// Throws DataError for a wrong type; `most` bounds the ids.
std::vector<AddedToken> read_added_tokens(const Json& list, const std::string& where, std::int32_t most);

/// In place of the id of a token that is not added to a vocabulary that lacks it.
inline constexpr std::int32_t only_of_vocabulary = -1;

/// `tokens` of tokenizer.json, and those of `more` whose text is none of theirs, as transformers adds them: with the id
/// that the vocabulary of the model has for the text, or else the next one behind all.
std::vector<AddedToken> all_added(std::vector<AddedToken> tokens, const std::vector<AddedToken>& more,
                                  const std::unordered_map<std::string, std::int32_t>& vocabulary);

/// A part of a text: an added token's id, or (id −1) text between them.
struct AddedSplit {
  std::string_view text;
  std::int32_t id = -1;
};

/// Finds added tokens, leftmost first and the longest there, as Hugging Face's tokenizers do.
class AddedTokenFinder {
 public:
  /// `pattern` is what to look for: the content, or its normalised form.
  void add(const AddedToken& token, const std::string& pattern);
  bool empty() const { return tokens_.empty(); }
  /// Appends the parts of `text` to `out`; text parts are never empty.
  void split(std::string_view text, std::vector<AddedSplit>& out) const;

 private:
  /// Index into tokens_ of the longest pattern that starts at `at`, or −1.
  int longest(std::string_view text, std::size_t at, std::size_t& length) const;

  std::vector<AddedToken> tokens_;
  std::array<bool, 256> starts_{};                         ///< bytes that begin a pattern
  std::unordered_map<std::uint64_t, std::uint32_t> next_;  ///< (node << 8 | byte) → node, node 0 is the root
  std::vector<int> at_node_ = {-1};                        ///< token that ends at a node
};

}  // namespace bandscope::text
