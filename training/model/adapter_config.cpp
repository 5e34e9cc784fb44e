// SPDX-License-Identifier: Apache-2.0
#include "training/model/adapter_config.h"

#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "core/input/json.h"
#include "core/spec/key_rules.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

/// True when `key` is there and true; absent and null are PEFT's "no".
bool flag(const Json& config, const char* key) {
  return config.contains(key) && config[key].is_boolean() && config[key].get<bool>();
}

bool empty(const Json& config, const char* key) {
  return !config.contains(key) || config[key].is_null() ||
         ((config[key].is_array() || config[key].is_object()) && config[key].empty());
}

/// PEFT options that change the result and that this engine does not compute.
void refuse_unsupported(const Json& config, const std::string& origin) {
  const auto fail = [&](const std::string& key, const Message& what) {
    throw DataError(Message::at(origin, Message::tr("\"%1\" %2", key, what)));
  };
  for (const char* key : {"use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora"})
    if (flag(config, key)) fail(key, Message::tr("is true, which is not supported"));
  if (config.contains("bias") && !config["bias"].is_null() && config["bias"] != "none")
    fail("bias", Message::tr("must be \"none\""));
  for (const char* key : {"rank_pattern", "alpha_pattern"})
    if (!empty(config, key)) fail(key, Message::tr("is not empty, which is not supported"));
  for (const char* key : {"modules_to_save", "layer_replication", "target_parameters", "trainable_token_indices",
                          "corda_config", "eva_config", "alora_invocation_tokens"})
    if (!empty(config, key)) fail(key, Message::tr("is set, which is not supported"));
}

}  // namespace

double AdapterConfig::scale() const { return rslora ? alpha / std::sqrt(static_cast<double>(rank)) : alpha / rank; }

AdapterConfig AdapterConfig::parse(std::string_view text, const std::string& origin) {
  const Json json = parse_json(text, origin);
  if (!json.is_object()) throw DataError(Message::at(origin, Message::tr("not a JSON object")));
  if (!json.contains("peft_type") || json["peft_type"] != "LORA")
    throw DataError(Message::at(
        origin, Message::tr("\"peft_type\" is %1; LORA is supported", short_dump(json.value("peft_type", Json())))));
  refuse_unsupported(json, origin);
  AdapterConfig config;
  constexpr auto most_rank = static_cast<std::uint64_t>(kMostRank);
  const Json rank = json.value("r", Json());
  if (!rank.is_number_unsigned() || rank.get<std::uint64_t>() < 1 || rank.get<std::uint64_t>() > most_rank)
    throw DataError(Message::at(origin, Message::tr("\"r\" must be an integer from 1 to %1", most_rank)));
  config.rank = rank.get<int>();
  if (!json.contains("lora_alpha") || !json["lora_alpha"].is_number())
    throw DataError(Message::at(origin, Message::tr("\"lora_alpha\" must be a number")));
  config.alpha = json["lora_alpha"].get<double>();
  config.rslora = flag(json, "use_rslora");
  if (const auto targets = json.find("target_modules"); targets != json.end() && targets->is_array())
    for (const Json& target : *targets)
      if (target.is_string()) config.targets.push_back(target.get<std::string>());
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
