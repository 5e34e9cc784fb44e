// SPDX-License-Identifier: Apache-2.0
#include "core/run/run_card.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <sstream>

#include "core/input/json.h"
#include "core/input/toml.h"
#include "core/spec/spec_document.h"

namespace bandscope {
namespace {

std::string pair_key_of(toml::table spec) {
  if (spec.empty()) return {};
  if (auto* run = spec["run"].as_table()) {
    for (const char* own : {"name", "resume", "device"}) run->erase(own);
  }
  spec.erase("calibration");
  std::ostringstream key;
  key << spec;  // a table is sorted by key, so equal specs print equally
  return key.str();
}

constexpr std::array varied_keys = {"run.seed",
                                    "model.dtype",
                                    "model.tuning",
                                    "model.lora.rank",
                                    "calibration.enabled",
                                    "calibration.momentum",
                                    "calibration.granularity",
                                    "scores.scope",
                                    "optimizer.name",
                                    "optimizer.learning_rate",
                                    "training.batch_size",
                                    "training.epochs",
                                    "training.steps"};
constexpr std::size_t most_settings = 40, longest_setting = 100;

/// Nothing for what is no single value, or a long one.
std::optional<std::string> setting_of(const toml::node* node) {
  if (!node) return std::nullopt;
  std::optional<std::string> text;
  if (const auto* string = node->as_string()) text = string->get();
  if (const auto* integer = node->as_integer()) text = std::to_string(integer->get());
  if (const auto* number = node->as_floating_point()) text = toml_number(number->get());
  if (const auto* flag = node->as_boolean()) text = flag->get() ? "true" : "false";
  return text && text->size() <= longest_setting ? text : std::nullopt;
}

std::map<std::string, std::string> settings_of(const toml::table& spec) {
  std::map<std::string, std::string> settings;
  for (const char* key : varied_keys) {
    if (const auto value = setting_of(spec.at_path(key).node())) settings[key] = *value;
  }
  if (const auto* objective = spec["objective"].as_table()) {
    for (const auto& [key, node] : *objective) {
      const auto value = setting_of(&node);
      if (value && key.length() <= longest_setting && settings.size() < most_settings)
        settings["objective." + std::string(key.str())] = *value;
    }
  }
  return settings;
}

std::int64_t planned_steps_of(const toml::table& spec, std::string_view environment_json) {
  std::int64_t steps = spec.at_path("training.steps").value_or(std::int64_t{0});
  if (const auto environment = try_json(environment_json); environment && environment->is_object()) {
    const auto planned = environment->find("planned_steps");
    if (planned != environment->end() && planned->is_number_integer()) steps = planned->get<std::int64_t>();
  }
  return std::max<std::int64_t>(steps, 0);
}

}  // namespace

RunCard read_run_card(std::string_view spec_toml, std::string_view environment_json) {
  RunCard card;
  toml::table spec;
  try {
    spec = parse_toml(spec_toml);
  } catch (const TomlError& problem) {
    card.problem = problem.message();
  }
  const auto text = [&spec](std::string_view key, std::string& to) {
    if (const auto value = spec.at_path(key).value<std::string>()) to = *value;
  };
  text("run.name", card.name);
  text("objective.name", card.objective);
  text("objective.likelihood", card.likelihood);
  text("model.path", card.model);
  text("model.tuning", card.tuning);
  text("data.train", card.data);
  text("scores.scope", card.scope);
  card.calibrated = spec.at_path("calibration.enabled").value_or(false);
  card.planned_steps = planned_steps_of(spec, environment_json);
  card.settings = settings_of(spec);
  card.pair_key = pair_key_of(std::move(spec));
  return card;
}

std::string short_name(const std::string& path) {
  const std::filesystem::path whole(path);
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace bandscope
