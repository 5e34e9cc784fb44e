// SPDX-License-Identifier: Apache-2.0
#include "core/run/run_card.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "core/input/json.h"
#include "core/input/toml.h"

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
  card.pair_key = pair_key_of(std::move(spec));
  return card;
}

std::string short_name(const std::string& path) {
  const std::filesystem::path whole(path);
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace bandscope
