// SPDX-License-Identifier: Apache-2.0
#include "training/model/adapter_config.h"

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/spec/key_rules.h"

namespace bandscope::model {
namespace {

using OrderedJson = nlohmann::ordered_json;  // of two patterns that match, the first counts

/// True when `key` is there and true; absent and null are PEFT's "no".
bool flag(const OrderedJson& config, const char* key) {
  return config.contains(key) && config[key].is_boolean() && config[key].get<bool>();
}

bool empty(const OrderedJson& config, const char* key) {
  return !config.contains(key) || config[key].is_null() ||
         ((config[key].is_array() || config[key].is_object()) && config[key].empty());
}

/// PEFT options that change the result and that this engine does not compute.
void refuse_unsupported(const OrderedJson& config, const std::string& origin) {
  const auto fail = [&](const std::string& key, const Message& what) {
    throw DataError(Message::at(origin, Message::tr("\"%1\" %2", key, what)));
  };
  for (const char* key : {"use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora"})
    if (flag(config, key)) fail(key, Message::tr("is true, which is not supported"));
  if (config.contains("bias") && !config["bias"].is_null() && config["bias"] != "none")
    fail("bias", Message::tr("must be \"none\""));
  for (const char* key : {"modules_to_save", "layer_replication", "target_parameters", "trainable_token_indices",
                          "corda_config", "eva_config", "alora_invocation_tokens"})
    if (!empty(config, key)) fail(key, Message::tr("is set, which is not supported"));
}

/// The value of the first pattern that matches, or the fallback.
template <class Value>
Value first_match(const std::vector<ModulePattern<Value>>& patterns, const std::string& module, Value fallback) {
  for (const ModulePattern<Value>& pattern : patterns) {
    if (!pattern.regex->find_all(module).empty()) return pattern.value;
  }
  return fallback;
}

template <class Value>
std::vector<ModulePattern<Value>> patterns_of(const OrderedJson& config, const char* key, std::int64_t least,
                                              std::int64_t most, const std::string& origin) {
  std::vector<ModulePattern<Value>> patterns;
  if (!config.contains(key) || config[key].is_null()) return patterns;
  const auto fail = [&](const Message& what) {
    throw DataError(Message::at(origin, Message::tr("\"%1\" %2", key, what)));
  };
  if (!config[key].is_object()) fail(Message::tr("is not an object"));
  for (const auto& [pattern, value] : config[key].items()) {
    const bool fits = std::is_integral_v<Value> ? value.is_number_integer() : value.is_number();
    if (!fits || !(value.template get<double>() >= static_cast<double>(least)) ||
        !(value.template get<double>() <= static_cast<double>(most)))
      fail(Message::tr("gives \"%1\" something else than a number from %2 to %3", printable(pattern), least, most));
    // As PEFT matches a key with a module's path.
    auto regex = std::make_shared<const text::PythonRegex>("^(?:.*\\.)?(?:" + pattern + ")$", origin + ": " + key);
    patterns.push_back({pattern, value.template get<Value>(), std::move(regex)});
  }
  return patterns;
}

}  // namespace

int AdapterConfig::rank_of(const std::string& module) const { return first_match(rank_patterns, module, rank); }

double AdapterConfig::scale_of(const std::string& module) const {
  const double own = first_match(alpha_patterns, module, alpha), own_rank = rank_of(module);
  return rslora ? own / std::sqrt(own_rank) : own / own_rank;
}

AdapterConfig AdapterConfig::parse(std::string_view text, const std::string& origin) {
  const OrderedJson json = parse_ordered_json(text, origin);
  if (!json.is_object()) throw DataError(Message::at(origin, Message::tr("not a JSON object")));
  if (!json.contains("peft_type") || json["peft_type"] != "LORA")
    throw DataError(Message::at(origin, Message::tr("\"peft_type\" is %1; LORA is supported",
                                                    short_dump(json.value("peft_type", OrderedJson())))));
  refuse_unsupported(json, origin);
  AdapterConfig config;
  constexpr auto most_rank = static_cast<std::uint64_t>(kMostRank);
  const OrderedJson rank = json.value("r", OrderedJson());
  if (!rank.is_number_unsigned() || rank.get<std::uint64_t>() < 1 || rank.get<std::uint64_t>() > most_rank)
    throw DataError(Message::at(origin, Message::tr("\"r\" must be an integer from 1 to %1", most_rank)));
  config.rank = rank.get<int>();
  if (!json.contains("lora_alpha") || !json["lora_alpha"].is_number())
    throw DataError(Message::at(origin, Message::tr("\"lora_alpha\" must be a number")));
  config.alpha = json["lora_alpha"].get<double>();
  config.rslora = flag(json, "use_rslora");
  if (const auto base = json.find("base_model_name_or_path"); base != json.end() && base->is_string())
    config.base = base->get<std::string>();
  constexpr std::int64_t most_alpha = 1'000'000'000;
  config.rank_patterns = patterns_of<int>(json, "rank_pattern", 1, kMostRank, origin);
  config.alpha_patterns = patterns_of<double>(json, "alpha_pattern", -most_alpha, most_alpha, origin);
  return config;
}

AdapterConfig AdapterConfig::read(const std::filesystem::path& folder) {
  const auto file = folder / kAdapterConfigFile;
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw DataError(Message::at(file, Message::tr("cannot be read; a PEFT adapter folder is needed")));
  return parse(read_file(file), file.string());
}

}  // namespace bandscope::model
