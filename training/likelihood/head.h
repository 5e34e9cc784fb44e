// SPDX-License-Identifier: Apache-2.0
// The likelihood head: from final hidden states of the response positions to z_w, z_l and back, in chunks of positions,
// so that the full logits never exist.
//
// The gradient of z with respect to the logits, c_t (onehot(y_t) - p_t), does not depend on the objective. So the pass
// that computes log-probabilities also computes the gradients of z with respect to hidden states and output projection,
// and a backward pass only scales rows. Norms and inner product of the two output-projection gradients are the scores
// of the `output` scope (paper, section C.3).
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/objective/objective.h"
#include "training/likelihood/chunk.h"
#include "training/likelihood/z_of_tokens.h"
#include "training/model/packed_row.h"
#include "training/model/projection_rows.h"
#include "training/model/projection_sums.h"

namespace bandscope::likelihood {

/// Hidden states that predict the responses, [T_w, hidden] and [T_l, hidden] in compute type, pair after pair.
struct HeadInput {
  at::Tensor states_w, states_l;
  at::Tensor targets_w, targets_l;
  std::span<const model::ResponseSpan> spans_w, spans_l;
};

/// The reference's side for TokenStatistic::kl: its states at the same positions and its output projection.
struct ReferenceStates {
  at::Tensor states_w, states_l;
  at::Tensor projection;  ///< [vocab, hidden] in compute type
};

/// Called pair after pair, in their order, with ||s_w||^2, ||s_l||^2, <s_w, s_l> of the pair's own output scores and
/// its incentives.
using FactorsCallback = std::function<model::BranchFactors(const model::PairProducts& scores, const Incentives& d)>;

struct HeadRequest {
  Likelihood likelihood = Likelihood::mean;
  TokenStatistic statistic = TokenStatistic::none;
  double kl_alpha = 0;               ///< TDPO's alpha
  double logit_cap = 0;              ///< ModelConfig::logit_cap
  bool gradients = true;             ///< false: log-probabilities only (reference, probe)
  bool projection_gradients = true;  ///< the output projection is trained (full tuning)
  bool weighted_projection = true;   ///< also accumulate the d-weighted projection gradient (pairs with unlike d)
  /// Pairs whose factors follow from their own scores, as calibrated one by one, need no gradients of their own in
  /// memory: the scores' products come from the Gram matrices of each pair's rows, then the gradients go straight into
  /// `summed_*` (the sum over pairs of the gradients of z) and Slot::train (with the factors). Each must fit a chunk; a
  /// single one that does not is treated as if this were not set.
  FactorsCallback factors;
  model::Slot summed_w = model::Slot::score_w, summed_l = model::Slot::score_l;
  model::ProjectionSums* sums = nullptr;  ///< takes the pairs' scores with `factors`, in place of `summed_*`
  /// Where the pairs' factors follow from more than the projection's gradients: they are not made, and what they are
  /// made of is given back. Responses must fit a chunk together; those of a single pair that do not are treated as if
  /// this were not set.
  bool keep_rows = false;
  HeadChunk chunk;  ///< logits held at a time
};

struct HeadResult {
  std::vector<PairLikelihoods> pairs;  ///< z and lengths; reference fields as `references` gave them
  std::vector<Incentives> incentives;  ///< as `incentives` gave them
  std::vector<TokenLogProbs> log_probs;
  /// Gradient of each pair's z with respect to its states (not divided by the number of pairs), compute type.
  at::Tensor cotangent_w, cotangent_l;
  /// HeadRequest::factors was called for every pair and the projection's gradient is in Slot::train.
  bool projection_done = false;
  std::optional<model::ProjectionRows> rows;  ///< HeadRequest::keep_rows
};

/// Called once per pair, as soon as its z are known; fills the reference fields and returns d_w, d_l.
using PairCallback = std::function<Incentives(std::size_t pair, PairLikelihoods& z, const TokenLogProbs& log_probs,
                                              std::span<const float> weights_w, std::span<const float> weights_l)>;

/// Runs the head over a micro-batch. `projection` is the output projection parameter [vocab, hidden].
/// Slots score_w and score_l of the projection receive gradients of (1/k) Σ_pairs z, branch_w and branch_l of
/// (1/k) Σ_pairs d z, k = number of pairs.
HeadResult run_head(model::Parameter& projection, at::ScalarType compute, const HeadInput& input,
                    const HeadRequest& request, const PairCallback& callback,
                    const ReferenceStates* reference = nullptr);

}  // namespace bandscope::likelihood
