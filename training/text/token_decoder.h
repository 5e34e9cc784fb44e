// SPDX-License-Identifier: Apache-2.0
// tokenizer.json's "decoder": vocabulary entries back to text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/text/json_fields.h"

namespace bandscope::text {

class TokenDecoder {
 public:
  virtual ~TokenDecoder() = default;
  /// Rewrites the entries in place; their concatenation is the text.
  virtual void apply(std::vector<std::string>& tokens) const = 0;
};

/// ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip and Sequence; null gives nullptr (entries joined with
/// spaces). Throws DataError naming `where` and the kind otherwise.
std::unique_ptr<TokenDecoder> make_token_decoder(const Json& json, const std::string& where);

/// The byte that an entry "<0xNN>" stands for, or −1.
int fallback_byte(const std::string& token);

}  // namespace bandscope::text
