// SPDX-License-Identifier: Apache-2.0
// Typed access to one object of a config.json; every complaint names the file and the key.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/message/message.h"

namespace bandscope::model {

// Far above every published model. What a file may ask for is bounded before a list of layers or a product of sizes is
// made of it.
inline constexpr std::int64_t most_layers = 10000, most_width = std::int64_t{1} << 22,
                              most_heads = std::int64_t{1} << 16, most_head_dim = std::int64_t{1} << 16,
                              most_vocabulary = std::int64_t{1} << 28, most_positions = std::int64_t{1} << 31,
                              most_weights = std::int64_t{1} << 44;

class ConfigKeys {
 public:
  /// `object` must outlive it.
  ConfigKeys(const nlohmann::json& object, std::string origin) : object_(object), origin_(std::move(origin)) {}

  /// There, be it null.
  bool names(const char* key) const { return object_.contains(key); }
  bool has(const char* key) const { return object_.contains(key) && !object_[key].is_null(); }
  std::int64_t integer(const char* key, std::optional<std::int64_t> fallback = {}) const;
  std::int64_t positive(const char* key, std::int64_t most, std::optional<std::int64_t> fallback = {}) const;
  double number(const char* key, double fallback) const;
  double above_zero(const char* key, double fallback) const;
  bool boolean(const char* key, bool fallback) const;
  std::string text(const char* key, const std::string& fallback) const;
  /// Throws where a key has another value than the only one that is computed; absent and null say nothing.
  void require(const char* key, double only) const;
  /// Throws at the first key that is not `known` and whose value may mean that something else is computed: neither
  /// null, false, 0 nor empty. Names that begin with an underscore are transformers' own notes.
  void refuse_unknown(const std::set<std::string_view>& known) const;
  /// Throws `otherwise`, said of the key, at the first one that is not `known` and not null.
  void allow_only(const std::set<std::string_view>& known, const Message& otherwise) const;
  [[noreturn]] void fail(const char* key, const Message& what) const;
  const nlohmann::json& operator[](const char* key) const { return object_[key]; }
  const std::string& origin() const { return origin_; }

 private:
  const nlohmann::json& object_;
  std::string origin_;
};

}  // namespace bandscope::model
