// SPDX-License-Identifier: Apache-2.0
// The step's own pairs once more, after its update (scores.after_update): what Theorem 3.1 predicts the change of.
#include <ATen/core/grad_mode.h>

#include "training/step/pass.h"
#include "training/step/passes.h"
#include "training/step/step.h"

namespace bandscope::step {

void StepEngine::look_again(std::span<const data::TokenPair* const> batch, StepOutcome& outcome) {
  const at::NoGradGuard no_grad;
  std::vector<double> own;
  std::size_t begin = 0;
  for (const std::size_t count : passes(batch, pass_limits(settings_, plan_, policy_.head().rows()))) {
    Pass pass;
    pass.pairs = batch.subspan(begin, count);
    pass.context.compute = policy_.options().compute;
    // The same masks as before the update, so that nothing but the weights differs.
    pass.first_pair = group_.rank() * static_cast<std::int64_t>(batch.size()) + static_cast<std::int64_t>(begin);
    pass.context.dropout = {settings_.lora_dropout, dropout_seed_, step_, pass.first_pair, {}};
    pass.row = model::pack(pass.pairs, plan_.layout(), policy_.options().device);
    begin += count;
    const at::Tensor states = policy_.forward(pass.row, pass.context).states;
    const likelihood::HeadInput input{states.index_select(0, pass.row.rows_w),
                                      states.index_select(0, pass.row.rows_l),
                                      pass.row.targets_w,
                                      pass.row.targets_l,
                                      pass.row.spans_w,
                                      pass.row.spans_l};
    likelihood::HeadRequest request = head_request();
    request.gradients = false;
    likelihood::ReferenceStates reference;
    const bool kl = settings_.statistic == TokenStatistic::kl;
    if (kl) reference_states(pass, reference);
    const auto callback = [](std::size_t, PairLikelihoods&, const likelihood::TokenLogProbs&, std::span<const float>,
                             std::span<const float>) { return Incentives{}; };
    const likelihood::HeadResult head =
        likelihood::run_head(policy_.head(), pass.context.compute, input, request, callback, kl ? &reference : nullptr);
    for (const PairLikelihoods& z : head.pairs) own.insert(own.end(), {z.z_w, z.z_l});
    if (layers_) layers_->let_go();
  }
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
