// SPDX-License-Identifier: Apache-2.0
// The forward half of a micro-batch: packed, through the decoder, and through the head to z, losses and incentives.
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "training/likelihood/reference.h"
#include "training/step/micro_batch.h"
#include "training/step/step.h"

namespace bandscope::step {

void StepEngine::forward(MicroBatch& micro) {
  const at::AutoGradMode on(true);
  micro.context.compute = policy_.options().compute;
  micro.context.lora_dropout = settings_.lora_dropout;
  micro.context.dropout_generator = dropout_generator_;
  micro.row = model::pack(micro.pairs, plan_.layout(), policy_.options().device);
  // The last micro-batch completes the blocks' gradients, which then travel while the blocks before go backward. Of
  // branches that calibration has yet to combine there is nothing to send.
  const bool complete = plan_.apart ? plan_.per_step : !settings_.adapters;
  if (micro.last && complete && !group_.alone())
    micro.context.block_done = [this](int block) { send_gradients(block); };
  micro.hidden = policy_.forward(micro.row, micro.context, settings_.adapters && !plan_.apart);
  micro.states_w = micro.hidden.states.index_select(0, micro.row.rows_w);
  micro.states_l = micro.hidden.states.index_select(0, micro.row.rows_l);
  for (const data::TokenPair* pair : micro.pairs) micro.tokens += static_cast<std::int64_t>(pair->tokens());
}

void StepEngine::reference_states(const MicroBatch& micro, likelihood::ReferenceStates& states) const {
  const at::NoGradGuard no_grad;
  model::PassContext context;
  context.compute = reference_->options().compute;
  context.adapters = false;
  const at::Tensor hidden = reference_->forward(micro.row, context).states;
  states.states_w = hidden.index_select(0, micro.row.rows_w);
  states.states_l = hidden.index_select(0, micro.row.rows_l);
  states.projection = reference_->head().in(context.compute);
}

likelihood::HeadRequest StepEngine::head_request() const {
  likelihood::HeadRequest request;
  request.logit_cap = policy_.config().logit_cap;
  request.likelihood = settings_.likelihood;
  request.statistic = settings_.statistic;
  request.kl_alpha = settings_.kl_alpha;
  request.chunk_bytes = settings_.chunk_bytes;
  return request;
}

void StepEngine::run_head(MicroBatch& micro) {
  likelihood::HeadInput input{micro.states_w,      micro.states_l,    micro.row.targets_w,
                              micro.row.targets_l, micro.row.spans_w, micro.row.spans_l};
  likelihood::HeadRequest request = head_request();
  request.projection_gradients = head_trained_;
  request.weighted_projection = plan_.weighted;
  request.plain_w = micro.score_w;
  request.plain_l = micro.score_l;
  if (!plan_.apart && plan_.micro_batch == 1) {
    request.single_pair = [&](const model::PairProducts& products, const Incentives& d) {
      micro.alpha = calibrate(d, {std::sqrt(products.aa), std::sqrt(products.bb), products.ab});
      return likelihood::BranchFactors{-micro.alpha * d.d_w * plan_.share(), d.d_l * plan_.share() / micro.alpha};
    };
    request.single_w = plan_.scores_w();
    request.single_l = plan_.scores_l();
  }
  likelihood::ReferenceStates reference;
  const bool kl = settings_.statistic == TokenStatistic::kl;
  if (kl) reference_states(micro, reference);
  if (micro.references.empty())
    micro.computed_references = likelihood::log_probs_of(*reference_, false, micro.pairs, plan_.layout());
  const auto callback = [&](std::size_t i, PairLikelihoods& z, const likelihood::TokenLogProbs&,
                            std::span<const float> weights_w, std::span<const float> weights_l) {
    const likelihood::TokenLogProbs& fixed =
        micro.references.empty() ? micro.computed_references[i] : *micro.references[i];
    z.z_w_ref = likelihood::reduce_log_probs(fixed.chosen, settings_.likelihood, weights_w);
    z.z_l_ref = likelihood::reduce_log_probs(fixed.rejected, settings_.likelihood, weights_l);
    const Incentives d = objective_.incentives(z);
    micro.losses.push_back(objective_.loss(z));
    micro.records.push_back({0, micro.pairs[i]->row, z.z_w, z.z_l, z.z_w_ref, z.z_l_ref, d.d_w, d.d_l,
                             static_cast<std::int64_t>(z.len_w), static_cast<std::int64_t>(z.len_l)});
    return d;
  };
  micro.head = likelihood::run_head(policy_.head(), policy_.options().compute, input, request, callback,
                                    kl ? &reference : nullptr);
}

}  // namespace bandscope::step
