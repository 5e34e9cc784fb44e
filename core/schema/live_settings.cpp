// SPDX-License-Identifier: Apache-2.0
#include "core/schema/live_settings.h"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "core/error.h"
#include "core/input/json.h"
#include "core/spec/key_rules.h"

namespace bandscope {
namespace {

/// Shortest text that reads back as the same number.
std::string written(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
  return {text.data(), end.ptr};
}

}  // namespace

LiveValue read_live_value(const LiveSetting& setting, const nlohmann::json& value, std::string_view key) {
  const auto fail = [&](const char* what) { throw DataError("\"" + std::string(key) + "\" " + what); };
  if (setting.is_switch()) {
    if (!value.is_boolean()) fail("must be true or false");
    return value.get<bool>();
  }
  if (!value.is_number()) fail("must be a number");
  if (!setting.allows(value.get<double>())) fail("is out of range");
  return value.get<double>();
}

LiveSettings live_settings(const RunSpec& spec) {
  return {spec.calibration.enabled, spec.calibration.momentum, spec.optimizer.learning_rate};
}

std::span<const LiveSetting> live_settings_table() {
  static const std::array<LiveSetting, 3> table = {{
      {"calibration", "rc", "reward calibration switched on", "reward calibration switched off",
       &LiveSettings::calibration},
      {"momentum", "momentum", "momentum set to ", "", &LiveSettings::momentum, kMomentum.minimum, kMomentum.maximum},
      {"learning_rate", "learning-rate", "learning rate set to ", "", &LiveSettings::learning_rate, 1e-30, 1e3},
  }};
  return table;
}

const LiveSetting* find_live_setting(std::string_view name) {
  for (const LiveSetting& setting : live_settings_table())
    if (setting.name == name) return &setting;
  return nullptr;
}

LiveValue value_of(const LiveSettings& settings, const LiveSetting& setting) {
  return std::visit([&](auto member) { return LiveValue(settings.*member); }, setting.member);
}

void change(LiveSettings& settings, const LiveSetting& setting, LiveValue value) {
  if (value.index() != setting.member.index()) throw std::logic_error("a live setting got a value of another kind");
  if (setting.is_switch())
    settings.*std::get<0>(setting.member) = std::get<bool>(value);
  else
    settings.*std::get<1>(setting.member) = std::get<double>(value);
}

nlohmann::json to_json(const LiveSettings& settings) {
  nlohmann::json json = nlohmann::json::object();
  for (const LiveSetting& setting : live_settings_table())
    std::visit([&](auto value) { json[std::string(setting.name)] = value; }, value_of(settings, setting));
  return json;
}

nlohmann::json changes(const LiveSettings& before, const LiveSettings& now) {
  nlohmann::json json = to_json(now);
  for (const LiveSetting& setting : live_settings_table())
    if (value_of(before, setting) == value_of(now, setting)) json.erase(std::string(setting.name));
  return json;
}

void update(LiveSettings& settings, const nlohmann::json& json, const std::string& origin) {
  if (!json.is_object()) throw DataError(origin + ": the settings that were changed must be an object");
  LiveSettings now = settings;
  for (const auto& [key, value] : json.items()) {
    const LiveSetting* setting = find_live_setting(key);
    if (setting == nullptr)
      throw DataError(origin + ": \"" + key + "\" is no setting that can be changed while a run goes");
    try {
      change(now, *setting, read_live_value(*setting, value, key));
    } catch (const DataError& problem) {
      throw DataError(origin + ": " + problem.what());
    }
  }
  settings = now;
}

std::string event_text(const LiveSetting& setting, LiveValue value) {
  if (setting.is_switch()) return std::string(std::get<bool>(value) ? setting.said : setting.said_off);
  return std::string(setting.said) + written(std::get<double>(value));
}

bool apply_event(LiveSettings& settings, std::string_view kind, std::string_view message) {
  for (const LiveSetting& setting : live_settings_table()) {
    if (setting.event_kind != kind) continue;
    if (setting.is_switch()) {
      if (message != setting.said && message != setting.said_off) return false;
      change(settings, setting, message == setting.said);
      return true;
    }
    if (!message.starts_with(setting.said)) return false;
    message.remove_prefix(setting.said.size());
    double value = 0;
    const auto end = std::from_chars(message.data(), message.data() + message.size(), value);
    if (end.ec != std::errc() || end.ptr != message.data() + message.size() || !setting.allows(value)) return false;
    change(settings, setting, value);
    return true;
  }
  return false;
}

}  // namespace bandscope
