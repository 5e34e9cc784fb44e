// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_json.h"

namespace bandscope::text::jinja {

using nlohmann::ordered_json;

Value value_of(const ordered_json& value, std::int64_t& bytes) {
  bytes += 8;
  switch (value.type()) {
    case ordered_json::value_t::boolean:
      return Value(value.get<bool>());
    case ordered_json::value_t::number_integer:
      return Value(value.get<std::int64_t>());
    case ordered_json::value_t::number_unsigned:
      if (value.get<std::uint64_t>() <= INT64_MAX) return Value(value.get<std::int64_t>());
      return Value(value.get<double>());
    case ordered_json::value_t::number_float:
      return Value(value.get<double>());
    case ordered_json::value_t::string:
      bytes += static_cast<std::int64_t>(value.get_ref<const std::string&>().size());
      return Value(value.get<std::string>());
    case ordered_json::value_t::array: {
      List list;
      for (const ordered_json& entry : value) list.push_back(value_of(entry, bytes));
      return Value(std::move(list));
    }
    case ordered_json::value_t::object: {
      Dict dict;
      for (const auto& [key, entry] : value.items()) {
        bytes += static_cast<std::int64_t>(key.size());
        dict.emplace_back(key, value_of(entry, bytes));
      }
      return Value(std::move(dict));
    }
    default:
      return {};
  }
}

}  // namespace bandscope::text::jinja
