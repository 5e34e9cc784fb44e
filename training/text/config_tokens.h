// SPDX-License-Identifier: Apache-2.0
// Tokens that the files beside tokenizer.json name, and it may lack: transformers 5 adds them to its own
// (tokenization_utils_base.py, from_pretrained; tokenization_utils_tokenizers.py, __init__).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "training/text/added_tokens.h"
#include "training/text/json_fields.h"

namespace bandscope::text {

/// A JSON file with the name that begins its messages; null where there is none.
struct NamedJson {
  Json json;
  std::string where;
};

/// Keys of special tokens, in transformers' order (SPECIAL_TOKENS_ATTRIBUTES); BOS and EOS come first.
inline constexpr std::array named_keys = {"bos_token", "eos_token", "unk_token", "sep_token",
                                          "pad_token", "cls_token", "mask_token"};

/// A tokenizer_config.json as it counts: one without "added_tokens_decoder", as older programs wrote them, takes in
/// what special_tokens_map.json and added_tokens.json say. Throws DataError for what cannot be a token.
Json with_older_files(Json config, const NamedJson& special_tokens_map, const NamedJson& added_tokens);

/// The tokens of such a config, as all_added() takes them: of "added_tokens_decoder" by their ids, then the named ones
/// ("pad_token"), then the further ones. BOS and EOS are none where the vocabulary lacks them. Throws DataError.
std::vector<AddedToken> config_tokens(const Json& config, const std::string& where);

}  // namespace bandscope::text
