// SPDX-License-Identifier: Apache-2.0
// The one table of the spec's keys: how each is read, checked, written, and described.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/run_spec.h"
#include "core/spec/spec_document.h"

namespace bandscope {

struct KeyRule {
  SpecKey key;
  /// False when the value is not what `key.type` and `key.allowed` say. `base`: folder of relative paths.
  std::function<bool(RunSpec&, const SpecValue&, const std::filesystem::path& base)> read;
  /// TOML text of the value; empty when it is not set.
  std::function<std::string(const RunSpec&)> write;
};

const std::vector<KeyRule>& key_rules();
/// nullptr when there is none.
const KeyRule* find_rule(std::string_view key);

/// What a key takes, for messages: "a number > 0", "one of full | lora | qlora".
std::string describe_allowed(const SpecKey& key);

/// An interval, open where it says so.
struct Range {
  double minimum, maximum;
  bool minimum_excluded = false, maximum_excluded = false;
  bool contains(double x) const {
    return (minimum_excluded ? x > minimum : x >= minimum) && (maximum_excluded ? x < maximum : x <= maximum);
  }
  std::string text() const;  ///< "> 0", ">= 0 and < 1"; empty for all numbers
};

}  // namespace bandscope
