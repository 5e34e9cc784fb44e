// SPDX-License-Identifier: Apache-2.0
// The step that preference-optimization scripts usually run, built from the engine's own pieces so that only the method
// differs: chosen and rejected as two rows padded to one length, the whole prompt in both, full logits, a second model
// for the reference in every step, and for reward calibration two extra gradient calls on the output projection.
#pragma once

#include <memory>
#include <span>

#include "core/calibration/calibration.h"
#include "core/objective/objective.h"
#include "training/likelihood/head.h"
#include "training/model/decoder.h"

namespace bandscope::benchmark {

class PaddedStep {
 public:
  PaddedStep(model::Decoder& policy, model::Decoder& reference, const Objective& objective, Calibration& calibration,
             bool calibrate);
  /// Leaves the gradient in Slot::train; micro-batches of one pair. Returns the mean loss.
  double run(std::span<const data::TokenPair* const> batch);

 private:
  model::Decoder& policy_;
  model::Decoder& reference_;
  const Objective& objective_;
  Calibration& calibration_;
  bool calibrate_;
  model::Linear projection_;
};

/// Chosen and rejected as two unpadded graphs with a cached reference and no scores: what `scope = "all"` is compared
/// with. Leaves the gradient in Slot::train.
void separate_graphs_step(model::Decoder& policy, const Objective& objective,
                          std::span<const data::TokenPair* const> batch,
                          std::span<const likelihood::TokenLogProbs* const> references);

}  // namespace bandscope::benchmark
