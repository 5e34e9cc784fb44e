// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/step.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>

#include "training/likelihood/reference.h"
#include "training/model/kernels.h"
#include "training/trainer/step_row.h"

namespace bandscope::trainer {
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

/// One factor per pair spread over the pair's response rows, [T, 1].
at::Tensor spread_over_responses(std::span<const model::ResponseSpan> spans, std::span<const double> per_pair,
                                 const at::Tensor& like) {
  std::vector<float> values;
  for (std::size_t i = 0; i < spans.size(); ++i)
    values.insert(values.end(), static_cast<std::size_t>(spans[i].length), static_cast<float>(per_pair[i]));
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size()), 1},
                       at::TensorOptions().dtype(at::kFloat))
      .to(like.device(), like.scalar_type(), false, true);
}

std::vector<double> branch_of(std::span<const Incentives> incentives, bool chosen, double factor) {
  std::vector<double> result;
  for (const Incentives& d : incentives) result.push_back((chosen ? d.d_w : d.d_l) * factor);
  return result;
}

/// Each pair's d_w over the rows of its chosen branch and d_l over those of the rejected one, [rows, 1].
/// Branches::apart.
at::Tensor weights_of_rows(const model::PackedRow& row, std::span<const Incentives> incentives, at::ScalarType type) {
  at::Tensor weights = at::empty({row.rows(), 1}, at::TensorOptions().dtype(at::kFloat));
  for (std::size_t i = 0; i < row.segments.size(); ++i) {
    const bool chosen = i < incentives.size();
    const double weight = chosen ? incentives[i].d_w : incentives[i - incentives.size()].d_l;
    for (const model::RowRange& range : row.segments[i].ranges) weights.slice(0, range.begin, range.end).fill_(weight);
  }
  return weights.to(type).to(row.ids.device());
}

}  // namespace

/// What one micro-batch carries from forward to backward.
struct StepEngine::MicroBatch {
  std::span<const data::TokenPair* const> pairs;
  std::span<const likelihood::TokenLogProbs* const> references;
  bool apart = false;  // Branches::apart
  model::Slot score_w = model::Slot::score_w, score_l = model::Slot::score_l;
  std::unordered_map<const model::Parameter*, model::PairProducts>
      products;  // of score_w and score_l, where taken during backward
  model::PackedRow row;
  model::PassContext context;
  model::Hidden hidden;
  at::Tensor states_w, states_l;  // [T, hidden] predicting the responses, part of the graph
  std::vector<likelihood::TokenLogProbs> computed_references;
  likelihood::HeadResult head;
  std::vector<PairRow> rows;
  std::vector<double> losses;
  std::int64_t tokens = 0;
  double alpha = 1;
  bool last = false;  // of the step

  Incentives mean() const {
    Incentives mean;
    for (const Incentives& d : head.incentives) mean.d_w += d.d_w, mean.d_l += d.d_l;
    const auto count = static_cast<double>(head.incentives.size());
    return {mean.d_w / count, mean.d_l / count};
  }
};

model::Branches StepEngine::layout(const Settings& settings, std::int64_t batch_size) {
  const bool per_step = settings.granularity == Granularity::step && settings.micro_batch < batch_size;
  return settings.scope == ScoreScope::all || per_step ? model::Branches::apart : model::Branches::both;
}

StepEngine::StepEngine(model::Decoder& policy, const Objective& objective, Calibration& calibration, Settings settings,
                       model::Decoder* reference, at::Generator* dropout_generator, parallel::Group* group)
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

void StepEngine::forward(MicroBatch& micro) {
  const at::AutoGradMode on(true);
  micro.context.compute = policy_.options().compute;
  micro.context.lora_dropout = settings_.lora_dropout;
  micro.context.dropout_generator = dropout_generator_;
  micro.row =
      model::pack(micro.pairs, micro.apart ? model::Branches::apart : model::Branches::both, policy_.options().device);
  // The last micro-batch completes the blocks' gradients, which then travel while the blocks before go backward. Of
  // branches that calibration has yet to combine there is nothing to send.
  const bool complete = micro.apart ? settings_.granularity == Granularity::step : !settings_.adapters;
  if (micro.last && complete && !group_.alone())
    micro.context.block_done = [this](int block) { send_gradients(block); };
  micro.hidden = policy_.forward(micro.row, micro.context, settings_.adapters && !micro.apart);
  micro.states_w = micro.hidden.states.index_select(0, micro.row.rows_w);
  micro.states_l = micro.hidden.states.index_select(0, micro.row.rows_l);
  for (const data::TokenPair* pair : micro.pairs)
    micro.tokens += static_cast<std::int64_t>(pair->prompt.size() + pair->chosen.size() + pair->rejected.size());
}

