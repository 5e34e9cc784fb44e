// SPDX-License-Identifier: Apache-2.0
// tokenizer.json's "normalizer": what happens to text before it is split into words.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "training/text/json_fields.h"

namespace bandscope::text {

class Normalizer {
 public:
  virtual ~Normalizer() = default;
  /// `text` is valid UTF-8, and so is the result.
  virtual std::string apply(std::string_view text) const = 0;
  /// False where the first character of the result is not what became of the first of `text`: that one is dropped.
  virtual bool keeps_front(std::string_view) const { return true; }
};

/// NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace and Sequence. A null `json` gives no normalizer (nullptr).
/// Throws DataError naming `where` and the kind otherwise.
std::unique_ptr<Normalizer> make_normalizer(const Json& json, const std::string& where);

/// Replaces every match of `pattern` ({"String": …} or {"Regex": …}); shared with the decoder of the same name.
class Replacer {
 public:
  Replacer(const Json& json, const std::string& where);
  Replacer(Replacer&&) noexcept;
  ~Replacer();
  std::string apply(std::string_view text) const;
  /// True where a match at the very beginning is replaced by nothing.
  bool drops_front(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::text
