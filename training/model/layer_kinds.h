// SPDX-License-Identifier: Apache-2.0
// What differs from layer to layer: how far attention looks back, and whether and how positions rotate.
#pragma once

#include "training/model/config.h"
#include "training/model/config_keys.h"

namespace bandscope::model {

/// Sets `windows` and `layer_ropes`; all else of `config` must be there.
void read_layer_kinds(const ConfigKeys& keys, ModelConfig& config);

}  // namespace bandscope::model
