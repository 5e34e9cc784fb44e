// SPDX-License-Identifier: Apache-2.0
#include "core/run/label_file.h"

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"

namespace bandscope {
namespace {

using Json = nlohmann::json;
constexpr std::uint64_t longest_file = 1 << 20;

void require_label(const std::string& key, const Json& value) {
  const auto is_text = [](const Json& item) { return item.is_string(); };
  if (key == "starred") {
    if (!value.is_boolean()) throw SpecError(Message::tr("key \"%1\" must be true or false", key));
  } else if (key == "tags") {
    if (!value.is_array() || !std::ranges::all_of(value, is_text))
      throw SpecError(Message::tr("key \"tags\" must be a list of strings"));
  } else if (key == "note") {
    if (!value.is_string()) throw SpecError(Message::tr("key \"note\" must be a string"));
  } else {
    throw SpecError(Message::tr("key \"%1\" is unknown; allowed: starred, tags, note", key));
  }
}

bool says_nothing(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return value == false || value == Json::array() || (text && text->empty());
}

}  // namespace

std::filesystem::path label_file(const std::filesystem::path& record) {
  if (record.filename() == "run.h5") return record.parent_path() / "labels.json";
  // As Qt's completeBaseName(): up to the last dot.
  return record.parent_path() / (record.stem().string() + ".labels.json");
}

Json read_label_file(const std::filesystem::path& record) {
  const auto file = label_file(record);
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown)) return Json::object();
  Json object = read_json(file, longest_file);
  if (!object.is_object())
    throw DataError(Message::at(file, Message::tr("is not a JSON object with starred, tags and note")));
  return object;
}

Json checked_labels(const Json& object) {
  Json labels = Json::object();
  for (const char* key : {"starred", "tags", "note"}) {
    const auto at = object.is_object() ? object.find(key) : object.end();
    if (at == object.end()) continue;
    require_label(key, *at);
    if (!says_nothing(*at)) labels[key] = *at;
  }
  return labels;
}

Json change_label_file(const std::filesystem::path& record, const Json& changes) {
  for (const auto& [key, value] : changes.items()) require_label(key, value);
  Json object = read_label_file(record);
  for (const auto& [key, value] : changes.items()) {
    if (says_nothing(value))
      object.erase(key);
    else
      object[key] = value;
  }
  const auto file = label_file(record);
  std::error_code problem;
  if (object.empty()) {
    std::filesystem::remove(file, problem);
    if (problem) throw RunError(Message::at(file, Message::tr("cannot be removed: %1", system_reason(problem))));
    return object;
  }
  const std::string text = object.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
  if (text.size() > longest_file) throw SpecError(Message::tr("labels of %1 bytes are too long", text.size()));
  write_fresh(file, text);
  return object;
}

}  // namespace bandscope
