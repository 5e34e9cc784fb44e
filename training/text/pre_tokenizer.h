// SPDX-License-Identifier: Apache-2.0
// tokenizer.json's "pre_tokenizer": how text is cut into the words that the model merges within.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "training/text/json_fields.h"

namespace bandscope::text {

/// The words of one text on the way through the pre-tokenisers. Views point into the text or into `owned`.
struct Words {
  std::vector<std::string_view> list;
  std::deque<std::string> owned;  ///< texts that a step rewrote (a deque does not move them)
  /// list[0] begins with what became of the first character of the whole text, so it does not follow an added token or
  /// what the normalizer dropped.
  bool at_start = true;
};

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  virtual void apply(Words& words) const = 0;
  /// The vocabulary is written in GPT-2's byte alphabet; words stay raw bytes here.
  virtual bool byte_level() const { return false; }
};

/// ByteLevel, Split, Digits, Metaspace and Sequence. A null `json` gives nullptr: one word.
/// Throws DataError naming `where` and the kind otherwise.
std::unique_ptr<PreTokenizer> make_pre_tokenizer(const Json& json, const std::string& where);

}  // namespace bandscope::text
