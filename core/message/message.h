// SPDX-License-Identifier: Apache-2.0
// What core, engine and figures say to people: an English sentence and the values in it, made once where it is said.
// Command lines and records have its English; the window puts the values into its own language's sentence. The
// sentences are collected for translation from the calls of Message::tr() themselves.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bandscope {

/// Whether `sentence` has the places %1 to %`values`, each once, and no other.
constexpr bool has_places(std::string_view sentence, std::size_t values) {
  std::size_t used[10] = {};
  for (std::size_t i = 0; i + 1 < sentence.size(); ++i)
    if (sentence[i] == '%' && sentence[i + 1] >= '1' && sentence[i + 1] <= '9') ++used[sentence[i + 1] - '0'];
  for (std::size_t i = 1; i <= 9; ++i)
    if (used[i] != (i <= values ? 1 : 0)) return false;
  return true;
}

/// A literal with the places %1 to %9 for just `values` values, each of them once; anything else does not compile.
template <std::size_t values>
struct Template {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is one
  consteval Template(const char* literal) : text(literal) {
    static_assert(values <= 9);
    if (!has_places(literal, values)) throw "the places of a sentence are not those of its values";
  }
  const char* text;
};

template <class... Values>
inline constexpr bool kStartWithLiteral = false;
template <class First, class... Others>
inline constexpr bool kStartWithLiteral<First, Others...> = std::is_array_v<std::remove_reference_t<First>>;

/// A sentence, or a plain text: a name, a number, a path, or what another library says.
class Message {
#ifdef LUPDATE_ONLY  // Qt's lupdate, which knows no conditions, takes the context of every tr() below from this line
  Q_DECLARE_TR_FUNCTIONS(Message)
#endif
 public:
  Message() = default;

  /// A sentence. A value is text, a path, a whole number, or a message of its own. For lupdate's sake the first value
  /// is neither a literal, which would be taken for a remark to the translator, nor a tr() itself.
  template <class... Values>
  static Message tr(std::type_identity_t<Template<sizeof...(Values)>> english, Values&&... values) {
    static_assert(!kStartWithLiteral<Values...>);
    Message message;
    message.text_ = english.text;
    message.sentence_ = true;
    message.values_.reserve(sizeof...(values));
    (message.values_.push_back(value(std::forward<Values>(values))), ...);
    return message;
  }
  /// Text that is the same in every language.
  static Message plain(std::string text);
  /// A sentence that is collected for translation elsewhere, as a key's help is, or that was made elsewhere.
  static Message known(std::string english, std::vector<Message> values = {});
  /// "PLACE: WHAT".
  template <class Place>
  static Message at(Place&& place, Message what) {
    return tr("%1: %2", std::forward<Place>(place), std::move(what));
  }
  /// "FIRST; SECOND"; one alone where the other is empty.
  static Message joined(Message first, Message second);

  bool empty() const { return text_.empty(); }
  bool is_sentence() const { return sentence_; }
  /// Of a sentence its template; of a plain text the text.
  const std::string& text() const { return text_; }
  const std::vector<Message>& values() const { return values_; }

  std::string english() const;
  /// The text of a sentence with its places filled by `values`, in whatever language both are.
  static std::string filled(std::string_view sentence, const std::vector<std::string>& values);
  bool operator==(const Message&) const = default;

 private:
  static Message value(Message message) { return message; }
  static Message value(std::string_view text) { return plain(std::string(text)); }
  static Message value(const char* text) { return plain(text); }
  static Message value(const std::string& text) { return plain(text); }
  static Message value(const std::filesystem::path& path) { return plain(path.string()); }
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) static Message value(Number number) {
    return plain(std::to_string(number));
  }

  std::string text_;
  std::vector<Message> values_;
  bool sentence_ = false;
};

/// `message` with `to` for the last `from` of each of its plain texts.
Message replaced(const Message& message, std::string_view from, std::string_view to);

}  // namespace bandscope
