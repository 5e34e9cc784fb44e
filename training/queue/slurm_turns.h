// SPDX-License-Identifier: Apache-2.0
// Runs of a queue that are jobs of Slurm: submitted, watched and ended. Slurm is asked without the queue's lock held,
// since its programs take their time.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/queue/queue_file.h"
#include "training/queue/slurm.h"

namespace bandscope::queue {

class SlurmTurns {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Slurm's controller serves a whole cluster: it is asked no more often than this.
  static constexpr std::chrono::seconds between_looks{10};

  /// Looks what became of the jobs, submits what waits and ends what is to end. Throws RunError where something of that
  /// cannot be done now: what waits for it goes on waiting.
  void take(const QueueFile& file, Time now);

 private:
  void look(const QueueFile& file, const Queue& queue);
  void settle(QueuedRun& run, const std::vector<SlurmJob>& jobs);
  void submit_waiting(const QueueFile& file);
  void end_asked(const QueueFile& file, const Queue& queue);

  std::optional<Time> looked_;
  Message problem_;  ///< why Slurm cannot be asked; empty where it can
  /// Names of the jobs that Slurm listed at the last look, or took since, by number.
  std::map<std::string, std::string> names_;
  std::set<std::string> missing_;  ///< jobs that nothing of Slurm knew at the last look
  std::set<std::string> refused_;  ///< … that could not be ended since then
};

}  // namespace bandscope::queue
