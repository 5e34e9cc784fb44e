// SPDX-License-Identifier: Apache-2.0
// What can be asked of a live run over its control socket: the one table that the engine's server, its command line and
// the window read. An order is a line {"v":1,"command":NAME}; one that changes a setting carries "value" (a number) or
// "enabled" (a switch).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema/live_settings.h"

namespace bandscope {

inline constexpr int kControlVersion = 1;

struct Order {
  enum class Kind { pause, resume, stop, checkpoint, status, set };
  Kind kind = Kind::pause;
  const LiveSetting* setting = nullptr;  ///< of `set`
  LiveValue value = false;               ///< of `set`
};

/// "pause", …, "status", and the names of the live settings.
std::vector<std::string_view> order_names();

/// What the command line takes: "pause | resume | … | calibration on|off | momentum X".
std::string orders_help();

/// Of the words behind "control RUN_DIR". Throws SpecError with what is known or needed.
Order order_of(std::span<const std::string> words);
Order order_of(std::string_view name);

/// The line that is sent. The order's value must be allowed.
nlohmann::json to_request(const Order& order);
/// Of a line that was sent. Throws DataError with the reason, without an origin.
Order read_request(std::string_view line);

}  // namespace bandscope
