// SPDX-License-Identifier: Apache-2.0
#include "training/model/config_keys.h"

#include <limits>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::model {

using Json = nlohmann::json;

void ConfigKeys::fail(const char* key, const Message& what) const {
  throw DataError(Message::at(origin_, Message::tr("\"%1\" %2", key, what)));
}

std::int64_t ConfigKeys::integer(const char* key, std::optional<std::int64_t> fallback) const {
  if (!has(key)) {
    if (!fallback) fail(key, Message::tr("is missing"));
    return *fallback;
  }
  const Json& value = object_[key];
  if (!value.is_number_integer()) fail(key, Message::tr("is not an integer"));
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    fail(key, Message::tr("is too large"));
  return value.get<std::int64_t>();
}

std::int64_t ConfigKeys::positive(const char* key, std::int64_t most, std::optional<std::int64_t> fallback) const {
  const std::int64_t value = integer(key, fallback);
  if (value < 1 || value > most) fail(key, Message::tr("is %1; 1 to %2 is supported", value, most));
  return value;
}

double ConfigKeys::number(const char* key, double fallback) const {
  if (!has(key)) return fallback;
  if (!object_[key].is_number()) fail(key, Message::tr("is not a number"));
  return object_[key].get<double>();
}

double ConfigKeys::above_zero(const char* key, double fallback) const {
  const double value = number(key, fallback);
  if (!(value > 0)) fail(key, Message::tr("must be > 0"));
  return value;
}

bool ConfigKeys::boolean(const char* key, bool fallback) const {
  if (!has(key)) return fallback;
  if (!object_[key].is_boolean()) fail(key, Message::tr("is not true or false"));
  return object_[key].get<bool>();
}

std::string ConfigKeys::text(const char* key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  if (!object_[key].is_string()) fail(key, Message::tr("is not a string"));
  return object_[key].get<std::string>();
}

void ConfigKeys::require(const char* key, double only) const {
  if (number(key, only) != only)
    fail(key, Message::tr("is %1; only %2 is supported for this family", short_dump(object_[key]), short_dump(only)));
}

void ConfigKeys::refuse_unknown(const std::set<std::string_view>& known) const {
  for (const auto& [key, value] : object_.items()) {
    if (known.contains(key) || key.starts_with('_')) continue;
    const bool nothing = value.is_null() || value == false || (value.is_number() && value == 0) || value == "" ||
                         (value.is_structured() && value.empty());
    if (nothing) continue;
    const std::string name = printable(key);
    throw DataError(Message::at(
        origin_,
        Message::tr("\"%1\" is no setting that is known for this kind of model, and it may change what is computed; "
                    "remove it where it does not",
                    name)));
  }
}

void ConfigKeys::allow_only(const std::set<std::string_view>& known, const Message& otherwise) const {
  for (const auto& [key, value] : object_.items())
    if (!known.contains(key) && !value.is_null()) fail(printable(key).c_str(), otherwise);
}

}  // namespace bandscope::model
