// SPDX-License-Identifier: Apache-2.0
// The training loop: steps, probe, checkpoints, alerts, and what was asked of the run while it goes.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/record/record_writer.h"
#include "core/record/writer_lock.h"
#include "training/control/status.h"
#include "training/trainer/alerts.h"
#include "training/trainer/checkpoint.h"
#include "training/trainer/environment.h"
#include "training/trainer/prepare.h"
#include "training/trainer/trainer.h"

namespace bandscope {

class TrainingLoop {
 public:
  /// `run` and `options` must outlive the loop.
  TrainingLoop(PreparedRun& run, const RunOptions& options);
  std::vector<std::string> layer_names() const { return engine_.layer_names(); }
  CommandQueue& commands() { return commands_; }
  LiveStatus& status() { return status_; }

  /// Trains to the end, a stop, or a failure (thrown as RunError; `result` holds how far it came). `state` is the
  /// checkpoint's trainer.json.
  void run(const std::filesystem::path& folder, RecordWriter& record, const std::optional<std::filesystem::path>& checkpoint,
           const nlohmann::json& state, RunResult& result);

 private:
  enum class Ask { go_on, stop };
  Ask handle_commands(std::int64_t step);
  Ask wait_while_paused(std::int64_t step);
  void apply(const Command& command, std::int64_t step);
  StepRow train_step(std::int64_t step);
  void evaluate_probe(std::int64_t step);
  void save(std::int64_t step);
  void event(std::int64_t step, const std::string& kind, const std::string& message);
  nlohmann::json trainer_state(std::int64_t step) const;
  void restore(const std::filesystem::path& checkpoint, const nlohmann::json& state);
  double rate(std::int64_t step) const;
  std::string profile() const;

  PreparedRun& prepared_;
  const RunOptions& options_;
  const RunSpec& spec_;
  Calibration calibration_;
  at::Generator dropout_generator_;
  StepEngine engine_;
  AdamW optimizer_;
  AlertWatch alerts_;
  CommandQueue commands_;
  LiveStatus status_;
  std::optional<double> steered_rate_;  ///< learning rate asked for while running
  std::filesystem::path folder_;
  RecordWriter* record_ = nullptr;
  double time_ = 0;  ///< seconds of training since the run's start, over resumes
  bool paused_ = false, save_asked_ = false;
  StepTimes times_;
  double optimizer_seconds_ = 0, record_seconds_ = 0;
};

}  // namespace bandscope
