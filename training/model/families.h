// SPDX-License-Identifier: Apache-2.0
// The kinds of decoders that are read: one row each, with what a family has beside or other than Llama.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "training/model/config.h"
#include "training/model/config_keys.h"
#include "training/model/rope_config.h"

namespace bandscope::model {

/// A kind of decoder: its name in config.json and to people, and what it has beside or other than Llama.
struct Family {
  Architecture architecture;
  const char* model_type;
  const char* name;
  void (*read)(const ConfigKeys& keys, ModelConfig& config);
  std::set<std::string_view> own_keys;  ///< beside common_config_keys()
  /// Settings of which one value is computed.
  std::vector<std::pair<const char*, double>> only = {};
  bool tied = false;          ///< where the file does not say
  double norm_eps = 1e-6;     ///< likewise
  std::int64_t head_dim = 0;  ///< likewise; 0: hidden_size / num_attention_heads
  std::int64_t kv_heads = 0;  ///< likewise; 0: num_attention_heads
  std::int64_t max_position = 2048;
  RopeNames rope = {};
};

const std::vector<Family>& families();

/// Keys that any family's file may have: sizes and settings that are read for all, and settings of tokens, generation
/// and classification that leave a decoder's numbers alone.
const std::set<std::string_view>& common_config_keys();

}  // namespace bandscope::model