void StepEngine::reference_states(MicroBatch& micro, likelihood::ReferenceStates& states) const {
  const at::NoGradGuard no_grad;
  model::PassContext context;
  context.compute = reference_->options().compute;
  context.adapters = false;
  const at::Tensor hidden = reference_->forward(micro.row, context).states;
  states.states_w = hidden.index_select(0, micro.row.rows_w);
  states.states_l = hidden.index_select(0, micro.row.rows_l);
  states.projection = reference_->head().in(context.compute);
}

void StepEngine::run_head_of(MicroBatch& micro, std::int64_t batches) {
  likelihood::HeadInput input{micro.states_w,      micro.states_l,    micro.row.targets_w,
                              micro.row.targets_l, micro.row.spans_w, micro.row.spans_l};
  likelihood::HeadRequest request;
  request.likelihood = settings_.likelihood;
  request.statistic = settings_.statistic;
  request.kl_alpha = settings_.kl_alpha;
  request.projection_gradients = head_trained_;
  request.weighted_projection = micro.pairs.size() > 1 || settings_.granularity == Granularity::step;
  request.chunk_bytes = settings_.chunk_bytes;
  request.plain_w = micro.score_w;
  request.plain_l = micro.score_l;
  if (!micro.apart && micro.pairs.size() == 1) {
    request.single_pair = [&](const model::PairProducts& products, const Incentives& d) {
      micro.alpha = calibrate(d, {std::sqrt(products.aa), std::sqrt(products.bb), products.ab});
      const double share = 1.0 / static_cast<double>(batches);
      return likelihood::BranchFactors{-micro.alpha * d.d_w * share, d.d_l * share / micro.alpha};
    };
    if (batches > 1) request.single_w = model::Slot::mean_w, request.single_l = model::Slot::mean_l;
  }
  likelihood::ReferenceStates reference;
  const bool kl = settings_.statistic == TokenStatistic::kl;
  if (kl) reference_states(micro, reference);
  if (micro.references.empty())
    micro.computed_references = likelihood::log_probs_of(*reference_, false, micro.pairs,
                                                         micro.apart ? model::Branches::apart : model::Branches::both);
  const auto callback = [&](std::size_t i, PairLikelihoods& z, const likelihood::TokenLogProbs&,
                            std::span<const float> weights_w, std::span<const float> weights_l) {
    const likelihood::TokenLogProbs& fixed =
        micro.references.empty() ? micro.computed_references[i] : *micro.references[i];
    z.z_w_ref = likelihood::reduce_log_probs(fixed.chosen, settings_.likelihood, weights_w);
    z.z_l_ref = likelihood::reduce_log_probs(fixed.rejected, settings_.likelihood, weights_l);
    const Incentives d = objective_.incentives(z);
    micro.losses.push_back(objective_.loss(z));
    micro.rows.push_back({0, micro.pairs[i]->row, z.z_w, z.z_l, z.z_w_ref, z.z_l_ref, d.d_w, d.d_l,
                          static_cast<std::int64_t>(z.len_w), static_cast<std::int64_t>(z.len_l)});
    return d;
  };
  micro.head = likelihood::run_head(policy_.head(), policy_.options().compute, input, request, callback,
                                    kl ? &reference : nullptr);
}

void StepEngine::tail_scores(MicroBatch& micro) {
  // The last block alone is differentiated once per branch, down to its input.
  const double share = 1.0 / static_cast<double>(micro.pairs.size());
  for (const bool chosen : {true, false}) {
    model::GradientRoute& route = micro.context.route;
    route = {};
    route.plain = chosen ? model::Slot::score_w : model::Slot::score_l;
    route.plain_scored_only = true;
    torch::autograd::grad({chosen ? micro.states_w : micro.states_l}, {micro.hidden.tail_leaf},
                          {(chosen ? micro.head.cotangent_w : micro.head.cotangent_l) * share}, /*retain_graph=*/true);
  }
}

