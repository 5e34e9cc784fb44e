// SPDX-License-Identifier: Apache-2.0
// Makers of the table's rows, one per type of value. Each takes a function from the spec to the member it is about.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

#include "core/message/message.h"
#include "core/spec/key_rules.h"

namespace bandscope::rules {

inline Range at_least(double minimum) { return {minimum, kUnbounded}; }
inline Range above(double minimum) { return {minimum, kUnbounded, true}; }
inline Range between(double minimum, double maximum) { return {minimum, maximum}; }
/// minimum <= x < maximum
inline Range below(double minimum, double maximum) { return {minimum, maximum, false, true}; }

/// The value as a number, where it is one; TOML's integers count.
inline const double* as_number(const SpecValue& value, double& storage) {
  if (const auto* number = std::get_if<double>(&value.data)) {
    storage = *number;
  } else if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
    storage = static_cast<double>(*integer);
  } else {
    return nullptr;
  }
  return std::isfinite(storage) ? &storage : nullptr;
}

/// A member of the spec, readable through a const spec as well.
template <class Member>
auto value_of(Member member, const RunSpec& spec) {
  return member(const_cast<RunSpec&>(spec));  // NOLINT: only read
}

template <class Member>
KeyRule boolean(std::string key, Member member, std::string help) {
  return {{std::move(key), "boolean", "", Message::plain("true | false"), std::move(help)},
          [member](RunSpec& spec, const SpecValue& value, const auto&) {
            const auto* given = std::get_if<bool>(&value.data);
            if (given) member(spec) = *given;
            return given != nullptr;
          },
          [member](const RunSpec& spec) { return std::string(value_of(member, spec) ? "true" : "false"); }};
}

template <class Member>
KeyRule integer(std::string key, Range range, Member member, std::string help) {
  using Field = std::remove_cvref_t<decltype(member(std::declval<RunSpec&>()))>;
  if constexpr (sizeof(Field) == 4) range.maximum = std::min(range.maximum, 2147483647.0);
  return {{std::move(key), "integer", "", text_of(range), std::move(help)},
          [member, range](RunSpec& spec, const SpecValue& value, const auto&) {
            const auto* given = std::get_if<std::int64_t>(&value.data);
            if (!given || !range.contains(static_cast<double>(*given))) return false;
            member(spec) = static_cast<decltype(Field{} + 0)>(*given);
            return true;
          },
          [member](const RunSpec& spec) { return std::to_string(value_of(member, spec)); }};
}

template <class Member>
KeyRule number(std::string key, Range range, Member member, std::string help) {
  return {{std::move(key), "number", "", text_of(range), std::move(help)},
          [member, range](RunSpec& spec, const SpecValue& value, const auto&) {
            double storage = 0;
            const double* given = as_number(value, storage);
            if (!given || !range.contains(*given)) return false;
            member(spec) = *given;
            return true;
          },
          [member](const RunSpec& spec) { return toml_number(value_of(member, spec)); }};
}

template <class Member, class Check>
KeyRule text(std::string key, Message allowed, Check check, Member member, std::string help) {
  return {{std::move(key), "string", "", std::move(allowed), std::move(help)},
          [member, check](RunSpec& spec, const SpecValue& value, const auto&) {
            const auto* given = std::get_if<std::string>(&value.data);
            if (!given || !check(*given)) return false;
            member(spec) = *given;
            return true;
          },
          [member](const RunSpec& spec) { return toml_string(value_of(member, spec)); }};
}

/// False for what no file system takes: longer than a path may be, or with a longer name in it, or a zero byte.
inline bool is_possible_path(std::string_view path) {
  if (path.size() > kLongestPath || path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > kLongestName) return false;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return true;
}

/// Read into an absolute path; an empty text stays empty.
template <class Member>
KeyRule path(std::string key, Member member, std::string help, bool required = false) {
  return {{std::move(key), "path", "", required ? Message::tr("not empty") : Message(), std::move(help), {}, required},
          [member, required](RunSpec& spec, const SpecValue& value, const std::filesystem::path& base) {
            const auto* given = std::get_if<std::string>(&value.data);
            if (!given || (required && given->empty()) || !is_possible_path(*given)) return false;
            const auto whole =
                given->empty() ? std::filesystem::path() : std::filesystem::absolute(base / *given).lexically_normal();
            if (whole.native().size() > kLongestPath) return false;
            member(spec) = whole;
            return true;
          },
          [member](const RunSpec& spec) {
            const std::filesystem::path value = value_of(member, spec);
            return toml_string(value.empty() ? std::string()
                                             : std::filesystem::absolute(value).lexically_normal().string());
          }};
}

template <class Value, class Member>
KeyRule choice(std::string key, std::vector<std::pair<std::string, Value>> options, Member member, std::string help) {
  std::vector<std::string> names;
  std::string allowed;
  for (const auto& [name, value] : options) {
    names.push_back(name);
    allowed += (allowed.empty() ? "" : " | ") + name;
  }
  return {{std::move(key), "choice", "", Message::plain(allowed), std::move(help), names},
          [member, options](RunSpec& spec, const SpecValue& value, const auto&) {
            const auto* given = std::get_if<std::string>(&value.data);
            for (const auto& [name, option] : options) {
              if (!given || *given != name) continue;
              member(spec) = option;
              return true;
            }
            return false;
          },
          [member, options](const RunSpec& spec) {
            for (const auto& [name, option] : options) {
              if (option == value_of(member, spec)) return toml_string(name);
            }
            return std::string("\"\"");
          }};
}

}  // namespace bandscope::rules
