// SPDX-License-Identifier: Apache-2.0
// Scores: the gradients of the chosen and the rejected likelihoods, which come out of the backward pass that training
// needs anyway, and their norms and inner product, by layer too.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <map>
#include <utility>

#include "training/model/kernels.h"
#include "training/model/to_device.h"
#include "training/step/pass.h"
#include "training/step/step.h"

namespace bandscope::step {
namespace {

/// Each pair's d_w over the rows of its chosen branch and d_l over those of the rejected one, [rows, 1].
/// float32. Branches::apart.
at::Tensor weights_of_rows(const model::PackedRow& row, std::span<const Incentives> incentives) {
  at::Tensor weights = at::empty({row.rows(), 1}, at::TensorOptions().dtype(at::kFloat));
  for (std::size_t i = 0; i < row.segments.size(); ++i) {
    const bool chosen = i < incentives.size();
    const double weight = chosen ? incentives[i].d_w : incentives[i - incentives.size()].d_l;
    for (const model::PackedRange& range : row.segments[i].ranges)
      weights.slice(0, range.begin, range.end).fill_(weight);
  }
  return model::to_device(weights, row.ids.device());
}

Scores scores_from(const model::PairProducts& products, double factor = 1.0) {
  return {std::sqrt(products.aa) * factor, std::sqrt(products.bb) * factor, products.ab * factor * factor};
}

}  // namespace

void StepEngine::backward_branches(Pass& pass) {
  const double share = 1.0 / static_cast<double>(pass.pairs.size());
  model::GradientRoute& route = pass.context.route;
  route = {};
  route.split = pass.row.split;
  route.plain = model::Slot::score_w;
  route.split_plain = model::Slot::score_l;
  route.plain_scored_only = true;
  if (plan_.weighted) {
    route.weighted = model::Slot::branch_w;
    route.split_weighted = model::Slot::branch_l;
    route.row_weights = weights_of_rows(pass.row, pass.head.incentives);
  }
  torch::autograd::backward({pass.states_w, pass.states_l},
                            {pass.head.cotangent_w * share, pass.head.cotangent_l * share});
}

void StepEngine::backward_rows(Pass& pass) {
  model::PairScores& scores = pass.scores.emplace(pass.row);
  if (pass.head.rows)
    scores.add_projection(policy_.head(), *std::exchange(pass.head.rows, std::nullopt));
  else if (head_trained_)
    scores.add_projection(policy_.head(), model::Slot::score_w, model::Slot::score_l);
  pass.context.route = {};
  pass.context.route.scores = &scores;
  torch::autograd::backward({pass.states_w, pass.states_l}, {pass.head.cotangent_w, pass.head.cotangent_l});
}

void StepEngine::calibrate_by_rows(Pass& pass) {
  const std::vector<model::PairProducts> products = pass.scores->products();
  std::vector<model::BranchFactors> of_pairs;
  for (std::size_t i = 0; i < products.size(); ++i) {
    const Incentives& d = pass.head.incentives[i];
    of_pairs.push_back(factors(d, calibrate(d, scores_from(products[i]))));
  }
  pass.scores->finish(of_pairs, {plan_.scores_w(), plan_.scores_l(), model::Slot::train});
  pass.scores.reset();
}

void StepEngine::backward_tail(Pass& pass) {
  const double share = 1.0 / static_cast<double>(plan_.micro_batch);
  for (const bool chosen : {true, false}) {
    model::GradientRoute& route = pass.context.route;
    route = {};
    if (plan_.by_pair) {
      route.of_pairs = chosen ? &pass.tail_w : &pass.tail_l;
      route.of_pairs->rows = pass.row.pairs;
    } else {
      route.plain = chosen ? model::Slot::score_w : model::Slot::score_l;
      route.plain_scored_only = true;
    }
    torch::autograd::grad({chosen ? pass.states_w : pass.states_l}, {pass.hidden.tail_leaf},
                          {(chosen ? pass.head.cotangent_w : pass.head.cotangent_l) * share}, /*retain_graph=*/true);
  }
}

void StepEngine::calibrate_by_tail(Pass& pass) {
  std::vector<cuda::GradientPair> scores;  // pair after pair
  for (std::size_t i = 0; i < pass.pairs.size(); ++i)
    for (model::Parameter* parameter : scored_)
      scores.push_back({pass.tail_w.gradients.at(parameter)[i], pass.tail_l.gradients.at(parameter)[i]});
  const std::vector<model::PairProducts> products = model::pair_products_each(scores);
  for (std::size_t i = 0; i < pass.pairs.size(); ++i) {
    model::PairProducts total;
    for (std::size_t k = 0; k < scored_.size(); ++k) total += products[i * scored_.size() + k];
    pass.alphas.push_back(calibrate(pass.head.incentives[i], scores_from(total)));
  }
  for (model::Parameter* parameter : scored_)
    for (const auto& [tail, slot] :
         {std::pair(&pass.tail_w, plan_.scores_w()), std::pair(&pass.tail_l, plan_.scores_l())})
      for (const at::Tensor& gradient : tail->gradients.at(parameter)) parameter->add(slot, gradient);
  pass.tail_w = {}, pass.tail_l = {};
}

Scores StepEngine::micro_batch_scores() const {
  model::PairProducts total;
  const auto own = [&] { return scores_of(products_of(model::Slot::score_w, model::Slot::score_l, false).pairs, 1.0); };
  if (!plan_.summed()) return own();
  if (!policy_.options().device.is_cpu()) {
    for (model::Parameter* parameter : scored_) {
      parameter->add(model::Slot::mean_w, parameter->gradient(model::Slot::score_w));
      parameter->add(model::Slot::mean_l, parameter->gradient(model::Slot::score_l));
    }
    return own();
  }
  for (model::Parameter* parameter : scored_)
    total += parameter->products_adding(model::Slot::score_w, model::Slot::score_l, model::Slot::mean_w,
                                        model::Slot::mean_l);
  return scores_from(total);
}

model::StepProducts StepEngine::products_of(model::Slot w, model::Slot l, bool gradient) const {
  std::vector<cuda::GradientPair> pairs;
  if (!sums_in_rows_)
    for (model::Parameter* parameter : scored_) pairs.push_back({parameter->gradient(w), parameter->gradient(l)});
  std::vector<at::Tensor> gradients;
  const double squares = gradient ? squares_taken(gradients) : 0.0;
  model::StepProducts result = model::products_and_norm(pairs, gradients);
  result.squared_norm += squares;
  if (sums_in_rows_) result.pairs = {projection_sums_.total()};
  return result;
}

double StepEngine::squares_taken(std::vector<at::Tensor>& others) const {
  double squares = 0;
  if (layers_ && squares_.empty()) {
    others = layers_->gradients();
    return squares;
  }
  for (model::Parameter* parameter : trained_) {
    const auto shared = squares_.find(parameter);
    if (shared != squares_.end()) {
      squares += shared->second;
      continue;
    }
    others.push_back(parameter->gradient(model::Slot::train));
  }
  return squares;
}

Scores StepEngine::scores_of(std::span<const model::PairProducts> products, double factor) {
  model::PairProducts total;
  for (const model::PairProducts& of_one : products) total += of_one;
  return scores_from(total, factor);
}

LayerRow StepEngine::layer_scores(std::span<const model::PairProducts> products, double factor) const {
  std::map<int, model::PairProducts> layers;
  for (std::size_t i = 0; i < scored_.size(); ++i) layers[scored_[i]->layer] += products[i];
  LayerRow row;
  for (const auto& [layer, of_layer] : layers) {
    const Scores scores = scores_from(of_layer, factor);
    row.score_norm_w.push_back(scores.norm_w);
    row.score_norm_l.push_back(scores.norm_l);
    row.score_dot.push_back(scores.dot);
  }
  return row;
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

}  // namespace bandscope::step
