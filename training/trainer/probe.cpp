// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/probe.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

namespace bandscope::trainer {
namespace {

struct BranchStates {
  at::Tensor w, l;
};

BranchStates states_of(model::Decoder& decoder, bool adapters, const model::PackedRow& row) {
  model::PassContext context;
  context.compute = decoder.options().compute;
  context.adapters = adapters;
  const at::Tensor states = decoder.forward(row, context).states;
  return {states.index_select(0, row.rows_w), states.index_select(0, row.rows_l)};
}

}  // namespace

std::vector<PairLikelihoods> held_out_likelihoods(model::Decoder& policy, model::Decoder& reference,
                                                  std::span<const data::TokenPair* const> pairs,
                                                  std::span<const likelihood::TokenLogProbs> references,
                                                  const step::StepSettings& settings) {
  const at::NoGradGuard no_grad;
  const model::PackedRow row = model::pack(pairs, model::Branches::both, policy.options().device);
  const BranchStates own = states_of(policy, true, row);
  const likelihood::HeadInput input{own.w, own.l, row.targets_w, row.targets_l, row.spans_w, row.spans_l};
  likelihood::HeadRequest request;
  request.logit_cap = policy.config().logit_cap;
  request.likelihood = settings.likelihood;
  request.statistic = settings.statistic;
  request.kl_alpha = settings.kl_alpha;
  request.chunk = settings.chunk;
  request.gradients = false;
  const bool kl = settings.statistic == TokenStatistic::kl;
  likelihood::ReferenceStates fixed;
  if (kl) {
    const BranchStates states = states_of(reference, false, row);
    fixed = {states.w, states.l, reference.head().in(reference.options().compute)};
  }
  const auto callback = [&](std::size_t i, PairLikelihoods& z, const likelihood::TokenLogProbs&,
                            std::span<const float> weights_w, std::span<const float> weights_l) {
    z.z_w_ref = likelihood::reduce_log_probs(references[i].chosen, settings.likelihood, weights_w);
    z.z_l_ref = likelihood::reduce_log_probs(references[i].rejected, settings.likelihood, weights_l);
    return Incentives{};
  };
  return likelihood::run_head(policy.head(), policy.options().compute, input, request, callback, kl ? &fixed : nullptr)
      .pairs;
}

}  // namespace bandscope::trainer
