// SPDX-License-Identifier: Apache-2.0
// What a step's processes tell each other: pairs for the record, and gradients.
#include "training/step/step.h"

namespace bandscope::step {

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

}  // namespace bandscope::step
