// SPDX-License-Identifier: Apache-2.0
#include "training/text/config_tokens.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/input/json.h"
#include "training/text/bpe.h"

namespace bandscope::text {
namespace {

/// The first that names any counts.
constexpr std::array further_keys = {"extra_special_tokens", "additional_special_tokens"};

AddedToken token_of(Json entry, std::int32_t id, const std::string& where) {
  entry["id"] = std::max(id, 0);
  AddedToken token = read_added_tokens(Json::array({std::move(entry)}), where, kMostId).front();
  token.id = id;
  return token;
}

/// Written as a string or as {"content": …}.
AddedToken special_token(const Json& value, std::int32_t id, const std::string& where) {
  if (value.is_string()) return token_of({{"content", value}, {"special", true}}, id, where);
  if (!value.is_object())
    throw DataError(Message::tr("%1 is %2, a string or an object is needed", where, type_of(value)));
  Json entry = value;
  entry["special"] = true;
  return token_of(std::move(entry), id, where);
}

std::vector<AddedToken> decoder_tokens(const Json& object, const std::string& where) {
  if (!object.is_object()) throw DataError(Message::tr("%1 is %2, an object is needed", where, type_of(object)));
  std::vector<AddedToken> tokens;
  for (const auto& [key, entry] : object.items()) {
    std::int32_t id = -1;
    const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), id);
    if (problem != std::errc() || end != key.data() + key.size() || id < 0 || id > kMostId)
      throw DataError(Message::tr("%1 has the key \"%2\", allowed are 0 to %3", where, key, kMostId));
    if (!entry.is_object())
      throw DataError(Message::tr("%1 is %2, an object is needed", where + "." + key, type_of(entry)));
    tokens.push_back(token_of(entry, id, where + "." + key));
  }
  std::ranges::sort(tokens, {}, &AddedToken::id);
  return tokens;
}

/// Of a list of tokens, or of an object of them.
std::vector<AddedToken> further_tokens(const Json& value, const std::string& where) {
  if (!value.is_array() && !value.is_object())
    throw DataError(Message::tr("%1 is %2, a list is needed", where, type_of(value)));
  std::vector<AddedToken> tokens;
  for (const Json& entry : value) tokens.push_back(special_token(entry, 0, where));
  return tokens;
}

}  // namespace

Json with_older_files(Json config, const NamedJson& special_tokens_map, const NamedJson& added_tokens) {
  if (config.is_object() && config.contains("added_tokens_decoder")) return config;
  if (config.is_null()) config = Json::object();
  if (!config.is_object()) return config;  // refused by its reader
  if (!special_tokens_map.json.is_null()) {
    const JsonFields fields(special_tokens_map.json, special_tokens_map.where);
    const auto take = [&](const char* key, auto check) {
      if (!fields.has(key)) return;
      check(fields.child(key), fields.at(key));  // here, where the file's own name is known
      config[key] = fields.child(key);
    };
    for (const char* key : named_keys)
      take(key, [](const Json& value, const std::string& where) { special_token(value, 0, where); });
    for (const char* key : further_keys) take(key, further_tokens);
  }
  if (!added_tokens.json.is_null()) {
    const JsonFields fields(added_tokens.json, added_tokens.where);
    std::set<std::string> special;
    for (const AddedToken& token : config_tokens(config, added_tokens.where)) special.insert(token.content);
    Json decoder = Json::object();
    for (const auto& [content, id] : added_tokens.json.items()) {
      const std::int64_t number = fields.integer(content.c_str(), 0, kMostId);
      const bool is_special = special.contains(content);
      decoder[std::to_string(number)] = {{"content", content}, {"special", is_special}, {"normalized", !is_special}};
    }
    config["added_tokens_decoder"] = std::move(decoder);
  }
  return config;
}

std::vector<AddedToken> config_tokens(const Json& config, const std::string& where) {
  const JsonFields fields(config, where);
  std::vector<AddedToken> tokens;
  if (fields.has("added_tokens_decoder"))
    tokens = decoder_tokens(fields.child("added_tokens_decoder"), fields.at("added_tokens_decoder"));
  const auto add = [&](const std::vector<AddedToken>& more) { tokens.insert(tokens.end(), more.begin(), more.end()); };
  for (const char* key : named_keys) {
    if (!fields.has(key)) continue;
    const bool ends = key == named_keys[0] || key == named_keys[1];
    tokens.push_back(special_token(fields.child(key), ends ? only_of_vocabulary : 0, fields.at(key)));
  }
  // A family's own: "image_token".
  for (const auto& [key, value] : config.items()) {
    const bool known = std::ranges::find(named_keys, key) != named_keys.end();
    if (!known && key.ends_with("_token") && value.is_string()) tokens.push_back(special_token(value, 0, where));
  }
  for (const char* key : further_keys) {
    if (!fields.has(key) || fields.child(key).empty()) continue;
    add(further_tokens(fields.child(key), fields.at(key)));
    break;
  }
  return tokens;
}

}  // namespace bandscope::text
