// SPDX-License-Identifier: Apache-2.0
// The step's own pairs once more, after its update (scores.after_update): what Theorem 3.1 predicts the change of.
#include <ATen/core/grad_mode.h>

#include "training/step/micro_batch.h"
#include "training/step/step.h"

namespace bandscope::step {

void StepEngine::look_again(std::span<const data::TokenPair* const> batch, StepOutcome& outcome) {
  const at::NoGradGuard no_grad;
  // The same masks as before the update, so that nothing but the weights differs; what is drawn later stays the same.
  at::Tensor drawn;
  if (settings_.lora_dropout > 0 && dropout_generator_) {
    drawn = dropout_generator_->get_state();
    dropout_generator_->set_state(dropout_before_);
  }
  std::vector<double> own;
  const auto size = static_cast<std::size_t>(plan_.micro_batch);
  for (std::size_t begin = 0; begin < batch.size(); begin += size) {
    MicroBatch micro;
    micro.pairs = batch.subspan(begin, size);
    micro.context.compute = policy_.options().compute;
    micro.context.lora_dropout = settings_.lora_dropout;
    micro.context.dropout_generator = dropout_generator_;
    micro.row = model::pack(micro.pairs, plan_.layout(), policy_.options().device);
    const at::Tensor states = policy_.forward(micro.row, micro.context).states;
    const likelihood::HeadInput input{states.index_select(0, micro.row.rows_w),
                                      states.index_select(0, micro.row.rows_l),
                                      micro.row.targets_w,
                                      micro.row.targets_l,
                                      micro.row.spans_w,
                                      micro.row.spans_l};
    likelihood::HeadRequest request = head_request();
    request.gradients = false;
    likelihood::ReferenceStates reference;
    const bool kl = settings_.statistic == TokenStatistic::kl;
    if (kl) reference_states(micro, reference);
    const auto callback = [](std::size_t, PairLikelihoods&, const likelihood::TokenLogProbs&, std::span<const float>,
                             std::span<const float>) { return Incentives{}; };
    const likelihood::HeadResult head = likelihood::run_head(policy_.head(), micro.context.compute, input, request,
                                                             callback, kl ? &reference : nullptr);
    for (const PairLikelihoods& z : head.pairs) own.insert(own.end(), {z.z_w, z.z_l});
  }
  if (drawn.defined()) dropout_generator_->set_state(drawn);
  const std::vector<double> all = group_.alone() ? std::move(own) : group_.gather(own);
  double sum_w = 0, sum_l = 0;
  for (std::size_t i = 0; i < outcome.pairs.size(); ++i) {
    sum_w += outcome.pairs[i].z_w_after = all[2 * i];
    sum_l += outcome.pairs[i].z_l_after = all[2 * i + 1];
  }
  const auto pairs = static_cast<double>(outcome.pairs.size());
  outcome.row[Column::z_w_after] = sum_w / pairs;
  outcome.row[Column::z_l_after] = sum_l / pairs;
}

}  // namespace bandscope::step
