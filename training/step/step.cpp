// SPDX-License-Identifier: Apache-2.0
#include "training/step/step.h"

#include <algorithm>
#include <chrono>

#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/errors/out_of_memory.h"
#include "training/step/micro_batch.h"
#include "training/step/record_row.h"

namespace bandscope::step {
namespace {

/// Adds the time of a scope to a total.
class Timer {
 public:
  explicit Timer(double& total) : total_(total), start_(Clock::now()) {}
  ~Timer() { total_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& total_;
  Clock::time_point start_;
};

}  // namespace

StepEngine::StepEngine(model::Decoder& policy, const Objective& objective, Calibration& calibration,
                       StepSettings settings, model::Decoder* reference, at::Generator* dropout_generator,
                       parallel::Group* group)
    : policy_(policy),
      objective_(objective),
      calibration_(calibration),
      settings_(settings),
      reference_(reference),
      dropout_generator_(dropout_generator),
      alone_(group ? nullptr : std::make_unique<parallel::Group>()),
      group_(group ? *group : *alone_),
      sums_(group_),
      head_trained_(policy.head().trained),
      trained_(policy.trained()) {
  const int last_block = static_cast<int>(policy.blocks().size()) - 1;
  for (model::Parameter* parameter : trained_) {
    const bool all = settings_.scope == ScoreScope::all;
    // Output scope: the output projection's gradient comes from the head alone, so that the input side of tied
    // embeddings stays out; `scored` marks parameters whose gradient inside the decoder counts.
    parameter->scored = all || (settings_.adapters && parameter->layer == last_block);
    if (parameter->scored || parameter == &policy.head()) scored_.push_back(parameter);
  }
  by_layer_ = trained_;
  std::ranges::stable_sort(by_layer_, {}, &model::Parameter::layer);
}

StepOutcome StepEngine::run(std::span<const data::TokenPair* const> batch,
                            std::span<const likelihood::TokenLogProbs* const> references) {
  const auto pairs = static_cast<std::int64_t>(batch.size());
  const auto take_in = [&](std::int64_t micro_batch) {
    StepSettings settings = settings_;
    settings.micro_batch = micro_batch;
    plan_ = StepPlan(settings, pairs, group_.size());
    return take_step(batch, references);
  };
  const std::int64_t failed = settings_.micro_batch;
  try {
    return take_in(failed);
  } catch (const std::exception& error) {
    if (!errors::is_out_of_memory(error)) throw;
  }
  // Which micro-batch would have fitted. Other processes would wait for the exchanges of the trial.
  const at::Device device = policy_.options().device;
  std::optional<std::int64_t> fitting;
  if (group_.alone()) {
    const Calibration before = calibration_;
    fitting = errors::largest_that_fits(pairs, failed, [&](std::int64_t size) {
      if (device.is_cuda() && cuda::device_kernels()) cuda::device_kernels()->release_cache();
      try {
        take_in(size);
        return true;
      } catch (const std::exception& error) {
        if (!errors::is_out_of_memory(error)) throw;
        return false;
      }
    });
    calibration_ = before;
  }
  throw RunError(errors::out_of_memory_message(device.str(), failed, fitting));
}

StepOutcome StepEngine::take_step(std::span<const data::TokenPair* const> batch,
                                  std::span<const likelihood::TokenLogProbs* const> references) {
  if (settings_.lora_dropout > 0 && dropout_generator_) dropout_before_ = dropout_generator_->get_state();
  times_ = {};
  uncalibrated_ = 0;
  waiting_.clear();
  step_products_.clear();
  unsent_ = by_layer_.size();
  for (model::Parameter* parameter : trained_)
    for (int slot = 0; slot < static_cast<int>(model::Slot::count); ++slot)
      parameter->clear(static_cast<model::Slot>(slot));

  StepOutcome outcome;
  std::vector<double> losses;
  std::int64_t tokens = 0;
  const auto micro_batch = static_cast<std::size_t>(plan_.micro_batch);
  for (std::size_t begin = 0; begin < batch.size(); begin += micro_batch) {
    MicroBatch micro;
    micro.pairs = batch.subspan(begin, micro_batch);
    if (!references.empty()) micro.references = references.subspan(begin, micro_batch);
    micro.last = begin + micro_batch == batch.size();
    take_micro_batch(micro);
    outcome.pairs.insert(outcome.pairs.end(), micro.records.begin(), micro.records.end());
    losses.insert(losses.end(), micro.losses.begin(), micro.losses.end());
    tokens += micro.tokens;
  }
  const Timer timer(times_.combine);
  share_pairs(outcome, losses, tokens);
  fill_likelihoods(outcome.row, outcome.pairs, losses);
  outcome.row[Column::tokens] = static_cast<double>(tokens);
  finish_step(outcome);
  return outcome;
}

void StepEngine::take_micro_batch(MicroBatch& micro) {
  if (!waiting_.empty()) micro.score_w = model::Slot::second_w, micro.score_l = model::Slot::second_l;
  {
    const Timer timer(times_.forward);
    forward(micro);
  }
  {
    const Timer timer(times_.head);
    run_head(micro);
  }
  if (plan_.apart) {
    const Timer timer(times_.backward);
    if (plan_.per_step && micro.last) send_head_scores();
    backward_branches(micro);
  } else if (settings_.adapters) {
    const Timer timer(times_.backward);
    backward_tail(micro);
  }
  if (plan_.per_step) return;
  if (!micro.head.projection_done) {
    const Timer timer(times_.combine);
    micro.alpha = calibrate(micro.mean(), micro_batch_scores(micro));
    if (plan_.in_twos)
      combine_in_twos(micro);
    else
      combine_branches(micro);
  }
  if (!plan_.apart) {
    const Timer timer(times_.backward);
    backward_together(micro);
  }
  if (plan_.batches == 1 || plan_.in_twos) return;
  for (model::Parameter* parameter : trained_)
    for (model::Slot slot : {model::Slot::score_w, model::Slot::score_l, model::Slot::branch_w, model::Slot::branch_l})
      parameter->clear(slot);
}

void StepEngine::finish_step(StepOutcome& outcome) {
  sum_gradients();
  const Scores scores = scores_of(plan_.scores_w(), plan_.scores_l(), plan_.share());
  if (settings_.layers) outcome.layers = layer_scores(plan_.share());
  if (plan_.per_step) {
    const double alpha = calibrate({outcome.row[Column::d_w], outcome.row[Column::d_l]}, scores);
    combine(trained_, alpha, model::Slot::branch_w, model::Slot::branch_l, {1.0, 1.0});
  }
  fill_scores(outcome.row, scores, calibrated_, static_cast<double>(uncalibrated_), gradient_norm());
  outcome.non_finite = first_non_finite(outcome.row);
}

}  // namespace bandscope::step
