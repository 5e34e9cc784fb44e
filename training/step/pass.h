// SPDX-License-Identifier: Apache-2.0
// What one forward and backward pass carries through a step, from its pairs over the decoder and the head to their
// calibrated gradient: a micro-batch, or several of one pair each (passes.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <span>
#include <vector>

#include "core/record/columns.h"
#include "training/likelihood/head.h"
#include "training/model/decoder.h"
#include "training/model/pair_scores.h"

namespace bandscope::step {

struct Pass {
  std::span<const data::TokenPair* const> pairs;
  std::span<const likelihood::TokenLogProbs* const> references;  ///< empty: computed on the fly
  std::int64_t first_pair = 0;  ///< number of the first one in the step, over all processes
  bool last = false;            ///< of the step, on this process

  // Of the forward pass.
  model::PackedRow row;
  model::PassContext context;
  model::Hidden hidden;
  at::Tensor states_w, states_l;  ///< [T, hidden] predicting the responses, part of the graph
  std::int64_t tokens = 0;

  // Of the head.
  std::vector<likelihood::TokenLogProbs> computed_references;
  likelihood::HeadResult head;
  std::vector<PairRow> records;  ///< a row of the record for each pair
  std::vector<double> losses;

  // Of scores and calibration.
  std::optional<model::PairScores> scores;       ///< StepPlan::by_rows
  model::GradientRoute::OfPairs tail_w, tail_l;  ///< each pair's scores in the tail, where adapters are trained
  std::vector<double> alphas;                    ///< of each pair; those of a micro-batch are the same

  Incentives mean() const {
    Incentives mean;
    for (const Incentives& d : head.incentives) mean.d_w += d.d_w, mean.d_l += d.d_l;
    const auto count = static_cast<double>(head.incentives.size());
    return {mean.d_w / count, mean.d_l / count};
  }
};

}  // namespace bandscope::step
