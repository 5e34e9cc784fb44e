// SPDX-License-Identifier: Apache-2.0
// z of held-out pairs, as a step has them.
#pragma once

#include <span>
#include <vector>

#include "core/objective/objective.h"
#include "training/likelihood/head.h"
#include "training/model/decoder.h"
#include "training/step/step_plan.h"

namespace bandscope::trainer {

/// z_w, z_l and the reference's of each pair (specification, section 3 "z"): TI-DPO's token weights and TDPO's
/// divergence included, as the objective of `settings` takes them. Forward only, one packed row; changes no random
/// state. `references`: log-probabilities under the reference, one per pair. `reference`: used for TokenStatistic::kl
/// only, without its adapters; may be `policy`.
std::vector<PairLikelihoods> held_out_likelihoods(model::Decoder& policy, model::Decoder& reference,
                                                  std::span<const data::TokenPair* const> pairs,
                                                  std::span<const likelihood::TokenLogProbs> references,
                                                  const step::StepSettings& settings);

}  // namespace bandscope::trainer
