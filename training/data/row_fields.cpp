// SPDX-License-Identifier: Apache-2.0
#include "training/data/row_fields.h"

#include "core/input/printable.h"

namespace bandscope::data::row_fields {

Message kind_of(const RowValue& value) {
  if (value.is_array()) return Message::tr("an array");
  if (value.is_object()) return Message::tr("an object");
  if (value.is_string()) return Message::tr("a string");
  if (value.is_number()) return Message::tr("a number");
  if (value.is_boolean()) return Message::tr("a boolean");
  return Message::tr("null");
}

const RowValue* find(const RowValue& row, const char* key) {
  const auto found = row.find(key);
  return found == row.end() || found->is_null() ? nullptr : &*found;
}

const std::string& text_of(const RowValue& value, const std::string& place) {
  if (!value.is_string()) throw RowProblem(Message::tr("%1 is %2, a string is needed", place, kind_of(value)));
  return value.get_ref<const std::string&>();
}

const RowValue& member(const RowValue& object, const char* key, const std::string& place) {
  if (!object.is_object())
    throw RowProblem(Message::tr("%1 is %2, an object with \"%3\" is needed", place, kind_of(object), printable(key)));
  const RowValue* value = find(object, key);
  if (value == nullptr) throw RowProblem(Message::tr("%1 lacks \"%2\"", place, printable(key)));
  return *value;
}

Message keys_of(const RowValue& row) {
  std::string keys;
  for (const auto& [key, value] : row.items()) {
    if (keys.size() > 200) return Message::plain(keys + ", …");
    keys += (keys.empty() ? "" : ", ") + printable(key);
  }
  return keys.empty() ? Message::tr("no keys") : Message::tr("the keys %1", keys);
}

}  // namespace bandscope::data::row_fields
