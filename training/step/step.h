// SPDX-License-Identifier: Apache-2.0
// One optimizer step's gradients, scores and record row (specification, section 3 "Step"). The engine asks the head for
// z, asks `core` for d_w, d_l and alpha, and sends -alpha d_w / B and d_l / (alpha B) back as cotangents; it never
// builds the objective's graph.
//
// A step goes through five parts, each in a file of its own: forward (forward.cpp), score (score.cpp), calibrate
// (calibrate.cpp), combine (combine.cpp), and exchange with the other processes (exchange.cpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/calibration/calibration.h"
#include "core/message/message.h"
#include "core/record/columns.h"
#include "training/likelihood/head.h"
#include "training/model/decoder.h"
#include "training/parallel/bucket_sum.h"
#include "training/parallel/layer_weights.h"
#include "training/step/step_plan.h"

namespace bandscope::step {

struct Pass;

/// Seconds spent per part of a step.
struct StepTimes {
  double forward = 0, head = 0, backward = 0, combine = 0;
};

struct StepOutcome {
  StepRow row;  ///< everything that the gradients say; step, epoch, time, learning rate and memory are the trainer's
  std::vector<PairRow> pairs;
  std::optional<LayerRow> layers;
  std::optional<Message> note;  ///< what people should know of how the step was taken
  std::string non_finite;       ///< name of the first quantity that is not finite; empty when all are
};

class StepEngine {
 public:
  /// `reference`: for TokenStatistic::kl and for reference values on the fly; may be the policy itself when adapters
  /// are tuned (it then runs without them). All references must outlive the engine. `group`: the processes among which
  /// a step's pairs are split; nullptr for a process alone.
  StepEngine(model::Decoder& policy, const Objective& objective, Calibration& calibration, StepSettings settings,
             model::Decoder* reference = nullptr, std::uint64_t dropout_seed = 0, parallel::Group* group = nullptr);

  /// Leaves the step's gradient in Slot::train of every trained parameter. `references` empty: computed on the fly;
  /// `step`: its number, for dropout's masks. In
  /// a group `batch` is this process's part; gradient, scores and outcome are those of all parts together, on every
  /// process. Where memory runs out, passes that pairs share become smaller from this step on (pass_tokens()); throws
  /// RunError when that does not help, with the largest micro-batch that fits these pairs.
  StepOutcome run(std::span<const data::TokenPair* const> batch,
                  std::span<const likelihood::TokenLogProbs* const> references, std::int64_t step = 0);
  /// After run() of the same batch and the optimizer's step: sets z_w_after and z_l_after of the outcome's pairs and
  /// row.
  void look_again(std::span<const data::TokenPair* const> batch, StepOutcome& outcome);
  /// Weights and gradients are shared out from now on: passes gather what they work with, and the step's gradient is
  /// left in LayerWeights::parts(), not in Slot::train. `layers` must outlive the engine.
  void share_out(parallel::LayerWeights& layers);
  /// Names of the score layers (scores.layers), in the order of StepOutcome::layers.
  std::vector<std::string> layer_names() const;
  const StepTimes& times() const { return times_; }
  /// Makes times() those of the work itself, for which a GPU is waited at the end of each part; else they are those of
  /// asking for it.
  void time_the_work() { time_the_work_ = true; }
  /// Most ids of a pass that pairs share, from the next step on.
  std::int64_t pass_tokens() const { return settings_.pass_tokens; }
  void set_pass_tokens(std::int64_t tokens) { settings_.pass_tokens = tokens; }

 private:
  /// False where `body` runs out of memory.
  bool fits(const std::function<void()>& body) const;
  StepOutcome take_step(std::span<const data::TokenPair* const> batch,
                        std::span<const likelihood::TokenLogProbs* const> references);
  /// The step in passes of half the ids, a quarter, and so on, down to one pair; nullopt where none fits.
  std::optional<StepOutcome> take_in_smaller_passes(std::span<const data::TokenPair* const> batch,
                                                    std::span<const likelihood::TokenLogProbs* const> references);
  void take_pass(Pass& pass);
  /// Accumulators are empty, and the step's sums are where they take least.
  void begin_step(std::span<const data::TokenPair* const> batch);
  /// Scores, the calibration that waited for them, and the norm of the gradient.
  void finish_step(StepOutcome& outcome);

