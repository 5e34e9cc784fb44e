// SPDX-License-Identifier: Apache-2.0
// What a model folder says around its tokenizer.json: BOS, EOS, whether to add BOS, and the chat template.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/text/added_tokens.h"
#include "training/text/json_fields.h"

namespace bandscope::text {

struct TokenizerConfig {
  std::optional<std::string> bos, eos;         ///< token texts
  std::optional<std::int64_t> bos_id, eos_id;  ///< from config.json or generation_config.json, where no text is given
  std::optional<bool> add_bos;                 ///< add_bos_token, where written
  std::optional<bool> prefix_space;            ///< add_prefix_space, where written
  std::map<std::string, std::string> named;    ///< texts by their keys ("unk_token"), as this file has them
  std::vector<AddedToken> added;               ///< tokens that tokenizer.json may lack (config_tokens())
  std::string tokenizer_class;
  std::string chat_template;  ///< "" when there is none
};

/// Reads tokenizer_config.json, special_tokens_map.json, added_tokens.json, chat_template.jinja, generation_config.json
/// and config.json of MODEL_DIR, each optional. Throws DataError for a file that is there but unusable.
TokenizerConfig read_tokenizer_config(const std::filesystem::path& model_dir);

/// The same from the text of a tokenizer_config.json alone.
TokenizerConfig parse_tokenizer_config(const Json& json, const std::string& where);

}  // namespace bandscope::text
