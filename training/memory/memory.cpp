// SPDX-License-Identifier: Apache-2.0
#include "training/memory/memory.h"

#include <algorithm>

#include "core/spec/objective_choice.h"
#include "training/memory/attention_bytes.h"
#include "training/parallel/bucket_size.h"
#include "training/quant/blockwise_adam.h"

namespace bandscope::memory {
namespace {

/// NF4 in blocks of 64 with double quantisation: 4 bits, 8 for a block's scale, 32 for 256 scales (Dettmers et al.,
/// 2023).
constexpr double nf4_bytes = (4.0 + 8.0 / 64.0 + 32.0 / (64.0 * 256.0)) / 8.0;

bool full(const RunSpec& spec) { return spec.model.tuning == Tuning::full; }

std::int64_t chunk_rows_of(const model::ModelConfig& config, const RunSpec& spec) {
  return step::step_settings(spec, device_type(spec)).chunk.rows(config.vocab_size);
}

/// Weights and gradients are shared out (parallel::LayerWeights).
bool shared_out(const RunSpec& spec, int processes) { return spec.parallel.zero == 3 && processes > 1; }

/// Values that a pass holds whole of weights that are shared out: embedding and output projection, and of the blocks
/// the one at work, the one that is on its way, and the one that is being dropped.
std::int64_t values_at_work(const model::ModelConfig& c, const ParameterCounts& counts) {
  const std::int64_t ends = counts.head * (c.tied_embeddings ? 1 : 2);
  return ends + std::min<std::int64_t>(3, c.layers) * ((counts.weights - ends) / c.layers);
}

std::int64_t share_of(std::int64_t values, int processes) { return (values + processes - 1) / processes; }

std::int64_t weight_bytes(const RunSpec& spec, const ParameterCounts& counts) {
  const std::int64_t compute = compute_bytes(spec);
  std::int64_t bytes = 0;
  if (full(spec)) {
    bytes = counts.weights * wide + cast_bytes(spec, counts);
  } else if (spec.model.tuning == Tuning::lora) {
    bytes = counts.weights * compute;
  } else {
    bytes = (counts.weights - counts.projections) * compute +
            static_cast<std::int64_t>(static_cast<double>(counts.projections) * nf4_bytes);
    bytes += counts.largest_projection * compute;  // one projection at a time is written out in full
  }
  // A second model stays only where every step needs it.
  if (step::reference_online(spec) && (full(spec) || !spec.model.reference.empty())) bytes += counts.weights * compute;
  return bytes;
}

/// What one block keeps for backward, per row of the packed row.
std::int64_t block_bytes_per_row(const model::ModelConfig& c, const RunSpec& spec, const ParameterCounts& counts) {
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim;
  std::int64_t values = c.hidden_size;  // input
  values += attention_values(c, spec);
  if (c.qk_norm != model::QkNorm::none) values += width + kv;  // before their norms
  if (!c.parallel_residual) values += c.hidden_size;
  if (c.norm_places != model::NormPlaces::before) values += 2 * c.hidden_size;  // what attention and MLP give
  values += (c.gated_mlp ? 2 : 1) * c.intermediate_size;
  values += counts.adapted_outputs;
  if (!full(spec) && spec.model.lora.dropout > 0) values += counts.adapted_inputs;
  const std::int64_t statistics = (c.layer_norm ? 4 : 2) + c.heads;
  return values * compute_bytes(spec) + statistics * wide;
}

/// What a block's gradients are made of, per row, where they are made after the backward pass (StepPlan::by_rows):
/// inputs and cotangents of its linear layers.
std::int64_t kept_bytes_per_row(const model::ModelConfig& c, const RunSpec& spec, const ParameterCounts& counts) {
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim;
  const std::int64_t inputs = 2 * c.hidden_size + width + c.intermediate_size,
                     outputs = width + 2 * kv + 2 * c.hidden_size + (c.gated_mlp ? 2 : 1) * c.intermediate_size;
  std::int64_t values = inputs + outputs + 2 * counts.adapted_outputs;
  if (!full(spec) && spec.model.lora.dropout > 0) values += counts.adapted_inputs;
  return values * compute_bytes(spec);
}

/// Gradients that a block's backward pass holds at a time, per row: those of the MLP's inner values, and some rows'
/// own.
std::int64_t backward_bytes_per_row(const model::ModelConfig& c, const RunSpec& spec) {
  const std::int64_t compute = compute_bytes(spec);
  std::int64_t bytes = (3 * c.intermediate_size + 5 * c.hidden_size) * compute;
  // Norms of operators work in float32; a GPU's kernels need nothing beside their rows.
  if (device_type(spec) == c10::DeviceType::CPU && (c.layer_norm || c.norm_wide || compute < wide))
    bytes += 4 * c.hidden_size * wide;
  return bytes;
}

/// Two moments of every trained value.
std::int64_t optimizer_bytes(const RunSpec& spec, const ParameterCounts& counts, int processes) {
  const std::int64_t trained = full(spec) ? counts.weights : counts.adapters;
  const int shards = spec.parallel.zero > 0 ? std::max(1, processes) : 1;
  std::int64_t bytes = 2 * wide * trained;
  if (spec.optimizer.name != "adamw") {
    // Codes of one byte, and a float32 per block; small tensors are kept in float32.
    const std::int64_t coded = trained - counts.trained_in_small_tensors;
    bytes = 2 * (coded + wide * (coded / quant::BlockwiseAdam::block) + wide * counts.trained_in_small_tensors);
  }
  return (bytes + shards - 1) / shards;
}

struct Passing {
  std::int64_t activations = 0, head = 0;
};

/// The head runs over groups of pairs that fit a chunk, or over chunks of a pair that does not.
std::int64_t head_bytes(const model::ModelConfig& c, const RunSpec& spec, std::span<const data::PairLengths> pairs) {
  const std::int64_t room = chunk_rows_of(c, spec);
  std::int64_t most = 0, group = 0;
  for (const data::PairLengths& pair : pairs) {
    const std::int64_t rows = pair.scored();
    group = group > 0 && group + rows <= room ? group + rows : rows;
    most = std::max(most, std::min(group, room));
  }
  const std::int64_t compute = compute_bytes(spec);
  const bool kl = token_statistic(spec.objective) == TokenStatistic::kl;
  // A GPU's kernels leave logits where they are. Else there are float32 log-probabilities, and in a smaller compute
  // type the logits they came from or the rows they turn into.
  const bool in_place = device_type(spec) == c10::DeviceType::CUDA && !kl && c.logit_cap == 0;
  std::int64_t bytes = most * c.vocab_size * (in_place ? compute : wide + (compute < wide ? compute : 0));
  // The reference's logits of both responses, and of one its log-softmax and what the divergence is summed from.
  if (kl) bytes += 3 * most * c.vocab_size * wide;
  if (c.logit_cap > 0) bytes += most * c.vocab_size * wide;  // slopes of the cap
  return bytes;
}

/// `step`: of the spec's steps.
Passing passing(const model::ModelConfig& c, const RunSpec& spec, const ParameterCounts& counts,
                const step::StepPlan& step, std::span<const data::PairLengths> pairs) {
  const std::int64_t compute = compute_bytes(spec);
  std::int64_t rows = 0, scored = 0;
  for (const data::PairLengths& pair : pairs) rows += pair.rows(step.apart), scored += pair.scored();
  Passing result;
  const std::int64_t block = block_bytes_per_row(c, spec, counts) * rows + repeated_bytes(c, spec, step.apart, pairs);
  // A block that runs again keeps its input, and one of them at a time is there in full, when the others, which come
  // after them, have gone.
  const std::int64_t again = recomputed_blocks(c, spec);
  std::int64_t saved = again * c.hidden_size * compute * rows + std::max<std::int64_t>(1, c.layers - again) * block;
  // Activations go as the backward pass comes to them, and what it leaves takes their place.
  if (step.by_rows()) saved = std::max(saved, c.layers * kept_bytes_per_row(c, spec, counts) * rows);
  saved += rows * c.hidden_size * compute * 2 +
           scored * c.hidden_size * compute * 2;  // final states, and those scored with their gradient
  saved += mask_bytes(c, spec, step.apart, pairs) + rows * c.rope.dimensions * wide;
  // Scores of pairs that are calibrated one by one are there until all of the pass have been.
  if (step.by_pair && !step.apart && !full(spec))
    saved += static_cast<std::int64_t>(pairs.size()) * 2 * counts.last_block_adapters * wide;
  result.head = head_bytes(c, spec, pairs);
  const std::int64_t backward =
      std::max(rows * backward_bytes_per_row(c, spec), attention_backward_bytes(c, spec, step.apart, pairs)) +
      capped_score_bytes(c, step.apart, pairs);
  // The head's chunk is gone before the blocks go backward, unless its rows are kept: the larger of the two counts.
  const bool kept = step.by_rows() && full(spec);
  result.activations = saved + (kept ? backward : std::max<std::int64_t>(0, backward - result.head));
  return result;
}

}  // namespace

c10::DeviceType device_type(const RunSpec& spec) {
  return spec.run.device.starts_with("cuda") ? c10::DeviceType::CUDA : c10::DeviceType::CPU;
}

std::int64_t recomputed_blocks(const model::ModelConfig& config, const RunSpec& spec) {
  if (!spec.model.gradient_checkpointing) return 0;
  return spec.model.recomputed_blocks > 0 ? std::min(spec.model.recomputed_blocks, config.layers) : config.layers;
}

std::int64_t cast_bytes(const RunSpec& spec, const ParameterCounts& counts) {
  const std::int64_t compute = compute_bytes(spec);
  return full(spec) && compute < wide ? counts.weights * compute : 0;  // kept from forward to update
}

std::int64_t loaded_bytes(const RunSpec& spec, const ParameterCounts& counts) {
  return weight_bytes(spec, counts) - cast_bytes(spec, counts) + counts.adapters * wide;
}

std::int64_t gradient_bytes(const RunSpec& spec, const ParameterCounts& counts, int processes, bool fits,
                            bool sums_in_rows) {
  const bool all = spec.scores.scope == ScoreScope::all;
  const step::StepPlan plan = step::step_plan(spec, processes);
  const std::int64_t trained = full(spec) ? counts.weights : counts.adapters;
  const std::int64_t scored = all ? trained : full(spec) ? counts.head : counts.last_block_adapters;
  std::int64_t values = trained;  // train
  if (plan.by_rows()) {
    values += 2 * scored + (full(spec) && !fits && plan.summed() ? 2 * counts.head : 0);
  } else if (plan.apart) {
    values += 2 * scored + (plan.weighted ? 2 * trained : 0) + (plan.summed() ? 2 * scored : 0);
  } else if (plan.by_pair && (!full(spec) || fits)) {
    values += sums_in_rows ? 0 : 2 * scored;  // the pairs' products come from their rows; the step's sums are kept
  } else {
    values += 2 * scored + (full(spec) && plan.weighted ? 2 * scored : 0) + (plan.summed() ? 2 * scored : 0);
  }
  return values * wide + (processes > 1 ? 2 * parallel::bucket_bytes : 0);
}

std::int64_t passing_bytes(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                           const step::StepPlan& step, std::span<const data::PairLengths> pass) {
  const Passing bytes = passing(config, spec, counts, step, pass);
  return bytes.activations + bytes.head;
}

MemoryPlan plan_memory(const model::ModelConfig& config, const RunSpec& spec, const ParameterCounts& counts,
                       std::span<const data::PairLengths> largest, int processes,
                       std::optional<std::int64_t> scored_of_step) {
  MemoryPlan plan;
  const std::int64_t compute = compute_bytes(spec);
  plan.weights = weight_bytes(spec, counts);
  plan.adapters = counts.adapters * (compute < wide ? wide + compute : wide);
  std::int64_t scored = 0;
  for (const data::PairLengths& pair : largest) scored = std::max(scored, pair.scored());
  const std::int64_t pairs = spec.training.batch_size / processes, of_step = scored_of_step.value_or(scored * pairs);
  const step::StepPlan step = step::step_plan(spec, processes);
  const bool in_rows = step.sums_in_rows(step::step_settings(spec, device_type(spec)), of_step, scored,
                                         config.vocab_size, config.hidden_size);
  plan.gradients = gradient_bytes(spec, counts, processes, scored <= chunk_rows_of(config, spec), in_rows);
  plan.optimizer = optimizer_bytes(spec, counts, processes);
  const Passing bytes = passing(config, spec, counts, step, largest);
  plan.activations = bytes.activations;
  plan.head = bytes.head;
  // The errors of a pass, which its logits have become, are counted there.
  std::int64_t of_pass = 0;
  for (const data::PairLengths& pair : largest) of_pass += pair.scored();
  if (in_rows)
    plan.head += std::max<std::int64_t>(0, of_step - of_pass) * config.vocab_size * compute +
                 of_step * config.hidden_size * compute;
  if (!shared_out(spec, processes)) return plan;
  const std::int64_t share = share_of(counts.weights, processes), work = values_at_work(config, counts),
                     cast = compute < wide ? compute : 0, reference = plan.weights - counts.weights * (wide + cast);
  plan.weights = reference + share * wide + work * (wide + cast);
  // A step of several passes adds their gradients up before they are summed over the processes.
  const bool one_pass = static_cast<std::int64_t>(largest.size()) * processes >= spec.training.batch_size;
  plan.gradients += share * wide - (one_pass ? counts.weights - work : 0) * wide;
  // While the model is loaded, gives reference values, is evaluated or saved, every process has all of it.
  const std::int64_t whole = reference + share * 2 * wide + counts.weights * (wide + cast) + plan.optimizer;
  plan.weights += std::max<std::int64_t>(0, whole - plan.total());
  return plan;
}

}  // namespace bandscope::memory
