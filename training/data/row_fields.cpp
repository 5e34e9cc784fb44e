// SPDX-License-Identifier: Apache-2.0
#include "training/data/row_fields.h"

#include "core/input/printable.h"

namespace bandscope::data::row_fields {

std::string quoted(const std::string& key) { return "\"" + printable(key) + "\""; }

std::string kind_of(const RowValue& value) {
  const std::string name = value.type_name();
  return name == "null" ? name : (name == "array" || name == "object" ? "an " : "a ") + name;
}

const RowValue* find(const RowValue& row, const char* key) {
  const auto found = row.find(key);
  return found == row.end() || found->is_null() ? nullptr : &*found;
}

const std::string& text_of(const RowValue& value, const std::string& place) {
  if (!value.is_string()) throw RowProblem(place + " is " + kind_of(value) + ", a string is needed");
  return value.get_ref<const std::string&>();
}

const RowValue& member(const RowValue& object, const char* key, const std::string& place) {
  if (!object.is_object())
    throw RowProblem(place + " is " + kind_of(object) + ", an object with " + quoted(key) + " is needed");
  const RowValue* value = find(object, key);
  if (value == nullptr) throw RowProblem(place + " lacks " + quoted(key));
  return *value;
}

std::string keys_of(const RowValue& row) {
  std::string keys;
  for (const auto& [key, value] : row.items()) {
    if (keys.size() > 200) return keys + ", …";
    keys += (keys.empty() ? "" : ", ") + printable(key);
  }
  return keys.empty() ? "no keys" : "the keys " + keys;
}

}  // namespace bandscope::data::row_fields
