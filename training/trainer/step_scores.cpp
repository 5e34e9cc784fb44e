// SPDX-License-Identifier: Apache-2.0
// Scores of the whole step, by layer too, and the end of its record row.
#include <cmath>
#include <map>

#include "training/trainer/step.h"
#include "training/trainer/step_row.h"

namespace bandscope::trainer {

std::vector<model::PairProducts> StepEngine::products_each(model::Slot w, model::Slot l) const {
  const bool sums = w == model::Slot::mean_w && l == model::Slot::mean_l;
  std::vector<model::PairProducts> result(scored_.size());
  std::vector<cuda::GradientPair> others;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < scored_.size(); ++i) {
    const auto known = step_products_.find(scored_[i]);
    if (sums && known != step_products_.end()) {
      result[i] = known->second.sums;
    } else {
      others.push_back({scored_[i]->gradient(w), scored_[i]->gradient(l)});
      indices.push_back(i);
    }
  }
  const auto products = model::pair_products_each(others);
  for (std::size_t i = 0; i < products.size(); ++i) result[indices[i]] = products[i];
  return result;
}

Scores StepEngine::scores_of(model::Slot w, model::Slot l, double factor) const {
  model::PairProducts total;
  for (const model::PairProducts& products : products_each(w, l)) total += products;
  return {std::sqrt(total.aa) * factor, std::sqrt(total.bb) * factor, total.ab * factor * factor};
}

void StepEngine::finish_step(StepOutcome& outcome, std::int64_t batches) {
  const double share = 1.0 / static_cast<double>(batches);
  const bool per_step = settings_.granularity == Granularity::step && batches > 1;
  const bool summed = batches > 1 && !per_step;
  const model::Slot w = summed ? model::Slot::mean_w : model::Slot::score_w,
                    l = summed ? model::Slot::mean_l : model::Slot::score_l;
  sum_gradients(per_step, w, l);
  const Scores scores = scores_of(w, l, share);
  if (settings_.layers) outcome.layers = layer_scores(w, l, share);
  if (per_step) {
    const double alpha = calibrate({outcome.row[Column::d_w], outcome.row[Column::d_l]}, scores);
    combine(trained_, alpha, model::Slot::branch_w, model::Slot::branch_l, {1.0, 1.0}, share);
  }
  double squares = 0;
  std::vector<at::Tensor> others;
  for (model::Parameter* parameter : trained_) {
    const auto known = step_products_.find(parameter);
    if (known != step_products_.end())
      squares += known->second.target;
    else
      others.push_back(parameter->gradient(model::Slot::train));
  }
  squares += model::squared_norm(others);
  fill_scores(outcome.row, scores, calibrated_, static_cast<double>(uncalibrated_), std::sqrt(squares));
  outcome.non_finite = first_non_finite(outcome.row);
}

std::vector<std::string> StepEngine::layer_names() const {
  std::map<int, std::string> names;
  const int blocks = static_cast<int>(policy_.blocks().size());
  for (const model::Parameter* parameter : scored_) {
    const int layer = parameter->layer;
    names[layer] = layer < 0 ? "embedding" : layer < blocks ? "layers." + std::to_string(layer) : "output";
  }
  std::vector<std::string> result;
  for (const auto& [layer, name] : names) result.push_back(name);
  return result;
}

LayerRow StepEngine::layer_scores(model::Slot w, model::Slot l, double factor) const {
  std::map<int, model::PairProducts> layers;
  const auto products = products_each(w, l);
  for (std::size_t i = 0; i < scored_.size(); ++i) layers[scored_[i]->layer] += products[i];
  LayerRow row;
  for (const auto& [layer, of_layer] : layers) {
    row.score_norm_w.push_back(std::sqrt(of_layer.aa) * factor);
    row.score_norm_l.push_back(std::sqrt(of_layer.bb) * factor);
    row.score_dot.push_back(of_layer.ab * factor * factor);
  }
  return row;
}

}  // namespace bandscope::trainer
