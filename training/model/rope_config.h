// SPDX-License-Identifier: Apache-2.0
// Rotary embeddings as config.json files have them: `rope_theta` with `rope_scaling` (transformers 4), and
// `rope_parameters` that holds everything (transformers 5), for all layers or by kind of layer.
#pragma once

#include "training/model/config.h"
#include "training/model/config_keys.h"

namespace bandscope::model {

/// A family's own names and defaults.
struct RopeNames {
  const char* theta = "rope_theta";
  const char* share = "partial_rotary_factor";
  double default_theta = 10000.0;
  double default_share = 1.0;
  bool partial = false;  ///< heads may rotate in part
  bool by_kind = false;  ///< sliding layers have an embedding of their own (Gemma 3)
  bool scaled = true;    ///< false: "default" is the only kind that is computed (Phi-3)
};

/// Sets `rope` and, by kind, `local_rope`; head_dim and max_position must be there.
void read_rope(const ConfigKeys& keys, const RopeNames& names, ModelConfig& config);

}  // namespace bandscope::model
