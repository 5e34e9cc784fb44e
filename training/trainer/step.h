// SPDX-License-Identifier: Apache-2.0
// One optimizer step's gradients, scores and record row (contract, section 3 "Step"). The engine asks the head for z,
// asks `core` for d_w, d_l and alpha, and sends -alpha d_w / B and d_l / (alpha B) back as cotangents; it never builds
// the objective's graph.
#pragma once

#include <ATen/core/Generator.h>

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/calibration/calibration.h"
#include "core/record/columns.h"
#include "core/spec/run_spec.h"
#include "training/likelihood/head.h"
#include "training/model/decoder.h"
#include "training/parallel/bucket_sum.h"

namespace bandscope::trainer {

/// Seconds spent per part of a step.
struct StepTimes {
  double forward = 0, head = 0, backward = 0, combine = 0;
};

struct StepOutcome {
  StepRow row;  ///< everything that the gradients say; step, epoch, time, learning rate and memory are the trainer's
  std::vector<PairRow> pairs;
  std::optional<LayerRow> layers;
  std::string non_finite;  ///< name of the first quantity that is not finite; empty when all are
};

class StepEngine {
 public:
  struct Settings {
    Likelihood likelihood = Likelihood::mean;
    TokenStatistic statistic = TokenStatistic::none;
    double kl_alpha = 0;
    ScoreScope scope = ScoreScope::output;
    bool layers = false;
    Granularity granularity = Granularity::micro_batch;
    std::int64_t micro_batch = 1;
    bool adapters = false;  ///< adapters are trained, not the weights
    double lora_dropout = 0;
    std::int64_t chunk_bytes = std::int64_t{96} << 20;
  };
  /// `reference`: for TokenStatistic::kl and for reference values on the fly; may be the policy itself when adapters
  /// are tuned (it then runs without them). All references must outlive the engine. `group`: the processes among which
  /// a step's pairs are split; nullptr for a process alone.
  StepEngine(model::Decoder& policy, const Objective& objective, Calibration& calibration, Settings settings,
             model::Decoder* reference = nullptr, at::Generator* dropout_generator = nullptr,
             parallel::Group* group = nullptr);

  /// How the micro-batches are packed: reference values must be computed in the same layout.
  static model::Branches layout(const Settings& settings, std::int64_t batch_size);

  /// Leaves the step's gradient in Slot::train of every trained parameter. `references` empty: computed on the fly. In
  /// a group `batch` is this process's part; gradient, scores and outcome are those of all parts together, on every
  /// process. Throws RunError when memory runs out, with the largest micro-batch that fits these pairs.
  StepOutcome run(std::span<const data::TokenPair* const> batch,
                  std::span<const likelihood::TokenLogProbs* const> references);
  /// Names of the score layers (scores.layers), in the order of StepOutcome::layers.
  std::vector<std::string> layer_names() const;
  const StepTimes& times() const { return times_; }

 private:
  struct MicroBatch;
  StepOutcome run_whole(std::span<const data::TokenPair* const> batch,
                        std::span<const likelihood::TokenLogProbs* const> references);
  void forward(MicroBatch& micro);
  /// `batches`: micro-batches of the step.
  void run_head_of(MicroBatch& micro, std::int64_t batches);
  void reference_states(MicroBatch& micro, likelihood::ReferenceStates& states) const;
  void backward_together(MicroBatch& micro, double alpha, double share);
  void tail_scores(MicroBatch& micro);
  /// `with_products`: those of the parameters' branches are taken while they are in the cache, into
  /// MicroBatch::products.
  void backward_branches(MicroBatch& micro, bool with_products);
  /// train += share (-alpha d_w S_w + d_l S_l / alpha) of every parameter in `parameters`.
  void combine(std::span<model::Parameter* const> parameters, double alpha, model::Slot w, model::Slot l,
               const Incentives& d, double share);
  /// Of every scored parameter, in their order.
  std::vector<model::PairProducts> products_each(model::Slot w, model::Slot l) const;
  Scores scores_of(model::Slot w, model::Slot l, double factor) const;
  Scores scores_of(const MicroBatch& micro) const;
  /// Scores of the micro-batch in score_w, score_l; where the step has several they are added to mean_w, mean_l as
  /// well.
  Scores micro_batch_scores(std::int64_t batches) const;
  double calibrate(Incentives mean, Scores scores);
  void add_micro_batch(MicroBatch& micro, std::int64_t batches);
  /// The same for the scope "all" and one of several micro-batches of one pair. What this scope costs is passes over
  /// all gradients; two micro-batches enter the step's sums in one pass.
  void add_single_pair(MicroBatch& micro, std::int64_t batches);
  void finish_step(StepOutcome& outcome, std::int64_t batches);
  LayerRow layer_scores(model::Slot w, model::Slot l, double factor) const;
  /// Means of what the processes' micro-batches, the k-th of each, give to calibration.
  void average(Incentives& mean, Scores& scores) const;
  /// Pairs, losses and tokens of all processes.
  void share_pairs(StepOutcome& outcome, std::vector<double>& losses, std::int64_t& tokens) const;
  /// Sends accumulators of layers >= `layer` that are final and have not been sent: the training gradient, or with
  /// granularity "step" the branches it will be made of and the scores taken with them.
  void send_gradients(int layer);
  /// With granularity "step": the output projection's scores where the head alone makes them, which are final before
  /// the last backward pass.
  void send_head_scores();
  /// The step's accumulators summed over all processes.
  void sum_gradients(bool per_step, model::Slot w, model::Slot l);

  model::Decoder& policy_;
  const Objective& objective_;
  Calibration& calibration_;
  Settings settings_;
  model::Decoder* reference_;
  at::Generator* dropout_generator_;
  std::unique_ptr<parallel::Group> alone_;  ///< where no group was given
  parallel::Group& group_;
  parallel::BucketSum sums_;
  std::vector<model::Parameter*>
      by_layer_;            ///< trained parameters, the last blocks last: a backward pass completes those first
  std::size_t unsent_ = 0;  ///< of them, how many have not been sent in this step
  bool head_trained_;
  std::vector<model::Parameter*> trained_;  ///< all trained parameters
  std::vector<model::Parameter*> scored_;   ///< those in the score scope, the output projection included
  StepTimes times_;
  CalibrationResult calibrated_;
  std::int64_t uncalibrated_ = 0;
  std::vector<model::Parameter::Branches> waiting_;  ///< micro-batches that are not in the step's sums yet
  std::unordered_map<const model::Parameter*, model::SumProducts>
      step_products_;  ///< of the step's sums, where their last pass took them
};

}  // namespace bandscope::trainer
