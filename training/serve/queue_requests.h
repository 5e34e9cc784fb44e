// SPDX-License-Identifier: Apache-2.0
// The server's queue in messages.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "core/serve/protocol.h"
#include "core/spec/run_spec.h"
#include "training/queue/keeper.h"

namespace bandscope::serve {

class QueueRequests {
 public:
  /// `patience`: how long the queue's lock is waited for.
  QueueRequests(const std::filesystem::path& runs, queue::Start by,
                std::chrono::milliseconds patience = queue::kServerPatience)
      : file_(queue::queue_of_runs(runs)), by_(by), patience_(patience) {}

  /// Answers; each of them sees to it that somebody keeps the queue. All throw Error.
  wire::Json add(const std::vector<RunSpec>& specs);
  wire::Json all();
  wire::Json set(const wire::Request& request);

  /// Whether the run with this record is a job of Slurm that has not ended.
  bool has_job(const std::filesystem::path& record) const;
  /// Asks for the end of that job; false where there is none.
  bool end_job(const std::filesystem::path& record);

  /// The queue where its file has changed since this was last asked; else null.
  wire::Json changed();

 private:
  wire::Json now() const;
  bool is_job_of(const queue::QueuedRun& run, const std::filesystem::path& record) const;
  queue::QueueFile file_;
  queue::Start by_;
  std::chrono::milliseconds patience_;
  queue::QueueFile::Stamp seen_;
};

}  // namespace bandscope::serve
