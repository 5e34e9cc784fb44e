// SPDX-License-Identifier: Apache-2.0
// What of a run can be changed while it goes, and the one form of it: in the answers of the control socket, in
// checkpoints, between the processes of a run, and in the events that mark each change in the record.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/schema/message.h"
#include "core/spec/run_spec.h"

namespace bandscope {

struct LiveSettings {
  bool calibration = false;  ///< reward calibration: calibration.enabled
  double momentum = 0;       ///< of calibration's averages: calibration.momentum
  double learning_rate = 0;  ///< that the schedule scales: optimizer.learning_rate
  bool operator==(const LiveSettings&) const = default;
};

/// As the spec has them.
LiveSettings live_settings(const RunSpec& spec);

using LiveValue = std::variant<bool, double>;

/// One setting: the row of the table.
struct LiveSetting {
  std::string_view name;             ///< of the order, in JSON, and of the member above
  std::string_view event_kind;       ///< of the record's events
  Message (*said)(LiveValue value);  ///< the event's message; a number is at the sentence's end
  std::variant<bool LiveSettings::*, double LiveSettings::*> member;
  double minimum = 0, maximum = 0;  ///< a number x is allowed where minimum <= x < maximum

  bool is_switch() const { return member.index() == 0; }
  bool allows(double value) const { return value >= minimum && value < maximum; }
};

std::span<const LiveSetting> live_settings_table();
/// nullptr when there is none.
const LiveSetting* find_live_setting(std::string_view name);

LiveValue value_of(const LiveSettings& settings, const LiveSetting& setting);
/// The value must be of the setting's kind.
void change(LiveSettings& settings, const LiveSetting& setting, LiveValue value);

/// {"calibration": true, "momentum": 0.98, "learning_rate": 5e-7}
nlohmann::json to_json(const LiveSettings& settings);
/// Only the settings in which `now` differs from `before`, in the same form.
nlohmann::json changes(const LiveSettings& before, const LiveSettings& now);
/// Takes what `json` has, which may be a part of the settings. Throws DataError "ORIGIN: "KEY" …" for an unknown key, a
/// value of another type, or one out of range; `settings` is unchanged then.
void update(LiveSettings& settings, const nlohmann::json& json, const std::string& origin);

/// A value that was sent or kept for a setting. Throws DataError "\"KEY\" must be …" without an origin.
LiveValue read_live_value(const LiveSetting& setting, const nlohmann::json& value, std::string_view key);

/// What the event that marks a change says ("momentum set to 0.5").
Message event_message(const LiveSetting& setting, LiveValue value);
/// Takes the change that an event marks into `settings`; false for events of other kinds or texts.
bool apply_event(LiveSettings& settings, std::string_view kind, std::string_view english);

}  // namespace bandscope
