// SPDX-License-Identifier: Apache-2.0
#include "training/text/tokenizer_config.h"

#include "core/input/json.h"
#include "training/text/config_tokens.h"

namespace bandscope::text {
namespace {

namespace fs = std::filesystem;

/// A token is written as a string or as {"content": …}.
std::optional<std::string> token_text_of(const JsonFields& fields, const char* key) {
  if (!fields.has(key)) return std::nullopt;
  const Json& value = fields.child(key);
  if (value.is_string()) return value.get<std::string>();
  return JsonFields(value, fields.at(key)).text("content");
}

/// The template itself, or the one named "default" of a list of {name, template}.
std::string template_of(const JsonFields& fields) {
  if (!fields.has("chat_template")) return "";
  const Json& value = fields.child("chat_template");
  if (value.is_string()) return value.get<std::string>();
  for (const Json& entry : fields.list("chat_template")) {
    const JsonFields named(entry, fields.at("chat_template"));
    if (named.text("name") == "default") return named.text("template");
  }
  throw DataError(Message::tr("%1 has no entry named \"default\"", fields.at("chat_template")));
}

/// eos_token_id is a number, or a list whose first entry ends a text.
std::optional<std::int64_t> id_of(const Json& config, const char* key) {
  if (!config.is_object() || !config.contains(key)) return std::nullopt;
  const Json& value = config[key];
  const Json& id = value.is_array() && !value.empty() ? value.front() : value;
  return id.is_number_integer() ? std::optional<std::int64_t>(id.get<std::int64_t>()) : std::nullopt;
}

}  // namespace

TokenizerConfig parse_tokenizer_config(const Json& json, const std::string& where) {
  const JsonFields fields(json, where);
  TokenizerConfig config;
  config.bos = token_text_of(fields, "bos_token");
  config.eos = token_text_of(fields, "eos_token");
  for (const char* key : named_keys)
    if (const auto token = token_text_of(fields, key)) config.named[key] = *token;
  if (fields.has("add_bos_token")) config.add_bos = fields.flag("add_bos_token", false);
  if (fields.has("add_prefix_space")) config.prefix_space = fields.flag("add_prefix_space", false);
  config.added = config_tokens(json, where);
  config.tokenizer_class = fields.text("tokenizer_class", "");
  config.chat_template = template_of(fields);
  return config;
}

TokenizerConfig read_tokenizer_config(const fs::path& model_dir) {
  const auto read = [&](const char* name) -> Json {
    const fs::path file = model_dir / name;
    return is_there(file) ? read_json(file, kMostConfigBytes, JsonNumbers::python) : Json();
  };
  const auto named = [&](const char* name) -> NamedJson { return {read(name), (model_dir / name).string()}; };
  const NamedJson own = named("tokenizer_config.json"), special = named("special_tokens_map.json");
  TokenizerConfig config =
      parse_tokenizer_config(with_older_files(own.json, special, named("added_tokens.json")), own.where);
  if (!special.json.is_null()) {
    const JsonFields fields(special.json, special.where);
    if (!config.bos) config.bos = token_text_of(fields, "bos_token");
    if (!config.eos) config.eos = token_text_of(fields, "eos_token");
  }
  if (const fs::path file = model_dir / "chat_template.jinja"; is_there(file)) {
    config.chat_template = read_file(file);
  }
  for (const char* name : {"generation_config.json", "config.json"}) {
    if (config.bos && config.eos) break;
    const Json json = read(name);
    if (!config.bos && !config.bos_id) config.bos_id = id_of(json, "bos_token_id");
    if (!config.eos && !config.eos_id) config.eos_id = id_of(json, "eos_token_id");
  }
  return config;
}

}  // namespace bandscope::text
