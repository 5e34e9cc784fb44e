// SPDX-License-Identifier: Apache-2.0
#include "training/plan/warm_up.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>

#include "training/optimizer/adamw.h"
#include "training/step/step.h"
#include "training/trainer/prepare.h"

namespace bandscope::plan {
namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Kernels of a GPU run behind the program's back; a value read back waits for them.
void finish_queued(model::Decoder& decoder) { decoder.trained().front()->value.flatten()[0].item<float>(); }

std::int64_t tokens_of(std::span<const data::TokenPair* const> pairs) {
  std::size_t tokens = 0;
  for (const data::TokenPair* pair : pairs) tokens += pair->tokens();
  return static_cast<std::int64_t>(tokens);
}

}  // namespace

WarmUp measure_warm_up(const RunSpec& spec, double budget, const std::function<bool()>& cancelled) {
  // Two micro-batches, or where those of one pair share passes some more.
  const std::int64_t micro = spec.training.micro_batch;
  const std::int64_t batches =
      std::min<std::int64_t>(step::step_plan(spec).by_pair ? 16 : 2, spec.training.batch_size / micro);
  RunSpec small = spec;
  small.training.batch_size = batches * micro;
  small.training.epochs.reset();
  small.training.steps = 64;
  small.data.probe.clear();
  small.data.limit = std::max<std::int64_t>(16, 4 * small.training.batch_size);
  if (spec.data.limit > 0) small.data.limit = std::min(small.data.limit, spec.data.limit);
  trainer::PreparedRun run = trainer::prepare_run(small);
  Calibration calibration({spec.calibration.enabled, spec.calibration.momentum, spec.calibration.clip});
  step::StepEngine engine(*run.policy, *run.objective, calibration, run.settings, run.online_reference(),
                          spec.run.seed);
  engine.time_the_work();
  optimizer::AdamW optimizer(run.policy->trained(), spec.optimizer);

  WarmUp result;
  double per_token = 0, fixed = 0;
  std::int64_t tokens = 0, reference_tokens = 0;
  double reference_seconds = 0;
  const auto begin = Clock::now();
  for (std::int64_t step = 0; step < *small.training.steps && !cancelled(); ++step) {
    std::vector<const data::TokenPair*> batch;
    for (const std::int64_t index : run.order.range(step * small.training.batch_size, small.training.batch_size))
      batch.push_back(&run.train.pairs[static_cast<std::size_t>(index)]);
    // Reference values as the preparation computes them, in the same passes.
    std::vector<likelihood::TokenLogProbs> values;
    std::vector<const likelihood::TokenLogProbs*> references;
    const auto forward = Clock::now();
    std::size_t first = 0;
    for (const std::size_t size : step::passes(batch, run.pass_limits())) {
      const auto part = std::span<const data::TokenPair* const>(batch).subspan(first, size);
      first += size;
      for (likelihood::TokenLogProbs& value :
           likelihood::log_probs_of(*run.online_reference(), false, part, run.plan.layout()))
        values.push_back(std::move(value));
    }
    finish_queued(*run.policy);
    const double forward_seconds = since(forward);
    if (spec.training.precompute_reference)
      for (const likelihood::TokenLogProbs& value : values) references.push_back(&value);
    const auto start = Clock::now();
    const step::StepOutcome outcome = engine.run(batch, references, step + 1);
    optimizer.step(0.0, outcome.row[Column::grad_norm], spec.optimizer.max_grad_norm);
    finish_queued(*run.policy);
    if (step > 0) {  // the first allocates, and reads weights and kernels for the first time
      const step::StepTimes& times = engine.times();
      const double flowing = times.forward + times.head + times.backward;
      // At all-parameter scope most of what combines belongs to the micro-batches.
      const bool by_micro = run.plan.apart && !run.plan.per_step;
      per_token += flowing + (by_micro ? times.combine : 0.0);
      fixed += since(start) - flowing - (by_micro ? times.combine : 0.0);
      tokens += tokens_of(batch);
      reference_seconds += forward_seconds;
      reference_tokens += tokens_of(batch);
      ++result.steps;
      result.pairs = small.training.batch_size;
      if (since(begin) + since(forward) > budget) break;
    }
  }
  if (result.steps == 0) return result;
  result.seconds_per_token = per_token / static_cast<double>(tokens);
  result.seconds_fixed = std::max(0.0, fixed) / static_cast<double>(result.steps);
  result.forward_per_token = reference_seconds / static_cast<double>(reference_tokens);
  return result;
}

}  // namespace bandscope::plan
