// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/task_yaml.h"

#include <yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <optional>

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

/// What libyaml's parser found, in the order of the text.
struct Event {
  yaml_event_type_t type = YAML_NO_EVENT;
  std::string text;  ///< of a scalar; of an alias the anchor's name
  std::string tag, anchor;
  bool plain = false;  ///< a scalar that is neither quoted nor a block, and has no tag
  int line = 0;
};

std::string text_of(const yaml_char_t* text) { return text ? reinterpret_cast<const char*>(text) : std::string(); }

class Events {
 public:
  /// Both must outlive it.
  Events(const std::string& text, const std::filesystem::path& file) : text_(text), file_(file) {
    if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Events() { yaml_parser_delete(&parser_); }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  Event next() {
    yaml_event_t raw;
    if (!yaml_parser_parse(&parser_, &raw)) fail();
    const std::unique_ptr<yaml_event_t, void (*)(yaml_event_t*)> owner(&raw, &yaml_event_delete);
    Event event;
    event.type = raw.type;
    event.line = static_cast<int>(raw.start_mark.line) + 1;
    if (raw.type == YAML_ALIAS_EVENT) {
      event.text = text_of(raw.data.alias.anchor);
    } else if (raw.type == YAML_SCALAR_EVENT) {
      const auto& scalar = raw.data.scalar;
      event.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
      event.tag = text_of(scalar.tag);
      event.anchor = text_of(scalar.anchor);
      event.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && event.tag.empty();
    } else if (raw.type == YAML_SEQUENCE_START_EVENT) {
      event.tag = text_of(raw.data.sequence_start.tag);
      event.anchor = text_of(raw.data.sequence_start.anchor);
    } else if (raw.type == YAML_MAPPING_START_EVENT) {
      event.tag = text_of(raw.data.mapping_start.tag);
      event.anchor = text_of(raw.data.mapping_start.anchor);
    }
    return event;
  }

 private:
  [[noreturn]] void fail() const {
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    // What cannot be read as characters has a place in bytes only.
    const std::size_t before = std::min(parser_.problem_offset, text_.size());
    const auto line = parser_.error == YAML_READER_ERROR
                          ? std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(before), '\n') + 1
                          : static_cast<std::ptrdiff_t>(parser_.problem_mark.line) + 1;
    const std::string problem = parser_.problem ? parser_.problem : "not YAML";
    throw SpecError(Message::tr("%1, line %2: %3", file_, line, printable(problem)), "", static_cast<int>(line));
  }

  const std::string& text_;
  const std::filesystem::path& file_;
  yaml_parser_t parser_;
};

class TreeReader {
 public:
  TreeReader(std::string text, const std::filesystem::path& file)
      : file_(std::make_shared<const std::filesystem::path>(file)), text_(std::move(text)), events_(text_, *file_) {}

  TaskNode read_document() {
    events_.next();  // of the stream
    if (events_.next().type != YAML_DOCUMENT_START_EVENT) return {};
    TaskNode root = read(events_.next(), 0);
    events_.next();  // the document's end
    const Event after = events_.next();
    if (after.type != YAML_STREAM_END_EVENT)
      throw SpecError(Message::tr("%1, line %2: %3", *file_, after.line,
                                  Message::tr("another document begins, and a task file is one")),
                      "", after.line);
    return root;
  }

 private:
  TaskNode read(const Event& event, int depth) {
    TaskNode out;
    out.file = file_;
    out.line = event.line;
    if (depth > kDeepestNesting) out.fail(Message::tr("nested more than %1 deep", kDeepestNesting));
    if (event.type == YAML_ALIAS_EVENT) return written_out(event, depth, out);
    count(out);
    if (!event.anchor.empty()) anchors_[event.anchor] = std::nullopt;  // until it is whole
    const std::string& tag = event.tag;
    if (tag == "!function") {
      out.kind = TaskNode::Kind::function;
      out.text = event.text;
      if (event.type != YAML_SCALAR_EVENT) out.fail(Message::tr("the tag \"%1\" is not read", printable(tag)));
    } else if (!tag.empty() && tag != "!" && tag != "tag:yaml.org,2002:str") {
      out.fail(Message::tr("the tag \"%1\" is not read", printable(tag)));
    } else if (event.type == YAML_SEQUENCE_START_EVENT) {
      out.kind = TaskNode::Kind::list;
      for (Event item = events_.next(); item.type != YAML_SEQUENCE_END_EVENT; item = events_.next())
        out.items.push_back(read(item, depth + 1));
    } else if (event.type == YAML_MAPPING_START_EVENT) {
      out.kind = TaskNode::Kind::map;
      map(out, depth);
    } else {
      out.text = event.text;
      out.scalar = event.plain ? typed(out.text) : Json(out.text);
      count_text(out);
    }
    if (!event.anchor.empty()) anchors_[event.anchor] = out;
    return out;
  }

  void count(const TaskNode& node) {
    if (++values_ > kMostTaskValues)
      node.fail(Message::tr("more than %1 values, aliases written out", kMostTaskValues));
  }
  void count_text(const TaskNode& node) {
    bytes_ += node.text.size();
    if (bytes_ > 8 * kMostTaskBytes) node.fail(Message::tr("too much text, aliases written out"));
  }

  /// A copy of what has the anchor.
  TaskNode written_out(const Event& event, int depth, const TaskNode& here) {
    const auto anchor = anchors_.find(event.text);
    if (anchor == anchors_.end()) here.fail(Message::tr("nothing before is called \"&%1\"", printable(event.text)));
    if (!anchor->second) here.fail(Message::tr("\"*%1\" is a part of what it stands for", printable(event.text)));
    count_all(*anchor->second, depth);
    return *anchor->second;
  }
  void count_all(const TaskNode& node, int depth) {
    if (depth > kDeepestNesting) node.fail(Message::tr("nested more than %1 deep", kDeepestNesting));
    count(node);
    count_text(node);
    for (const TaskNode& item : node.items) count_all(item, depth + 1);
    for (const auto& [key, value] : node.entries) count_all(value, depth + 1);
  }

  void map(TaskNode& out, int depth) {
    std::vector<std::pair<std::string, TaskNode>> merged;
    for (Event entry = events_.next(); entry.type != YAML_MAPPING_END_EVENT; entry = events_.next()) {
      TaskNode key = read(entry, depth + 1);
      if (key.kind != TaskNode::Kind::scalar) key.fail(Message::tr("a key is a name, not a list or a map"));
      TaskNode value = read(events_.next(), depth + 1);
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
  std::string text_;
  Events events_;
  std::map<std::string, std::optional<TaskNode>> anchors_;
  std::size_t values_ = 0, bytes_ = 0;
};

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
  const TaskNode root = TreeReader(text::to_valid_utf8(text), file).read_document();
  if (root.kind != TaskNode::Kind::map)
    throw SpecError(Message::at(file, Message::tr("not a map of keys and values, as a task file is")));
  return root;
}

TaskNode read_task_yaml(const std::filesystem::path& file) {
  return parse_task_yaml(read_file(file, kMostTaskBytes), file);
}

}  // namespace bandscope::evaluation
