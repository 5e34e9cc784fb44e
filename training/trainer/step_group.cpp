// SPDX-License-Identifier: Apache-2.0
// What a step's processes tell each other: scalars for calibration, pairs for the record, and gradients.
#include "training/trainer/step.h"

namespace bandscope::trainer {

void StepEngine::average(Incentives& mean, Scores& scores) const {
  if (group_.alone()) return;
  // The cosine rather than the inner product, so that the mean is one as well.
  double values[] = {mean.d_w, mean.d_l, scores.norm_w, scores.norm_l, scores.rho()};
  group_.sum(values);
  for (double& value : values) value /= group_.size();
  mean = {values[0], values[1]};
  scores = {values[2], values[3], values[4] * values[2] * values[3]};
}

void StepEngine::share_pairs(StepOutcome& outcome, std::vector<double>& losses, std::int64_t& tokens) const {
  if (group_.alone()) return;
  constexpr std::size_t fields = 10;
  std::vector<double> own;
  for (std::size_t i = 0; i < outcome.pairs.size(); ++i) {
    const PairRow& pair = outcome.pairs[i];
    own.insert(own.end(),
               {static_cast<double>(pair.row), pair.z_w, pair.z_l, pair.z_w_ref, pair.z_l_ref, pair.d_w, pair.d_l,
                static_cast<double>(pair.tokens_w), static_cast<double>(pair.tokens_l), losses[i]});
  }
  const std::vector<double> all = group_.gather(own);
  outcome.pairs.clear();
  losses.clear();
  for (auto v = all.begin(); v != all.end(); v += fields) {
    outcome.pairs.push_back({0, static_cast<std::int64_t>(v[0]), v[1], v[2], v[3], v[4], v[5], v[6],
                             static_cast<std::int64_t>(v[7]), static_cast<std::int64_t>(v[8])});
    losses.push_back(v[9]);
  }
  tokens = static_cast<std::int64_t>(group_.sum(static_cast<double>(tokens)));
}

void StepEngine::send_gradients(int layer) {
  const bool per_step = settings_.granularity == Granularity::step;
  while (unsent_ > 0 && by_layer_[unsent_ - 1]->layer >= layer) {
    model::Parameter& parameter = *by_layer_[--unsent_];
    if (!per_step) {
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

void StepEngine::sum_gradients(bool per_step, model::Slot w, model::Slot l) {
  if (group_.alone()) return;
  constexpr int embedding = -1;
  send_gradients(embedding);
  if (!per_step) {
    for (model::Parameter* parameter : scored_)
      for (model::Slot score : {w, l}) sums_.add(*parameter, score);
  }
  sums_.finish();
}

}  // namespace bandscope::trainer
