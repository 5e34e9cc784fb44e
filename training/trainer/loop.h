// SPDX-License-Identifier: Apache-2.0
// The training loop: steps, probe, checkpoints, alerts, and what was asked of the run while it goes.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/record/record_writer.h"
#include "core/record/writer_lock.h"
#include "training/control/commands.h"
#include "training/control/status.h"
#include "training/evaluation/results.h"
#include "training/optimizer/sharded_optimizer.h"
#include "training/step/step.h"
#include "training/trainer/alerts.h"
#include "training/trainer/checkpoint.h"
#include "training/trainer/environment.h"
#include "training/trainer/prepare.h"
#include "training/trainer/trainer.h"

namespace bandscope::trainer {

class TrainingLoop {
 public:
  /// `run`, `options` and `group` must outlive the loop.
  TrainingLoop(PreparedRun& run, const RunOptions& options, parallel::Group& group);
  std::vector<std::string> layer_names() const { return engine_.layer_names(); }
  control::CommandQueue& commands() { return commands_; }
  control::LiveStatus& status() { return status_; }

  /// Trains to the end, a stop, or a failure (thrown as RunError; `result` holds how far it came). `state` is the
  /// checkpoint's trainer.json; null: from the beginning. `record` and `folder` are rank 0's; the others have none.
  void run(const std::filesystem::path& folder, RecordWriter* record, const std::filesystem::path& checkpoint,
           const nlohmann::json& state, RunResult& result);
  /// After another process was lost: the checkpoint of the last whole step, where this process has all of it and none
  /// is on disk yet. Returns whether it was written.
  bool rescue();

 private:
  enum class Ask { go_on, stop };
  Ask handle_commands(std::int64_t step);
  Ask wait_while_paused(std::int64_t step);
  /// What rank 0 was asked between two steps becomes what every process does; a stop may come from any of them.
  Ask agree(Ask ask, std::int64_t step);
  /// Applies what waits, up to CommandQueue::most_at_a_time; true when that is a stop.
  bool apply_waiting(std::int64_t step);
  void apply(const Order& order, std::int64_t step);
  /// The settings from the next step on, for all who need them.
  void use(const LiveSettings& settings);
  StepRow train_step(std::int64_t step);
  /// False where a stop was asked for before all pairs were evaluated: nothing is recorded then, and a resumed run does
  /// it.
  bool evaluate_probe(std::int64_t step);
  /// True where the benchmarks are to be evaluated after this many steps.
  bool benchmarks_due(std::int64_t step) const;
  /// False where a stop was asked for before all of them were; as evaluate_probe().
  bool evaluate_benchmarks(std::int64_t step);
  /// Rank 0's part of it: evaluates and records.
  void run_benchmarks(std::int64_t step);
  /// Collective, while rank 0 evaluates: sets evaluation_ended_; true where any process was asked to stop.
  bool word_of_evaluation(bool ended, bool stop);
  /// By a signal, or by an order that waits.
  bool stop_asked();
  void keep_answers(std::int64_t step, const std::vector<evaluation::TaskResult>& results);
  /// Throws RunError where the run's folder has been deleted or renamed: nothing may be written to its place.
  void check_folder(std::int64_t step) const;
  void save(std::int64_t step);
  void write_checkpoint(std::int64_t step, const nlohmann::json& trainer,
                        const std::map<std::string, at::Tensor>& optimizer);
  void event(std::int64_t step, const std::string& kind, const Message& message);
  nlohmann::json trainer_state(std::int64_t step) const;
  void restore(const std::filesystem::path& checkpoint, const nlohmann::json& state);
  /// How many ids of pairs share a pass: on all processes the same, and after a resume as the run began with, so that
  /// reference values are rounded as they were.
  void agree_on_passes(const nlohmann::json& state);
  /// After the reference values: the smaller passes to which memory had brought the run.
  void restore_passes(const nlohmann::json& state);
  double rate(std::int64_t step) const;
  std::string profile() const;

  PreparedRun& prepared_;
  const RunOptions& options_;
  const RunSpec& spec_;
  parallel::Group& group_;
  Calibration calibration_;
  std::unique_ptr<parallel::LayerWeights> layers_;  ///< with parallel.zero = 3
  step::StepEngine engine_;
  optimizer::ShardedOptimizer optimizer_;
  AlertWatch alerts_;
  control::CommandQueue commands_;
  control::LiveStatus status_;
  LiveSettings settings_;  ///< as the spec or an order has them
  std::filesystem::path folder_;
  RecordWriter* record_ = nullptr;
  double time_ = 0;  ///< seconds of training since the run's start, over resumes
  bool paused_ = false, save_asked_ = false, evaluation_ended_ = false;
  std::int64_t reference_pass_tokens_ = 0;  ///< of the passes that gave reference values; those of steps may be smaller
  std::int64_t saved_ = -1;                 ///< step of the newest checkpoint
  nlohmann::json whole_state_;  ///< trainer_state() of the last whole step, while there are other processes to lose
  step::StepTimes times_;
  double optimizer_seconds_ = 0, after_seconds_ = 0, record_seconds_ = 0;
};

}  // namespace bandscope::trainer
