// SPDX-License-Identifier: Apache-2.0
// Bounds that keep any template, however it is written, from using up memory, stack or time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bandscope::text::jinja {

inline constexpr std::size_t kMostSource = std::size_t{1} << 20;    ///< bytes of a template
inline constexpr std::size_t kMostText = std::size_t{4} << 20;      ///< bytes of one text value or of the output
inline constexpr std::size_t kMostMade = std::size_t{64} << 20;     ///< bytes of all values made in one rendering
inline constexpr std::size_t kMostElements = std::size_t{1} << 20;  ///< elements of a list
inline constexpr std::int64_t kMostSteps = 4'000'000;               ///< expressions and statements of one rendering
inline constexpr int kDeepestSource = 100;                          ///< nesting of brackets and blocks
inline constexpr int kDeepestTree = 400;                            ///< depth of an expression (a + b + c … is one)
inline constexpr int kDeepestCall = 500;                            ///< nested evaluations, macros included
inline constexpr int kDeepestValue = 64;                            ///< nesting of lists and dicts

/// What one rendering has used. Throws ValueError (jinja_value.h) beyond the bounds. Every operation is charged for
/// what it touches, so that the number of steps bounds the time: a step is at most about 0.3 µs.
class Budget {
 public:
  /// Work of about one small operation each.
  void step(std::int64_t count = 1);
  /// Bytes of a value made.
  void make(std::size_t bytes);
  /// Bytes that are only copied or compared.
  void bytes(std::size_t count) { step(static_cast<std::int64_t>(count / 256)); }
  /// Bytes that are decoded to code points and looked at one by one.
  void decode(std::size_t count) { step(static_cast<std::int64_t>(count / 8)); }
  /// Bytes whose code points are looked up in Unicode's tables: case and class.
  void look_up(std::size_t count) { step(static_cast<std::int64_t>(count / 2)); }
  /// A text of `count` bytes searched for one of `needle`.
  void search(std::size_t count, std::size_t needle) {
    step(static_cast<std::int64_t>(count / 8 + count * (needle + 1) / 1024));
  }
  /// Entries looked through for a name of `bytes`.
  void entries(std::size_t count, std::size_t bytes = 0) {
    step(static_cast<std::int64_t>(count / 8 + count * (bytes / 32) / 64));
  }
  std::int64_t steps() const { return steps_; }

 private:
  std::int64_t steps_ = 0;
  std::size_t made_ = 0;
};

}  // namespace bandscope::text::jinja
