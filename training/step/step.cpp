// SPDX-License-Identifier: Apache-2.0
#include "training/step/step.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/errors/out_of_memory.h"
#include "training/step/pass.h"
#include "training/step/passes.h"
#include "training/step/record_row.h"

namespace bandscope::step {
namespace {

/// Adds the time of a scope to a total; with `waited_for` that of a GPU's work too, which goes on behind the program's
/// back.
class Timer {
 public:
  Timer(double& total, std::optional<at::Device> waited_for)
      : total_(total), waited_for_(waited_for), start_(Clock::now()) {}
  ~Timer() {
    try {
      if (waited_for_ && waited_for_->is_cuda()) cuda::device_kernels()->synchronize(waited_for_->index());
    } catch (const std::exception&) {
      // What went wrong on the device is said by the next thing that is asked of it.
    }
    total_ += std::chrono::duration<double>(Clock::now() - start_).count();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& total_;
  std::optional<at::Device> waited_for_;
  Clock::time_point start_;
};

int last_trained_block(model::Decoder& policy) {
  const int blocks = static_cast<int>(policy.blocks().size());
  int last = -1;
  for (const model::Parameter* parameter : policy.trained())
    if (parameter->layer < blocks) last = std::max(last, parameter->layer);
  return last < 0 ? blocks - 1 : last;
}

}  // namespace

StepEngine::StepEngine(model::Decoder& policy, const Objective& objective, Calibration& calibration,
                       StepSettings settings, model::Decoder* reference, std::uint64_t dropout_seed,
                       parallel::Group* group)
    : policy_(policy),
      objective_(objective),
      calibration_(calibration),
      settings_(settings),
      reference_(reference),
      dropout_seed_(dropout_seed),
      alone_(group ? nullptr : std::make_unique<parallel::Group>()),
      group_(group ? *group : *alone_),
      sums_(group_),
      head_trained_(policy.head().trained),
      tail_(last_trained_block(policy)),
      trained_(policy.trained()) {
  for (model::Parameter* parameter : trained_) {
    const bool all = settings_.scope == ScoreScope::all;
    // Output scope: the output projection's gradient comes from the head alone, so that the input side of tied
    // embeddings stays out; `scored` marks parameters whose gradient inside the decoder counts.
    parameter->scored = all || (settings_.adapters && parameter->layer == tail_);
    if (parameter->scored || parameter == &policy.head()) scored_.push_back(parameter);
  }
  by_layer_ = trained_;
  std::ranges::stable_sort(by_layer_, {}, &model::Parameter::layer);
}

StepOutcome StepEngine::run(std::span<const data::TokenPair* const> batch,
                            std::span<const likelihood::TokenLogProbs* const> references, std::int64_t step) {
  step_ = step;
  const auto pairs = static_cast<std::int64_t>(batch.size());
  const auto take_in = [&](std::int64_t micro_batch) {
    StepSettings settings = settings_;
    settings.micro_batch = micro_batch;
    plan_ = StepPlan(settings, pairs, group_.size());
    return take_step(batch, references);
  };
  const std::int64_t failed = settings_.micro_batch;
  const Calibration before = calibration_;
  try {
    return take_in(failed);
  } catch (const std::exception& error) {
    if (!errors::is_out_of_memory(error)) throw;
  }
  // What would have fitted. Other processes would wait for the exchanges of the trial.
  std::optional<std::int64_t> fitting;
  if (group_.alone()) {
    calibration_ = before;
    // What costs time alone goes first, one after the other.
    const auto again = [&](const char* without) -> std::optional<StepOutcome> {
      spdlog::info("out of memory on {}: {}", policy_.options().device.str(), without);
      StepOutcome outcome;
      if (fits([&] { outcome = take_in(failed); })) return outcome;
      calibration_ = before;
      return std::nullopt;
    };
    if (policy_.let_go_of_copies())
      if (auto outcome = again("4-bit weights are no longer kept in full")) return std::move(*outcome);
    if (policy_.recompute_all())
      if (auto outcome = again("all blocks run again in the backward pass")) return std::move(*outcome);
    if (std::optional<StepOutcome> outcome = take_in_smaller_passes(batch, references)) return std::move(*outcome);
    fitting = errors::largest_that_fits(pairs, failed, [&](std::int64_t size) { return fits([&] { take_in(size); }); });
    calibration_ = before;
  }
  throw RunError(errors::out_of_memory_message(policy_.options().device.str(), failed, fitting));
}

bool StepEngine::fits(const std::function<void()>& body) const {
  if (policy_.options().device.is_cuda() && cuda::device_kernels()) cuda::device_kernels()->release_cache();
  try {
    body();
    return true;
  } catch (const std::exception& error) {
    if (!errors::is_out_of_memory(error)) throw;
    return false;
  }
}

std::optional<StepOutcome> StepEngine::take_in_smaller_passes(
    std::span<const data::TokenPair* const> batch, std::span<const likelihood::TokenLogProbs* const> references) {
  const auto largest = [&] {
    std::int64_t most = 0;  // ids of a pass with more than one pair
    std::size_t begin = 0;
    for (const std::size_t count : passes(batch, pass_limits(settings_, plan_, policy_.head().rows()))) {
      std::int64_t tokens = 0;
      for (const data::TokenPair* pair : batch.subspan(begin, count)) tokens += data::lengths_of(*pair).tokens();
      if (count > 1) most = std::max(most, tokens);
      begin += count;
    }
    return most;
  };
  if (!plan_.by_pair) return std::nullopt;
  const Calibration before = calibration_;
  for (std::int64_t failed = largest(); failed > 0; failed = largest()) {
    settings_.pass_tokens = failed / 2;
    calibration_ = before;
    StepOutcome outcome;
    if (!fits([&] { outcome = take_step(batch, references); })) continue;
    const std::string device = policy_.options().device.str();
    outcome.note = Message::tr("out of memory on %1 with %2 tokens in a pass; goes on with training.pass_tokens = %3",
                               device, failed, settings_.pass_tokens);
    return outcome;
  }
  return std::nullopt;
}

void StepEngine::begin_step(std::span<const data::TokenPair* const> batch) {
  times_ = {};
  uncalibrated_ = 0;
  squares_.clear();
  projection_sums_.clear();
  unsent_ = by_layer_.size();
  for (model::Parameter* parameter : trained_)
    for (int slot = 0; slot < static_cast<int>(model::Slot::count); ++slot)
      parameter->clear(static_cast<model::Slot>(slot));
  std::int64_t scored = 0, longest = 0;
  for (const data::TokenPair* pair : batch) {
    const std::int64_t own = data::lengths_of(*pair).scored();
    scored += own, longest = std::max(longest, own);
  }
  model::Parameter& head = policy_.head();
  sums_in_rows_ = plan_.sums_in_rows(settings_, scored, longest, head.rows(), head.columns());
  if (sums_in_rows_)
    for (const model::Slot unused : {plan_.scores_w(), plan_.scores_l()}) head.release(unused);
}

StepOutcome StepEngine::take_step(std::span<const data::TokenPair* const> batch,
                                  std::span<const likelihood::TokenLogProbs* const> references) {
  begin_step(batch);
  StepOutcome outcome;
  std::vector<double> losses;
  std::int64_t tokens = 0;
  std::size_t begin = 0;
  for (const std::size_t count : passes(batch, pass_limits(settings_, plan_, policy_.head().rows()))) {
    Pass pass;
    pass.pairs = batch.subspan(begin, count);
    if (!references.empty()) pass.references = references.subspan(begin, count);
    pass.first_pair = group_.rank() * static_cast<std::int64_t>(batch.size()) + static_cast<std::int64_t>(begin);
    begin += count;
    pass.last = begin == batch.size();
    take_pass(pass);
    outcome.pairs.insert(outcome.pairs.end(), pass.records.begin(), pass.records.end());
    losses.insert(losses.end(), pass.losses.begin(), pass.losses.end());
    tokens += pass.tokens;
  }
  const Timer timer(times_.combine, timed_device());
  share_pairs(outcome, losses, tokens);
  fill_likelihoods(outcome.row, outcome.pairs, losses);
  outcome.row[Column::tokens] = static_cast<double>(tokens);
  finish_step(outcome);
  return outcome;
}

void StepEngine::take_pass(Pass& pass) {
  {
    const Timer timer(times_.forward, timed_device());
    forward(pass);
  }
  {
    const Timer timer(times_.head, timed_device());
    run_head(pass);
  }
  if (plan_.by_rows()) {
    const Timer timer(times_.backward, timed_device());
    backward_rows(pass);
  } else if (plan_.apart) {
    const Timer timer(times_.backward, timed_device());
    if (plan_.per_step && pass.last) send_head_scores();
    backward_branches(pass);
  } else if (settings_.adapters) {
    const Timer timer(times_.backward, timed_device());
    backward_tail(pass);
  }
  if (plan_.per_step) return;
  if (plan_.by_rows()) {
    const Timer timer(times_.combine, timed_device());
    calibrate_by_rows(pass);
  } else if (plan_.by_pair && settings_.adapters) {
    const Timer timer(times_.combine, timed_device());
    calibrate_by_tail(pass);
  } else if (!pass.head.projection_done) {
    const Timer timer(times_.combine, timed_device());
    pass.alphas.assign(pass.pairs.size(), calibrate(pass.mean(), micro_batch_scores()));
    combine_branches(pass);
  }
  if (!plan_.apart) {
    const Timer timer(times_.backward, timed_device());
    backward_together(pass);
  }
  if (layers_) layers_->let_go();
  if (plan_.batches == 1) return;
  for (model::Parameter* parameter : trained_)
    for (model::Slot slot : {model::Slot::score_w, model::Slot::score_l, model::Slot::branch_w, model::Slot::branch_l})
      parameter->clear(slot);
}

void StepEngine::finish_step(StepOutcome& outcome) {
  sum_gradients();
  const model::StepProducts products = products_of(plan_.scores_w(), plan_.scores_l(), !plan_.per_step);
  const Scores scores = scores_of(products.pairs, plan_.share());
  if (settings_.layers) outcome.layers = layer_scores(products.pairs, plan_.share());
  double squares = products.squared_norm;
  if (layers_ && squares_.empty()) squares = group_.sum(squares);  // of the parts
  if (plan_.per_step) {
    const double alpha = calibrate({outcome.row[Column::d_w], outcome.row[Column::d_l]}, scores);
    combine(trained_, alpha, model::Slot::branch_w, model::Slot::branch_l, {1.0, 1.0});
    std::vector<at::Tensor> gradients;
    squares = squares_taken(gradients);
    squares += model::squared_norm(gradients);
  }
  fill_scores(outcome.row, scores, calibrated_, static_cast<double>(uncalibrated_), std::sqrt(squares));
  outcome.non_finite = first_non_finite(outcome.row);
  projection_sums_.clear();
}

}  // namespace bandscope::step
