// SPDX-License-Identifier: Apache-2.0
#include "core/schema/orders.h"

#include <array>
#include <charconv>

#include "core/error.h"
#include "core/input/json.h"

namespace bandscope {
namespace {

struct Plain {
  std::string_view name;
  Order::Kind kind;
};

constexpr std::array<Plain, 5> plain_orders = {{{"pause", Order::Kind::pause},
                                                {"resume", Order::Kind::resume},
                                                {"stop", Order::Kind::stop},
                                                {"checkpoint", Order::Kind::checkpoint},
                                                {"status", Order::Kind::status}}};

const Plain* find_plain(std::string_view name) {
  for (const Plain& plain : plain_orders)
    if (plain.name == name) return &plain;
  return nullptr;
}

std::string known() {
  const auto names = order_names();
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += std::string(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + std::string(names[i]);
  return text;
}

Message unknown(const std::string& name) { return Message::tr("unknown command \"%1\"; %2 are known", name, known()); }

std::string_view value_key(const LiveSetting& setting) { return setting.is_switch() ? "enabled" : "value"; }

}  // namespace

std::vector<std::string_view> order_names() {
  std::vector<std::string_view> names;
  names.reserve(std::size(plain_orders) + live_settings_table().size());
  for (const Plain& plain : plain_orders) names.push_back(plain.name);
  for (const LiveSetting& setting : live_settings_table()) names.push_back(setting.name);
  return names;
}

std::string orders_help() {
  std::string text;
  for (const Plain& plain : plain_orders) text += std::string(plain.name) + " | ";
  for (const LiveSetting& setting : live_settings_table())
    text += std::string(setting.name) + (setting.is_switch() ? " on|off | " : " X | ");
  return text.substr(0, text.size() - 3);
}

Order order_of(std::span<const std::string> words) {
  if (words.empty()) throw SpecError(Message::tr("a command is needed; %1 are known", known()));
  const std::string& name = words[0];
  if (const Plain* plain = find_plain(name)) {
    if (words.size() != 1) throw SpecError(Message::tr("%1 takes no value", name));
    return {plain->kind};
  }
  const LiveSetting* setting = find_live_setting(name);
  if (setting == nullptr) throw SpecError(unknown(name));
  if (setting->is_switch()) {
    if (words.size() != 2 || (words[1] != "on" && words[1] != "off"))
      throw SpecError(Message::tr("%1 needs on or off", name));
    return {Order::Kind::set, setting, words[1] == "on"};
  }
  double value = 0;
  const std::string text = words.size() == 2 ? words[1] : "";
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec == std::errc::invalid_argument || end.ptr != text.data() + text.size())
    throw SpecError(Message::tr("%1 needs a number", name));
  if (end.ec != std::errc() || !setting->allows(value))
    throw SpecError(Message::tr("\"%1\" is out of range", value_key(*setting)));
  return {Order::Kind::set, setting, value};
}

Order order_of(std::string_view name) {
  const std::string word(name);
  return order_of(std::span(&word, 1));
}

nlohmann::json to_request(const Order& order) {
  nlohmann::json request = {{"v", kControlVersion}};
  if (order.kind == Order::Kind::set) {
    request["command"] = order.setting->name;
    std::visit([&](auto value) { request[std::string(value_key(*order.setting))] = value; }, order.value);
    return request;
  }
  for (const Plain& plain : plain_orders)
    if (plain.kind == order.kind) request["command"] = plain.name;
  return request;
}

Order read_request(std::string_view line) {
  const std::optional<nlohmann::json> request = try_json(line);
  if (!request || !request->is_object()) throw DataError(Message::tr("not a JSON object"));
  if (!request->contains("v") || (*request)["v"] != kControlVersion)
    throw DataError(Message::tr("\"v\" must be %1", kControlVersion));
  if (!request->contains("command") || !(*request)["command"].is_string())
    throw DataError(Message::tr("\"command\" must be a string"));
  const std::string name = (*request)["command"].get<std::string>();
  if (const Plain* plain = find_plain(name)) return {plain->kind};
  const LiveSetting* setting = find_live_setting(name);
  if (setting == nullptr) throw DataError(unknown(name));
  const std::string key(value_key(*setting));
  return {Order::Kind::set, setting, read_live_value(*setting, request->value(key, nlohmann::json()), key)};
}

}  // namespace bandscope
