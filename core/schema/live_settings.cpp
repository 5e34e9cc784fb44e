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
std::string written(LiveValue value) {
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::get<double>(value), std::chars_format::general);
  return {text.data(), end.ptr};
}

}  // namespace

LiveValue read_live_value(const LiveSetting& setting, const nlohmann::json& value, std::string_view key) {
  if (setting.is_switch()) {
    if (!value.is_boolean()) throw DataError(Message::tr("\"%1\" must be true or false", key));
    return value.get<bool>();
  }
  if (!value.is_number()) throw DataError(Message::tr("\"%1\" must be a number", key));
  if (!setting.allows(value.get<double>())) throw DataError(Message::tr("\"%1\" is out of range", key));
  return value.get<double>();
}

LiveSettings live_settings(const RunSpec& spec) {
  return {spec.calibration.enabled, spec.calibration.momentum, spec.optimizer.learning_rate};
}

std::span<const LiveSetting> live_settings_table() {
  static const std::array<LiveSetting, 3> table = {{
      {"calibration", "rc",
       [](LiveValue value) {
         return std::get<bool>(value) ? Message::tr("reward calibration switched on")
                                      : Message::tr("reward calibration switched off");
       },
       &LiveSettings::calibration},
      {"momentum", "momentum", [](LiveValue value) { return Message::tr("momentum set to %1", written(value)); },
       &LiveSettings::momentum, kMomentum.minimum, kMomentum.maximum},
      {"learning_rate", "learning-rate",
       [](LiveValue value) { return Message::tr("learning rate set to %1", written(value)); },
       &LiveSettings::learning_rate, 1e-30, 1e3},
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
  if (!json.is_object()) throw DataError(Message::tr("%1: the settings that were changed must be an object", origin));
  LiveSettings now = settings;
  for (const auto& [key, value] : json.items()) {
    const LiveSetting* setting = find_live_setting(key);
    if (setting == nullptr)
      throw DataError(Message::tr("%1: \"%2\" is no setting that can be changed while a run goes", origin, key));
    try {
      change(now, *setting, read_live_value(*setting, value, key));
    } catch (const DataError& problem) {
      throw DataError(Message::at(origin, problem.message()));
    }
  }
  settings = now;
}

Message event_message(const LiveSetting& setting, LiveValue value) { return setting.said(value); }

bool apply_event(LiveSettings& settings, std::string_view kind, std::string_view english) {
  for (const LiveSetting& setting : live_settings_table()) {
    if (setting.event_kind != kind) continue;
    if (setting.is_switch()) {
      const bool on = english == setting.said(true).english();
      if (!on && english != setting.said(false).english()) return false;
      change(settings, setting, on);
      return true;
    }
    const std::string sentence = setting.said(0.0).text();
    const auto before = std::string_view(sentence).substr(0, sentence.find("%1"));
    if (!english.starts_with(before)) return false;
    english.remove_prefix(before.size());
    double value = 0;
    const auto end = std::from_chars(english.data(), english.data() + english.size(), value);
    if (end.ec != std::errc() || end.ptr != english.data() + english.size() || !setting.allows(value)) return false;
    change(settings, setting, value);
    return true;
  }
  return false;
}

}  // namespace bandscope
