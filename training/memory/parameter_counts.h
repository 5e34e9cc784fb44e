// SPDX-License-Identifier: Apache-2.0
// How many parameters a model and its adapter have, counted from config.json before any weight is there.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/spec/run_spec.h"
#include "training/model/config.h"

namespace bandscope::memory {

/// A model's parameters, and how many of them an adapter has.
struct ParameterCounts {
  std::int64_t weights = 0;              ///< in total, adapters left out
  std::int64_t projections = 0;          ///< matrices of the blocks' linear layers, without biases
  std::int64_t head = 0;                 ///< output projection, the embedding itself where they are tied
  std::int64_t adapters = 0;             ///< 0 for full tuning
  std::int64_t last_block_adapters = 0;  ///< of the last block that has any
  std::int64_t adapted_outputs = 0;      ///< ranks of one block's adapters together: their activations per row
  std::int64_t adapted_inputs = 0;       ///< inputs of one block's adapted projections together: dropout masks per row
  std::int64_t largest_projection = 0;
  std::int64_t trained_in_small_tensors = 0;  ///< values in tensors below BlockwiseAdam::least_size
};

/// `ranks`: of the adapter that the run starts from, by the paths of the projections that it is on; instead of `lora`,
/// where it is given. Throws SpecError when a target of `lora` is no projection of this model.
ParameterCounts count_parameters(const model::ModelConfig& config, Tuning tuning, const LoraSpec& lora,
                                 const std::map<std::string, int>* ranks = nullptr);

}  // namespace bandscope::memory