void StepEngine::backward_together(MicroBatch& micro, double alpha, double share) {
  micro.context.route = {};
  micro.context.route.plain = model::Slot::train;
  const double part = share / static_cast<double>(micro.pairs.size());  // 1 / pairs of the step
  const auto cotangent = [&](const at::Tensor& unit, std::span<const model::ResponseSpan> spans, bool chosen) {
    const double factor = (chosen ? -alpha : 1.0 / alpha) * part;
    return unit * spread_over_responses(spans, branch_of(micro.head.incentives, chosen, factor), unit);
  };
  const std::vector<at::Tensor> roots = {micro.states_w, micro.states_l};
  const std::vector<at::Tensor> cotangents = {cotangent(micro.head.cotangent_w, micro.row.spans_w, true),
                                              cotangent(micro.head.cotangent_l, micro.row.spans_l, false)};
  if (!micro.hidden.tail_leaf.defined()) {
    torch::autograd::backward(roots, cotangents);
    return;
  }
  const auto below = torch::autograd::grad(roots, {micro.hidden.tail_leaf}, cotangents);
  torch::autograd::backward({micro.hidden.tail_source}, {below[0]});
}

void StepEngine::backward_branches(MicroBatch& micro, bool with_products) {
  const double share = 1.0 / static_cast<double>(micro.pairs.size());
  model::GradientRoute& route = micro.context.route;
  route = {};
  route.split = micro.row.split;
  route.plain = micro.score_w;
  route.split_plain = micro.score_l;
  route.plain_scored_only = true;
  if (micro.pairs.size() > 1 || settings_.granularity == Granularity::step) {
    route.weighted = model::Slot::branch_w;
    route.split_weighted = model::Slot::branch_l;
    route.row_weights = weights_of_rows(micro.row, micro.head.incentives, policy_.options().compute);
  }
  if (with_products) {
    route.both_known = [&micro](model::Parameter& parameter) {
      if (parameter.scored)
        micro.products[&parameter] =
            model::pair_products(parameter.gradient(micro.score_w), parameter.gradient(micro.score_l));
    };
  }
  torch::autograd::backward({micro.states_w, micro.states_l},
                            {micro.head.cotangent_w * share, micro.head.cotangent_l * share});
}

Scores StepEngine::scores_of(const MicroBatch& micro) const {
  model::PairProducts total;
  std::vector<cuda::GradientPair> others;
  for (model::Parameter* parameter : scored_) {
    const auto known = micro.products.find(parameter);
    if (known != micro.products.end())
      total += known->second;
    else
      others.push_back({parameter->gradient(micro.score_w), parameter->gradient(micro.score_l)});
  }
  for (const model::PairProducts& products : model::pair_products_each(others)) total += products;
  return {std::sqrt(total.aa), std::sqrt(total.bb), total.ab};
}

Scores StepEngine::micro_batch_scores(std::int64_t batches) const {
  if (batches == 1) return scores_of(model::Slot::score_w, model::Slot::score_l, 1.0);
  if (!policy_.options().device.is_cpu()) {
    for (model::Parameter* parameter : scored_) {
      parameter->add(model::Slot::mean_w, parameter->gradient(model::Slot::score_w));
      parameter->add(model::Slot::mean_l, parameter->gradient(model::Slot::score_l));
    }
    return scores_of(model::Slot::score_w, model::Slot::score_l, 1.0);
  }
  model::PairProducts total;
  for (model::Parameter* parameter : scored_)
    total += parameter->products_adding(model::Slot::score_w, model::Slot::score_l, model::Slot::mean_w,
                                        model::Slot::mean_l);
  return {std::sqrt(total.aa), std::sqrt(total.bb), total.ab};
}

double StepEngine::calibrate(Incentives mean, Scores scores) {
  average(mean, scores);
  calibrated_ = calibration_.update(mean.d_w, mean.d_l, scores);
  if (calibrated_.uncalibrated) ++uncalibrated_;
  return calibrated_.alpha;
}

void StepEngine::combine(std::span<model::Parameter* const> parameters, double alpha, model::Slot w, model::Slot l,
                         const Incentives& d, double share) {
  for (model::Parameter* parameter : parameters)
    parameter->combine(model::Slot::train, -alpha * d.d_w * share, w, d.d_l * share / alpha, l);
}

