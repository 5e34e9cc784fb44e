// SPDX-License-Identifier: Apache-2.0
#include "padded_baseline.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "training/model/kernels.h"

namespace bandscope::benchmark {
namespace {

/// [chosen row; rejected row], both padded to the longer one; the padding is computed like everything else.
struct PaddedPair {
  model::PackedRow row;
  at::Tensor targets, mask;  // [2 L] next id; 1 where it is a response id
};

PaddedPair pad(const data::TokenPair& pair) {
  const std::size_t length = pair.prompt.size() + std::max(pair.chosen.size(), pair.rejected.size());
  std::vector<std::int64_t> ids, positions, targets;
  std::vector<float> mask;
  for (const auto* response : {&pair.chosen, &pair.rejected}) {
    std::vector<std::int64_t> row(pair.prompt.begin(), pair.prompt.end());
    row.insert(row.end(), response->begin(), response->end());
    for (std::size_t t = 0; t < length; ++t) {
      ids.push_back(t < row.size() ? row[t] : 0);
      positions.push_back(static_cast<std::int64_t>(t));
      targets.push_back(t + 1 < row.size() ? row[t + 1] : 0);
      mask.push_back(t + 1 >= pair.prompt.size() && t + 1 < row.size() ? 1.0F : 0.0F);
    }
  }
  const auto count = static_cast<std::int64_t>(ids.size());
  const auto tensor = [&](std::vector<std::int64_t>& values) {
    return at::from_blob(values.data(), {count}, at::kLong).clone();
  };
  PaddedPair result;
  result.row.ids = tensor(ids);
  result.row.positions = tensor(positions);
  const auto rows = static_cast<std::int64_t>(length);
  for (const std::int64_t begin : {std::int64_t{0}, rows}) {
    model::Segment& segment = result.row.segments.emplace_back();
    segment.ranges = {{begin, begin + rows}};
    segment.prompt = rows;
  }
  result.targets = tensor(targets);
  result.mask = at::from_blob(mask.data(), {count}, at::kFloat).clone();
  return result;
}

/// Mean log-probabilities of both responses, [2].
at::Tensor likelihoods(model::Decoder& model, const PaddedPair& pair, model::PassContext& context,
                       const model::Linear& projection) {
  const at::Tensor logits = model::linear(model.forward(pair.row, context).states, projection, context);
  const at::Tensor log_probs = at::log_softmax(logits, -1).gather(1, pair.targets.unsqueeze(1)).squeeze(1) * pair.mask;
  return log_probs.view({2, -1}).sum(1) / pair.mask.view({2, -1}).sum(1);
}

}  // namespace

PaddedStep::PaddedStep(model::Decoder& policy, model::Decoder& reference, const Objective& objective,
                       Calibration& calibration, bool calibrate)
    : policy_(policy), reference_(reference), objective_(objective), calibration_(calibration), calibrate_(calibrate) {
  projection_.weight = &policy.head();
}

double PaddedStep::run(std::span<const data::TokenPair* const> batch) {
  for (model::Parameter* parameter : policy_.trained()) {
    // The gradient calls on the projection reach it as embedding too where the two are tied, through the whole graph.
    parameter->scored = parameter == &policy_.head();
    for (model::Slot slot : {model::Slot::train, model::Slot::score_w, model::Slot::score_l}) parameter->clear(slot);
  }
  model::Linear reference_projection;
  reference_projection.weight = &reference_.head();
  double loss = 0;
  const auto pairs = static_cast<double>(batch.size());
  for (const data::TokenPair* pair : batch) {
    const PaddedPair padded = pad(*pair);
    model::PassContext context, reference_context;
    at::Tensor z;
    {
      const at::AutoGradMode on(true);
      z = likelihoods(policy_, padded, context, projection_);
    }
    at::Tensor fixed;
    {
      const at::NoGradGuard no_grad;
      fixed = likelihoods(reference_, padded, reference_context, reference_projection);
    }
    const double z_w = z[0].item<double>(), z_l = z[1].item<double>();
    const PairLikelihoods values{z_w, z_l, fixed[0].item<double>(), fixed[1].item<double>(), 1, 1, 0};
    const Incentives d = objective_.incentives(values);
    loss += objective_.loss(values) / pairs;
    double alpha = 1;
    if (calibrate_) {
      for (const int branch : {0, 1}) {
        context.route = {};
        context.route.plain = branch == 0 ? model::Slot::score_w : model::Slot::score_l;
        context.route.plain_scored_only = true;
        policy_.head().clear(*context.route.plain);
        at::Tensor unit = at::zeros_like(z);
        unit[branch] = 1.0;
        torch::autograd::backward({z}, {unit}, /*retain_graph=*/true);
      }
      const model::PairProducts products = model::pair_products(policy_.head().gradient(model::Slot::score_w),
                                                                policy_.head().gradient(model::Slot::score_l));
      alpha = calibration_.update(d.d_w, d.d_l, {std::sqrt(products.aa), std::sqrt(products.bb), products.ab}).alpha;
    }
    context.route = {};
    context.route.plain = model::Slot::train;
    at::Tensor cotangent = at::empty_like(z.detach());
    cotangent[0] = -alpha * d.d_w / pairs;
    cotangent[1] = d.d_l / alpha / pairs;
    torch::autograd::backward({z}, {cotangent});
  }
  return loss;
}

void separate_graphs_step(model::Decoder& policy, const Objective& objective,
                          std::span<const data::TokenPair* const> batch,
                          std::span<const likelihood::TokenLogProbs* const> references) {
  for (model::Parameter* parameter : policy.trained())
    for (int slot = 0; slot < static_cast<int>(model::Slot::count); ++slot)
      parameter->clear(static_cast<model::Slot>(slot));
  const auto pairs = static_cast<double>(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const data::TokenPair* const pair[] = {batch[i]};
    model::PassContext context_w, context_l;
    const model::PackedRow row_w = model::pack(pair, model::Branches::chosen, at::kCPU),
                           row_l = model::pack(pair, model::Branches::rejected, at::kCPU);
    at::Tensor states_w, states_l;
    {
      const at::AutoGradMode on(true);
      states_w = policy.forward(row_w, context_w).states.index_select(0, row_w.rows_w);
      states_l = policy.forward(row_l, context_l).states.index_select(0, row_l.rows_l);
    }
    const likelihood::HeadInput input{states_w,        states_l,      row_w.targets_w,
                                      row_l.targets_l, row_w.spans_w, row_l.spans_l};
    likelihood::HeadRequest request;
    request.weighted_projection = false;
    Incentives d;
    const likelihood::HeadResult head =
        likelihood::run_head(policy.head(), at::kFloat, input, request,
                             [&](std::size_t, PairLikelihoods& z, const likelihood::TokenLogProbs&, auto, auto) {
                               z.z_w_ref = likelihood::reduce_log_probs(references[i]->chosen, Likelihood::mean);
                               z.z_l_ref = likelihood::reduce_log_probs(references[i]->rejected, Likelihood::mean);
                               return d = objective.incentives(z);
                             });
    policy.head().combine(model::Slot::train, -d.d_w / pairs, model::Slot::score_w, d.d_l / pairs,
                          model::Slot::score_l);
    for (model::Slot slot : {model::Slot::score_w, model::Slot::score_l}) policy.head().clear(slot);
    context_w.route.plain = context_l.route.plain = model::Slot::train;
    torch::autograd::backward({states_w}, {head.cotangent_w * (-d.d_w / pairs)});
    torch::autograd::backward({states_l}, {head.cotangent_l * (d.d_l / pairs)});
  }
}

}  // namespace bandscope::benchmark
