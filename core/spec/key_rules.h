// SPDX-License-Identifier: Apache-2.0
// The one table of the spec's keys: how each is read, checked, written, and described.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/message/message.h"
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
Message describe_allowed(const SpecKey& key);

/// Most pairs of a step: their order, lengths and values are lists in memory.
inline constexpr double kMostPairsOfAStep = 1e6;
/// Most steps, and most pairs of a data set. Products of counts stay within 64 bits.
inline constexpr double kMostSteps = 1e12;
inline constexpr double kMostPasses = 1e6;
/// Most ids of a pair. Squares of it, as attention needs them, stay within 64 bits.
inline constexpr double kMostIds = 1 << 24;
/// Beyond the width of any projection, a rank says nothing new.
inline constexpr double kMostRank = 65536;
/// Bytes of a path, so that names of files can be added to it; and of one of its parts.
inline constexpr std::size_t kLongestPath = 3500, kLongestName = 255;

Message text_of(const Range& range);  ///< "> 0", ">= 0 and < 1"; empty for all numbers

/// What a momentum of averages may be, in a spec and while the run goes.
inline constexpr Range kMomentum = {.minimum = 0, .maximum = 1, .maximum_excluded = true};

}  // namespace bandscope
