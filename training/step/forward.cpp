// SPDX-License-Identifier: Apache-2.0
// The forward half of a pass: packed, through the decoder, and through the head to z, losses and incentives.
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "training/likelihood/reference.h"
#include "training/step/pass.h"
#include "training/step/step.h"

namespace bandscope::step {

void StepEngine::forward(Pass& pass) {
  const at::AutoGradMode on(true);
  pass.context.compute = policy_.options().compute;
  pass.context.dropout = {settings_.lora_dropout, dropout_seed_, step_, pass.first_pair, {}};
  pass.row = model::pack(pass.pairs, plan_.layout(), policy_.options().device);
  // The last pass completes the blocks' gradients, which then travel while the blocks before go backward. Of
  // branches that calibration has yet to combine there is nothing to send.
  const bool complete = plan_.apart ? plan_.per_step : !settings_.adapters;
  if (pass.last && complete && !group_.alone()) pass.context.block_done = [this](int block) { send_gradients(block); };
  pass.hidden =
      policy_.forward(pass.row, pass.context, settings_.adapters && !plan_.apart ? std::optional(tail_) : std::nullopt);
  pass.states_w = pass.hidden.states.index_select(0, pass.row.rows_w);
  pass.states_l = pass.hidden.states.index_select(0, pass.row.rows_l);
  for (const data::TokenPair* pair : pass.pairs) pass.tokens += static_cast<std::int64_t>(pair->tokens());
}

void StepEngine::reference_states(const Pass& pass, likelihood::ReferenceStates& states) const {
  const at::NoGradGuard no_grad;
  model::PassContext context;
  context.compute = reference_->options().compute;
  context.adapters = false;
  const at::Tensor hidden = reference_->forward(pass.row, context).states;
  states.states_w = hidden.index_select(0, pass.row.rows_w);
  states.states_l = hidden.index_select(0, pass.row.rows_l);
  states.projection = reference_->head().in(context.compute);
}

likelihood::HeadRequest StepEngine::head_request() const {
  likelihood::HeadRequest request;
  request.logit_cap = policy_.config().logit_cap;
  request.likelihood = settings_.likelihood;
  request.statistic = settings_.statistic;
  request.kl_alpha = settings_.kl_alpha;
  request.chunk = settings_.chunk;
  return request;
}

void StepEngine::run_head(Pass& pass) {
  likelihood::HeadInput input{pass.states_w,      pass.states_l,    pass.row.targets_w,
                              pass.row.targets_l, pass.row.spans_w, pass.row.spans_l};
  likelihood::HeadRequest request = head_request();
  request.projection_gradients = head_trained_;
  request.weighted_projection = plan_.weighted;
  if (plan_.by_rows()) {
    request.keep_rows = true;
    request.weighted_projection = false;
  } else if (plan_.by_pair) {
    request.factors = [&](const model::PairProducts& products, const Incentives& d) {
      const double alpha = calibrate(d, {std::sqrt(products.aa), std::sqrt(products.bb), products.ab});
      pass.alphas.push_back(alpha);
      return factors(d, alpha);
    };
    if (sums_in_rows_) request.sums = &projection_sums_;
    request.summed_w = plan_.scores_w();
    request.summed_l = plan_.scores_l();
  }
  likelihood::ReferenceStates reference;
  const bool kl = settings_.statistic == TokenStatistic::kl;
  if (kl) reference_states(pass, reference);
  if (pass.references.empty())
    pass.computed_references = likelihood::log_probs_of(*reference_, false, pass.pairs, plan_.layout());
  const auto callback = [&](std::size_t i, PairLikelihoods& z, const likelihood::TokenLogProbs&,
                            std::span<const float> weights_w, std::span<const float> weights_l) {
    const likelihood::TokenLogProbs& fixed =
        pass.references.empty() ? pass.computed_references[i] : *pass.references[i];
    z.z_w_ref = likelihood::reduce_log_probs(fixed.chosen, settings_.likelihood, weights_w);
    z.z_l_ref = likelihood::reduce_log_probs(fixed.rejected, settings_.likelihood, weights_l);
    const Incentives d = objective_.incentives(z);
    pass.losses.push_back(objective_.loss(z));
    pass.records.push_back({0, pass.pairs[i]->row, z.z_w, z.z_l, z.z_w_ref, z.z_l_ref, d.d_w, d.d_l,
                            static_cast<std::int64_t>(z.len_w), static_cast<std::int64_t>(z.len_l)});
    pass.records.back().row_l = pass.pairs[i]->rejected_row();
    return d;
  };
  pass.head = likelihood::run_head(policy_.head(), policy_.options().compute, input, request, callback,
                                   kl ? &reference : nullptr);
}

}  // namespace bandscope::step
