// SPDX-License-Identifier: Apache-2.0
// Fields of tokenizer.json and its companions, with errors that name file, place, key and type.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"
#include "core/input/json.h"

namespace bandscope::text {

using Json = nlohmann::json;

/// Reads one JSON object at a time: `where` ("tokenizer.json: pre_tokenizer") begins every message.
class JsonFields {
 public:
  JsonFields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) throw DataError(Message::tr("%1 is %2, an object is needed", where_, type_of(object)));
  }

  bool has(const char* key) const { return object_.contains(key) && !object_[key].is_null(); }

  const Json& child(const char* key) const {
    if (!has(key)) throw DataError(Message::tr("%1 lacks the key \"%2\"", where_, key));
    return object_[key];
  }

  std::string text(const char* key) const {
    const Json& value = child(key);
    if (!value.is_string()) fail(key, value, Message::tr("a string"));
    return value.get<std::string>();
  }

  std::string text(const char* key, const std::string& absent) const { return has(key) ? text(key) : absent; }

  bool flag(const char* key, bool absent) const {
    if (!has(key)) return absent;
    const Json& value = object_[key];
    if (!value.is_boolean()) fail(key, value, Message::tr("true or false"));
    return value.get<bool>();
  }

  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const {
    const Json& value = child(key);
    if (!value.is_number_integer()) fail(key, value, Message::tr("a whole number"));
    const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high)
                                                 : value.get<std::int64_t>() <= high;
    if (!fits || value.get<std::int64_t>() < low) {
      throw DataError(Message::tr("%1 is %2, allowed are %3 to %4", at(key), value.dump(), low, high));
    }
    return value.get<std::int64_t>();
  }

  const Json& list(const char* key) const {
    const Json& value = child(key);
    if (!value.is_array()) fail(key, value, Message::tr("a list"));
    return value;
  }

  std::string type() const { return text("type"); }
  const std::string& where() const { return where_; }
  std::string at(const char* key) const { return where_ + "." + key; }

 private:
  [[noreturn]] void fail(const char* key, const Json& value, const Message& needed) const {
    throw DataError(Message::tr("%1 is %2, %3 is needed", at(key), type_of(value), needed));
  }

  const Json& object_;
  std::string where_;
};

}  // namespace bandscope::text