  // Forward.
  void forward(Pass& pass);
  void run_head(Pass& pass);
  /// What every pass through the head asks for.
  likelihood::HeadRequest head_request() const;
  void reference_states(const Pass& pass, likelihood::ReferenceStates& states) const;

  // Score.
  /// Differentiates both branches, each for itself.
  void backward_branches(Pass& pass);
  /// Differentiates the tail once per branch, down to its input.
  void backward_tail(Pass& pass);
  /// Calibrates each pair by its own scores in the tail, which also enter the step's.
  void calibrate_by_tail(Pass& pass);
  /// StepPlan::by_rows: differentiates both branches and leaves rows, of which calibrate_by_rows makes the scores of
  /// each pair and the gradients.
  void backward_rows(Pass& pass);
  void calibrate_by_rows(Pass& pass);
  Scores micro_batch_scores() const;
  /// Of every scored parameter, in their order, and with `gradient` the squared norm of the step's gradient: one wait
  /// for a GPU.
  model::StepProducts products_of(model::Slot w, model::Slot l, bool gradient) const;
  static Scores scores_of(std::span<const model::PairProducts> products, double factor);
  LayerRow layer_scores(std::span<const model::PairProducts> products, double factor) const;

  // Calibrate.
  /// alpha for the mean incentives and scores of a micro-batch, or of the step. In a group these are the means of what
  /// the processes' micro-batches, the k-th of each, have.
  double calibrate(Incentives mean, Scores scores);

  // Combine.
  /// Those of a micro-batch's scores in the step's gradient.
  model::BranchFactors factors(const Incentives& d, double alpha) const;
  /// The micro-batch's calibrated part of the gradient, out of its branches' gradients.
  void combine_branches(Pass& pass);
  /// train += share (-alpha d_w S_w + d_l S_l / alpha) of every parameter in `parameters`.
  void combine(std::span<model::Parameter* const> parameters, double alpha, model::Slot w, model::Slot l,
               const Incentives& d);
  /// The calibrated gradient in one backward pass of both branches.
  void backward_together(Pass& pass);
  /// Squares of the step's gradient that were taken on its way; `others` get what is left.
  double squares_taken(std::vector<at::Tensor>& others) const;

  // Exchange.
  /// Pairs, losses and tokens of all processes.
  void share_pairs(StepOutcome& outcome, std::vector<double>& losses, std::int64_t& tokens) const;
  /// Sends accumulators of layers >= `layer` that are final and have not been sent: the training gradient, or where
  /// calibration waits for the step the branches it will be made of and the scores taken with them.
  void send_gradients(int layer);
  /// Where calibration waits for the step: the output projection's scores where the head alone makes them, which are
  /// final before the last backward pass.
  void send_head_scores();
  /// The step's accumulators summed over all processes.
  void sum_gradients();
  /// A gradient that is shared out has been summed.
  void keep_gradient(model::Parameter& parameter, model::Slot slot);

  std::optional<at::Device> timed_device() const {
    return time_the_work_ ? std::optional(policy_.options().device) : std::nullopt;
  }

  model::Decoder& policy_;
  const Objective& objective_;
  Calibration& calibration_;
  StepSettings settings_;
  StepPlan plan_;              ///< of the step being taken
  bool sums_in_rows_ = false;  ///< StepPlan::sums_in_rows
  model::ProjectionSums projection_sums_;
  model::Decoder* reference_;
  std::uint64_t dropout_seed_;
  std::int64_t step_ = 0;                   ///< that is being taken
  std::unique_ptr<parallel::Group> alone_;  ///< where no group was given
  parallel::Group& group_;
  parallel::BucketSum sums_;
  std::vector<model::Parameter*>
      by_layer_;            ///< trained parameters, the last blocks last: a backward pass completes those first
  std::size_t unsent_ = 0;  ///< of them, how many have not been sent in this step
  bool head_trained_;
  int tail_;  ///< the last block that has trained weights: an adapter may be on earlier blocks alone
  std::vector<model::Parameter*> trained_;  ///< all trained parameters
  std::vector<model::Parameter*> scored_;   ///< those in the score scope, the output projection included
  StepTimes times_;
  bool time_the_work_ = false;
  CalibrationResult calibrated_;
  std::int64_t uncalibrated_ = 0;
  parallel::LayerWeights* layers_ = nullptr;                     ///< where weights are shared out
  std::unordered_map<const model::Parameter*, double> squares_;  ///< of gradients that are shared out
};

}  // namespace bandscope::step