void StepEngine::add_single_pair(MicroBatch& micro, std::int64_t batches) {
  micro.score_w = waiting_.empty() ? model::Slot::score_w : model::Slot::second_w;
  micro.score_l = waiting_.empty() ? model::Slot::score_l : model::Slot::second_l;
  {
    const Timer timer(times_.forward);
    forward(micro);
  }
  {
    const Timer timer(times_.head);
    run_head_of(micro, batches);
  }
  {
    const Timer timer(times_.backward);
    // On a GPU the products of all parameters are one wait at the end.
    backward_branches(micro, policy_.options().device.is_cpu());
  }
  const Timer timer(times_.combine);
  const Incentives d = micro.head.incentives[0];
  const double alpha = calibrate(d, scores_of(micro)), share = 1.0 / static_cast<double>(batches);
  waiting_.push_back({micro.score_w, micro.score_l, -alpha * d.d_w * share, d.d_l * share / alpha});
  if (waiting_.size() < 2 && !micro.last) return;
  const bool whole = micro.last && group_.alone();  // the sums are the step's, and not one process's part of them
  for (model::Parameter* parameter : trained_) {
    if (const auto products =
            parameter->sum(waiting_, model::Slot::mean_w, model::Slot::mean_l, model::Slot::train, whole))
      step_products_[parameter] = *products;
    for (const model::Parameter::Branches& branches : waiting_)
      parameter->clear(branches.w), parameter->clear(branches.l);
  }
  waiting_.clear();
}

void StepEngine::add_micro_batch(MicroBatch& micro, std::int64_t batches) {
  const bool per_step = settings_.granularity == Granularity::step && batches > 1;
  const double share = 1.0 / static_cast<double>(batches);
  {
    const Timer timer(times_.forward);
    forward(micro);
  }
  {
    const Timer timer(times_.head);
    run_head_of(micro, batches);
  }
  const bool unlike = micro.pairs.size() > 1 || settings_.granularity == Granularity::step;
  const model::Slot slot_w = unlike ? model::Slot::branch_w : model::Slot::score_w,
                    slot_l = unlike ? model::Slot::branch_l : model::Slot::score_l;
  const Incentives single = unlike ? Incentives{1.0, 1.0} : micro.head.incentives[0];
  if (micro.apart) {
    {
      const Timer timer(times_.backward);
      if (per_step && micro.last) send_head_scores();
      backward_branches(micro, false);
    }
    if (per_step) return;
    const Timer timer(times_.combine);
    const double alpha = calibrate(micro.mean(), micro_batch_scores(batches));
    combine(trained_, alpha, slot_w, slot_l, single, share);
  } else {
    if (settings_.adapters) {
      const Timer timer(times_.backward);
      tail_scores(micro);
    }
    if (!micro.head.projection_done) {
      const Timer timer(times_.combine);
      micro.alpha = calibrate(micro.mean(), micro_batch_scores(batches));
      if (head_trained_) {
        model::Parameter* head = &policy_.head();
        combine({&head, 1}, micro.alpha, slot_w, slot_l, single, share);
      }
    }
    const Timer timer(times_.backward);
    backward_together(micro, micro.alpha, share);
  }
  if (batches == 1) return;
  for (model::Parameter* parameter : trained_)
    for (model::Slot slot : {model::Slot::score_w, model::Slot::score_l, model::Slot::branch_w, model::Slot::branch_l})
      parameter->clear(slot);
}

StepOutcome StepEngine::run_whole(std::span<const data::TokenPair* const> batch,
                                  std::span<const likelihood::TokenLogProbs* const> references) {
  const auto micro_size = static_cast<std::size_t>(settings_.micro_batch);
  const auto batches = static_cast<std::int64_t>(batch.size() / micro_size) * group_.size();
  const bool per_step = settings_.granularity == Granularity::step && batches > 1;
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
  for (std::size_t begin = 0; begin < batch.size(); begin += micro_size) {
    MicroBatch micro;
    micro.pairs = batch.subspan(begin, micro_size);
    if (!references.empty()) micro.references = references.subspan(begin, micro_size);
    micro.last = begin + micro_size == batch.size();
    // Each branch's gradient is wanted for itself.
    micro.apart = settings_.scope == ScoreScope::all || per_step;
    if (settings_.scope == ScoreScope::all && !per_step && micro_size == 1 && batches > 1) {
      add_single_pair(micro, batches);
    } else {
      add_micro_batch(micro, batches);
    }
    outcome.pairs.insert(outcome.pairs.end(), micro.rows.begin(), micro.rows.end());
    losses.insert(losses.end(), micro.losses.begin(), micro.losses.end());
    tokens += micro.tokens;
  }
  const Timer timer(times_.combine);
  share_pairs(outcome, losses, tokens);
  fill_likelihoods(outcome.row, outcome.pairs, losses);
  outcome.row[Column::tokens] = static_cast<double>(tokens);
  finish_step(outcome, batches);
  return outcome;
}

}  // namespace bandscope::trainer
