// SPDX-License-Identifier: Apache-2.0
#include "training/memory/parameter_counts.h"

#include <algorithm>
#include <set>
#include <string>

#include "training/model/weight_shapes.h"
#include "training/quant/blockwise_adam.h"

namespace bandscope::memory {
namespace {

/// The tensor's size where it is too small for 8-bit optimizer states, else 0.
std::int64_t small(std::int64_t size) { return size < quant::BlockwiseAdam::least_size ? size : 0; }

}  // namespace

ParameterCounts count_parameters(const model::ModelConfig& config, Tuning tuning, const LoraSpec& lora,
                                 const std::map<std::string, int>* ranks) {
  const std::vector<model::WeightShape> shapes = model::weight_shapes(config);
  const bool adapting = tuning != Tuning::full;
  const auto adapted_names =
      adapting && !ranks ? model::adapted_projections(config, lora) : std::set<std::string, std::less<>>();
  const auto rank_of = [&](const model::WeightShape& shape) -> std::int64_t {
    if (ranks) return adapting && ranks->contains(shape.module) ? ranks->at(shape.module) : 0;
    return adapted_names.contains(shape.name()) ? lora.rank : 0;
  };
  ParameterCounts counts;
  counts.head = config.vocab_size * config.hidden_size;
  int last_block = 0;  // that has any
  for (const model::WeightShape& shape : shapes)
    if (shape.projection() && rank_of(shape) > 0) last_block = std::max(last_block, shape.layer);
  for (const model::WeightShape& shape : shapes) {
    counts.weights += shape.count();
    if (!adapting) counts.trained_in_small_tensors += small(shape.out * shape.in) + small(shape.bias);
    if (!shape.projection()) continue;
    counts.projections += shape.out * shape.in;
    counts.largest_projection = std::max(counts.largest_projection, shape.out * shape.in);
    const std::int64_t rank = rank_of(shape);
    if (rank == 0) continue;
    const std::int64_t own = rank * (shape.out + shape.in);
    counts.adapters += own;
    counts.trained_in_small_tensors += small(rank * shape.out) + small(rank * shape.in);
    if (shape.layer != last_block) continue;
    counts.last_block_adapters += own;
    counts.adapted_outputs += rank;
    counts.adapted_inputs += shape.in;
  }
  return counts;
}

}  // namespace bandscope::memory
