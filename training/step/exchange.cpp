// SPDX-License-Identifier: Apache-2.0
// What a step's processes tell each other: pairs for the record, and gradients.
#include "training/model/kernels.h"
#include "training/step/step.h"

namespace bandscope::step {

void StepEngine::share_pairs(StepOutcome& outcome, std::vector<double>& losses, std::int64_t& tokens) const {
  if (group_.alone()) return;
  std::vector<double> own;
  for (std::size_t i = 0; i < outcome.pairs.size(); ++i) {
    for (const PairField& field : pair_fields)
      std::visit([&](auto member) { own.push_back(static_cast<double>(outcome.pairs[i].*member)); }, field.member);
    own.push_back(losses[i]);
  }
  const std::vector<double> all = group_.gather(own);
  outcome.pairs.clear();
  losses.clear();
  for (auto value = all.begin(); value != all.end();) {
    PairRow& pair = outcome.pairs.emplace_back();
    for (const PairField& field : pair_fields) {
      std::visit(
          [&](auto member) { pair.*member = static_cast<std::remove_reference_t<decltype(pair.*member)>>(*value++); },
          field.member);
    }
    losses.push_back(*value++);
  }
  tokens = static_cast<std::int64_t>(group_.sum(static_cast<double>(tokens)));
}

void StepEngine::send_gradients(int layer) {
  while (unsent_ > 0 && by_layer_[unsent_ - 1]->layer >= layer) {
    model::Parameter& parameter = *by_layer_[--unsent_];
    if (!plan_.per_step) {
      sums_.add(parameter, model::Slot::train);
      continue;
    }
    for (model::Slot branch : {model::Slot::branch_w, model::Slot::branch_l}) sums_.add(parameter, branch);
    if (!parameter.scored) continue;
    for (model::Slot score : {model::Slot::score_w, model::Slot::score_l}) sums_.add(parameter, score);
  }
}

void StepEngine::send_head_scores() {
  if (!head_trained_ || policy_.head().scored) return;
  for (model::Slot score : {model::Slot::score_w, model::Slot::score_l}) sums_.add(policy_.head(), score);
}

void StepEngine::sum_gradients() {
  if (group_.alone()) return;
  constexpr int embedding = -1;
  send_gradients(embedding);
  if (!plan_.per_step) {
    for (model::Parameter* parameter : scored_)
      for (model::Slot score : {plan_.scores_w(), plan_.scores_l()}) sums_.add(*parameter, score);
  }
  sums_.finish();
}

void StepEngine::share_out(parallel::LayerWeights& layers) {
  layers_ = &layers;
  policy_.ask_for_weights(&layers);
  sums_.on_sum([this](model::Parameter& parameter, model::Slot slot) {
    if (slot == model::Slot::train) keep_gradient(parameter, slot);
  });
}

void StepEngine::keep_gradient(model::Parameter& parameter, model::Slot slot) {
  // While it is whole, so that the norm is the one of whole gradients to the last bit. On a GPU each would be a wait:
  // there the norm is that of all parts.
  const at::Tensor& gradient = parameter.gradient(slot);
  if (gradient.is_cpu()) squares_[&parameter] = model::squared_norm(gradient);
  layers_->keep_gradient(parameter, slot);
}

}  // namespace bandscope::step
