// SPDX-License-Identifier: Apache-2.0
// Values of a chat template while it is rendered: what Jinja2 takes from Python, as far as chat templates use it.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.h"
#include "training/text/jinja_limits.h"

namespace bandscope::text::jinja {

/// A template that is wrong or unsupported at `line` (from 1), or fails there while it is rendered.
struct TemplateError : MessageError {
  TemplateError(int at, Message message) : MessageError(std::move(message)), line(at) {}
  /// In words for who writes templates.
  TemplateError(int at, std::string text) : TemplateError(at, Message::plain(std::move(text))) {}
  int line;
};

/// What evaluation of a value can throw where the line is not known; the evaluator adds it.
struct ValueError : MessageError {
  using MessageError::MessageError;
  explicit ValueError(std::string text) : MessageError(Message::plain(std::move(text))) {}
};

struct Macro;  // jinja_ast.h
class Value;

using List = std::vector<Value>;
/// Insertion-ordered, as Python's; messages have few keys.
using Dict = std::vector<std::pair<std::string, Value>>;

/// A name or attribute that is not there: false, empty and printed as nothing, an error in most other uses.
struct Undefined {
  Message what;  ///< "'tools' is undefined", for the error
};
struct None {};
/// The one mutable object, which {% set ns.x = … %} changes.
struct Namespace {
  Dict attributes;
};
/// A function of the template environment, by name (raise_exception, range …), or a method bound to its value.
struct Function {
  std::string name;
  std::shared_ptr<const Value> self;  ///< of a method; null otherwise
};

class Value {
 public:
  using Variant = std::variant<Undefined, None, bool, std::int64_t, double, std::shared_ptr<const std::string>,
                               std::shared_ptr<const List>, std::shared_ptr<const Dict>, std::shared_ptr<Namespace>,
                               std::shared_ptr<const Function>, const Macro*>;

  Value() : data_(None{}) {}
  Value(Undefined v) : data_(std::move(v)) {}
  Value(bool v) : data_(v) {}
  Value(std::int64_t v) : data_(v) {}
  Value(double v) : data_(v) {}
  Value(std::string v) : data_(std::make_shared<const std::string>(std::move(v))) {}
  /// Lists and dicts nested beyond kDeepestValue are refused with ValueError: taking them apart would need the stack.
  Value(List v);
  Value(Dict v);
  Value(std::shared_ptr<Namespace> v) : data_(std::move(v)) {}
  Value(Function v);
  Value(const Macro* v) : data_(v) {}
  Value(const char*) = delete;  // would become a bool

  template <class T>
  bool is() const {
    return std::holds_alternative<T>(data_);
  }
  bool is_undefined() const { return is<Undefined>(); }
  bool is_none() const { return is<None>(); }
  bool is_string() const { return is<std::shared_ptr<const std::string>>(); }
  bool is_list() const { return is<std::shared_ptr<const List>>(); }
  bool is_dict() const { return is<std::shared_ptr<const Dict>>(); }
  bool is_namespace() const { return is<std::shared_ptr<Namespace>>(); }
  bool is_integer() const { return is<std::int64_t>(); }
  bool is_number() const { return is<bool>() || is_integer() || is<double>(); }
  bool is_callable() const { return is<std::shared_ptr<const Function>>() || is<const Macro*>(); }

  const std::string& string() const { return *std::get<std::shared_ptr<const std::string>>(data_); }
  const List& list() const { return *std::get<std::shared_ptr<const List>>(data_); }
  const Dict& dict() const { return *std::get<std::shared_ptr<const Dict>>(data_); }
  Namespace& name_space() const { return *std::get<std::shared_ptr<Namespace>>(data_); }
  const Function& function() const { return *std::get<std::shared_ptr<const Function>>(data_); }
  const Variant& variant() const { return data_; }

  bool truth() const;
  /// Integer value of an integer or truth value; throws ValueError otherwise.
  std::int64_t integer() const;
  /// Value of any number; throws ValueError otherwise.
  double number() const;

 private:
  void nest(int below);

  Variant data_;
  int depth_ = 0;  ///< nesting of lists, dicts and bound methods below
};

/// Python's name of the type ("str", "list" …), for messages.
std::string type_name(const Value& value);
/// Throws ValueError with the undefined name when `value` is undefined.
void require_defined(const Value& value);
const Value* find(const Dict& dict, std::string_view key);
/// The same, charged for what it looks through.
const Value* find(const Dict& dict, std::string_view key, Budget& budget);

/// Python's str(); repr() for what stands inside lists and dicts. Throws ValueError when nested too deep or too long.
std::string to_text(const Value& value);
std::string to_repr(const Value& value);
/// Python's json.dumps(value, ensure_ascii=False); indent < 0 for one line.
std::string to_json(const Value& value, int indent);

/// Work is charged to `budget`, as shared parts can make a small value large to compare.
bool equal(const Value& a, const Value& b, Budget& budget);
/// −1, 0 or 1; throws ValueError for types that have no order.
int compare(const Value& a, const Value& b, Budget& budget);
/// Python's `needle in haystack`.
bool contains(const Value& haystack, const Value& needle, Budget& budget);
/// Elements of a list, keys of a dict, characters of a string; nothing of an undefined value. Throws ValueError.
List iterate(const Value& value, Budget& budget);
std::int64_t length_of(const Value& value);
/// Bytes or elements, for the budget.
std::size_t size_of(const Value& value);

/// At most about 60 bytes of a name that a message quotes.
std::string short_name(std::string_view name);

/// The characters of valid UTF-8, one string each.
std::vector<std::string_view> characters_of(std::string_view text);

}  // namespace bandscope::text::jinja
