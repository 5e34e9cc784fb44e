// SPDX-License-Identifier: Apache-2.0
// How an optimizer step is taken, as its settings and the number of its pairs decide it: which gradients are wanted
// apart, when calibration has its numbers, and which sums are kept beside them. The engine follows it, reference values
// are computed in its layout, and a plan counts its memory.
#pragma once

#include <cstdint>

#include "core/spec/run_spec.h"
#include "training/likelihood/chunk.h"
#include "training/model/packed_row.h"
#include "training/model/parameter.h"

namespace bandscope::step {

struct StepSettings {
  Likelihood likelihood = Likelihood::mean;
  TokenStatistic statistic = TokenStatistic::none;
  double kl_alpha = 0;
  ScoreScope scope = ScoreScope::output;
  bool layers = false;
  Granularity granularity = Granularity::micro_batch;
  std::int64_t micro_batch = 1;
  std::int64_t pass_tokens = 0;  ///< most ids of a pass that pairs share; 0: each has its own
  bool adapters = false;         ///< adapters are trained, not the weights
  double lora_dropout = 0;
  likelihood::HeadChunk chunk;
  /// Where every process's passes must be of as many pairs as those of the others, because all of them gather weights
  /// for each: at least the ids, and the scored ones, of the longest pair. 0: passes go by each pair's own.
  std::int64_t longest_tokens = 0, longest_scored = 0;
};

/// What the run's spec says of a step on such a device.
StepSettings step_settings(const RunSpec& spec, c10::DeviceType device);

/// True when a step needs the reference model itself, and not only log-probabilities computed before the first one.
bool reference_online(const RunSpec& spec);

struct StepPlan {
  StepPlan() = default;
  /// `pairs`: of one process's part of the step, a multiple of the micro-batch.
  StepPlan(const StepSettings& settings, std::int64_t pairs, int processes);

  std::int64_t micro_batch = 1;  ///< pairs
  std::int64_t own_batches = 1;  ///< micro-batches of this process
  std::int64_t batches = 1;      ///< and of all processes
  /// Micro-batches of one pair, each calibrated when its scores are known, which come from its own rows: several of
  /// them may go through one pass (passes.h).
  bool by_pair = false;
  bool apart = false;     ///< chosen and rejected are two graphs: each branch's gradient is wanted for itself
  bool per_step = false;  ///< calibrated once, from the step's own scores; else with each micro-batch
  /// The pairs' incentives make another gradient of a branch than its score: both are taken. Else one is the other's
  /// multiple.
  bool weighted = false;

  /// By pair, and of all parameters: gradients are made of a backward pass's rows when the pairs' factors are known.
  bool by_rows() const { return by_pair && apart; }
  double share() const { return 1.0 / static_cast<double>(batches); }  ///< of a micro-batch in the step's means
  /// The micro-batches' scores are summed beside their own.
  bool summed() const { return batches > 1 && !per_step; }
  /// Output scope: the step's own scores come from the rows of its pairs (model::ProjectionSums), `scored` in all and
  /// `longest` of one pair, in place of two sums.
  bool sums_in_rows(const StepSettings& settings, std::int64_t scored, std::int64_t longest, std::int64_t vocabulary,
                    std::int64_t hidden) const;
  /// Where the step's scores are in the end, if they are made.
  model::Slot scores_w() const { return summed() ? model::Slot::mean_w : model::Slot::score_w; }
  model::Slot scores_l() const { return summed() ? model::Slot::mean_l : model::Slot::score_l; }
  /// How the micro-batches are packed: reference values must be computed in the same layout.
  model::Branches layout() const { return apart ? model::Branches::apart : model::Branches::both; }
};

/// The plan of the spec's steps, shared by `processes`.
StepPlan step_plan(const RunSpec& spec, int processes = 1);

}  // namespace bandscope::step
