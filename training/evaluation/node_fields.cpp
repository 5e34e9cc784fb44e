// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/node_fields.h"

#include <algorithm>

#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::evaluation {

void refuse_functions(const TaskNode& node, const std::string& key) {
  if (node.kind == TaskNode::Kind::function)
    node.fail(Message::tr("%1 is a Python function (%2), which is not run; a template, a column or a list is needed",
                          key, printable(node.text)));
  for (const TaskNode& item : node.items) refuse_functions(item, key);
  for (const auto& [name, value] : node.entries) refuse_functions(value, key.empty() ? name : key + "." + name);
}

NodeFields::NodeFields(const TaskNode& map, std::string_view what, std::initializer_list<std::string_view> allowed)
    : map_(map) {
  if (map.kind != TaskNode::Kind::map) map.fail(Message::tr("%1 is a map of keys and values", what));
  for (const auto& [key, value] : map.entries) {
    if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
    std::string names;
    for (const std::string_view name : allowed) names += (names.empty() ? "" : ", ") + std::string(name);
    value.fail(Message::tr("the key \"%1\" of %2 is not read; allowed are %3", printable(key), what, names));
  }
}

const TaskNode* NodeFields::get(std::string_view key) const {
  const TaskNode* node = map_.find(key);
  if (node == nullptr || node->is_null()) return nullptr;
  if (node->kind == TaskNode::Kind::function) refuse_functions(*node, std::string(key));
  return node;
}

void NodeFields::fail_type(std::string_view key, const Message& needed) const {
  const TaskNode& node = *map_.find(key);
  node.fail(Message::tr("%1 is %2, %3 is needed", std::string(key), type_of(nlohmann::json(node.json())), needed));
}

std::string NodeFields::text(std::string_view key, const std::string& absent) const {
  const TaskNode* node = get(key);
  if (node == nullptr) return absent;
  if (!node->is_text()) fail_type(key, Message::tr("a text (in quotes where it looks like a number or truth value)"));
  return node->scalar.get<std::string>();
}

bool NodeFields::flag(std::string_view key, bool absent) const {
  const TaskNode* node = get(key);
  if (node == nullptr) return absent;
  if (!node->scalar.is_boolean()) fail_type(key, Message::tr("true or false"));
  return node->scalar.get<bool>();
}

std::int64_t NodeFields::whole(std::string_view key, std::int64_t absent, std::int64_t least, std::int64_t most) const {
  const TaskNode* node = get(key);
  if (node == nullptr) return absent;
  if (!node->scalar.is_number_integer()) fail_type(key, Message::tr("a whole number"));
  const auto value = node->scalar.get<std::int64_t>();
  if (value < least || value > most)
    node->fail(Message::tr("%1 is %2, allowed are %3 to %4", std::string(key), value, least, most));
  return value;
}

double NodeFields::number(std::string_view key, double absent, double least, double most) const {
  const TaskNode* node = get(key);
  if (node == nullptr) return absent;
  if (!node->scalar.is_number()) fail_type(key, Message::tr("a number"));
  const auto value = node->scalar.get<double>();
  if (!(value >= least && value <= most))
    node->fail(Message::tr("%1 is %2, allowed are %3 to %4", std::string(key), node->text, Json(least).dump(),
                           Json(most).dump()));
  return value;
}

std::vector<std::string> NodeFields::texts(std::string_view key) const {
  const TaskNode* node = get(key);
  if (node == nullptr) return {};
  if (node->is_text()) return {node->scalar.get<std::string>()};
  std::vector<std::string> out;
  if (node->kind != TaskNode::Kind::list) fail_type(key, Message::tr("a list of texts"));
  for (const TaskNode& item : node->items) {
    if (!item.is_text()) item.fail(Message::tr("%1 is a list of texts; this one needs quotes", std::string(key)));
    out.push_back(item.scalar.get<std::string>());
  }
  return out;
}

const std::vector<TaskNode>& NodeFields::list(std::string_view key) const {
  const TaskNode* node = get(key);
  if (node->kind != TaskNode::Kind::list) fail_type(key, Message::tr("a list"));
  return node->items;
}

}  // namespace bandscope::evaluation
