// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/task_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/text/utf8.h"

namespace bandscope::evaluation {
namespace {

bool among(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Whole numbers as YAML 1.1 writes them: 12, 1_000, 0x1F, 0b11, 017.
bool whole_number(const std::string& text, Json& out) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits += c;
  const bool minus = digits.starts_with('-');
  if (minus || digits.starts_with('+')) digits.erase(0, 1);
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0b")) {
    base = digits[1] == 'x' ? 16 : 2;
    digits.erase(0, 2);
  } else if (digits.size() > 1 && digits[0] == '0') {
    base = 8;
  }
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, base);
  if (digits.empty() || digits[0] == '-' || parsed.ec != std::errc() || parsed.ptr != end) return false;
  out = minus ? -value : value;
  return true;
}

bool real_number(const std::string& text, Json& out) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits += c;
  const bool sign = digits.starts_with('-') || digits.starts_with('+');
  const std::string bare = digits.substr(sign ? 1 : 0);
  if (bare.empty() || bare.find('.') == std::string::npos ||
      !(std::isdigit(static_cast<unsigned char>(bare[0])) != 0 || bare[0] == '.'))
    return false;
  // An exponent needs its sign in YAML 1.1: 1.0e3 is a text.
  const std::size_t exponent = bare.find_first_of("eE");
  if (exponent != std::string::npos &&
      (exponent + 1 >= bare.size() || (bare[exponent + 1] != '-' && bare[exponent + 1] != '+')))
    return false;
  double value = 0;
  std::string plain = bare;
  if (exponent != std::string::npos && bare[exponent + 1] == '+') plain.erase(exponent + 1, 1);
  const char* end = plain.data() + plain.size();
  const auto parsed = std::from_chars(plain.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return false;
  out = digits.starts_with('-') ? -value : value;
  return true;
}

Json typed(const std::string& text) {
  if (among(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (among(text, {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return true;
  if (among(text, {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return false;
  Json number;
  if (whole_number(text, number) || real_number(text, number)) return number;
  return text;
}

class TreeReader {
 public:
  explicit TreeReader(std::filesystem::path file)
      : file_(std::make_shared<const std::filesystem::path>(std::move(file))) {}

  TaskNode read(const YAML::Node& node, int depth) {
    TaskNode out;
    out.file = file_;
    out.line = node.Mark().line + 1;
    if (depth > kDeepestNesting) out.fail(Message::tr("nested more than %1 deep", kDeepestNesting));
    if (++values_ > kMostTaskValues) out.fail(Message::tr("more than %1 values, aliases written out", kMostTaskValues));
    const std::string tag = node.Tag();
    if (tag == "!function") {
      out.kind = TaskNode::Kind::function;
      out.text = node.IsScalar() ? node.Scalar() : std::string();
      return out;
    }
    if (!tag.empty() && tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str")
      out.fail(Message::tr("the tag \"%1\" is not read", printable(tag)));
    if (node.IsSequence()) {
      out.kind = TaskNode::Kind::list;
      for (const YAML::Node& item : node) out.items.push_back(read(item, depth + 1));
    } else if (node.IsMap()) {
      out.kind = TaskNode::Kind::map;
      map(node, out, depth);
    } else if (node.IsScalar()) {
      out.text = text::to_valid_utf8(node.Scalar());
      bytes_ += out.text.size();
      if (bytes_ > 8 * kMostTaskBytes) out.fail(Message::tr("too much text, aliases written out"));
      out.scalar = tag == "?" || tag.empty() ? typed(out.text) : Json(out.text);
    }
    return out;
  }

 private:
  void map(const YAML::Node& node, TaskNode& out, int depth) {
    std::vector<std::pair<std::string, TaskNode>> merged;
    for (const auto& entry : node) {
      TaskNode key = read(entry.first, depth + 1);
      if (key.kind != TaskNode::Kind::scalar) key.fail(Message::tr("a key is a name, not a list or a map"));
      TaskNode value = read(entry.second, depth + 1);
      if (key.text == "<<") {
        std::vector<TaskNode> sources;
        if (value.kind == TaskNode::Kind::list)
          sources = std::move(value.items);
        else
          sources.push_back(std::move(value));
        for (TaskNode& source : sources) {
          if (source.kind != TaskNode::Kind::map) key.fail(Message::tr("\"<<\" takes a map, or a list of maps"));
          for (auto& inherited : source.entries) merged.push_back(std::move(inherited));
        }
        continue;
      }
      if (out.find(key.text) != nullptr) key.fail(Message::tr("the key \"%1\" is given twice", printable(key.text)));
      out.entries.emplace_back(key.text, std::move(value));
    }
    for (auto& entry : merged)
      if (out.find(entry.first) == nullptr) out.entries.push_back(std::move(entry));
  }

  std::shared_ptr<const std::filesystem::path> file_;
  std::size_t values_ = 0, bytes_ = 0;
};

/// yaml-cpp's own limit lies far deeper than any task file; brackets are counted before it is asked to recurse.
void check_depth(const std::string& text, const std::filesystem::path& file) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') depth = std::max(0, depth - 1);
    if (depth > 4 * kDeepestNesting)
      throw SpecError(Message::at(file, Message::tr("nested more than %1 deep", kDeepestNesting)));
  }
}

}  // namespace

const TaskNode* TaskNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries)
    if (name == key) return &value;
  return nullptr;
}

Json TaskNode::json() const {
  if (kind == Kind::scalar) return scalar;
  if (kind == Kind::function) return "!function " + text;
  if (kind == Kind::list) {
    Json out = Json::array();
    for (const TaskNode& item : items) out.push_back(item.json());
    return out;
  }
  Json out = Json::object();
  for (const auto& [key, value] : entries) out[key] = value.json();
  return out;
}

void TaskNode::fail(const Message& problem) const {
  throw SpecError(Message::tr("%1, line %2: %3", file ? *file : std::filesystem::path(), line, problem), "", line);
}

TaskNode parse_task_yaml(const std::string& text, const std::filesystem::path& file) {
  if (text.size() > kMostTaskBytes)
    throw SpecError(Message::at(file, Message::tr("larger than %1 MiB, which no task file is", kMostTaskBytes >> 20)));
  check_depth(text, file);
  YAML::Node root;
  try {
    root = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw SpecError(Message::tr("%1, line %2: %3", file, error.mark.line + 1, printable(error.msg)), "",
                    error.mark.line + 1);
  }
  if (!root.IsMap()) throw SpecError(Message::at(file, Message::tr("not a map of keys and values, as a task file is")));
  return TreeReader(file).read(root, 0);
}

TaskNode read_task_yaml(const std::filesystem::path& file) {
  return parse_task_yaml(read_file(file, kMostTaskBytes), file);
}

}  // namespace bandscope::evaluation
