// SPDX-License-Identifier: Apache-2.0
// Work that takes its time, away from the thread that answers: one thing after the other in a thread of its own, whose
// results are collected where they are needed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/input/file.h"

namespace bandscope::serve {

class Worker {
 public:
  /// What a job leaves to be done in the collecting thread; may be empty.
  using Result = std::function<void()>;
  using Job = std::function<Result()>;

  Worker();
  /// Waits for the job that is being done; the others are not begun.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void add(Job job);
  std::size_t waiting() const;
  /// Does what the jobs that are done have left.
  void collect();
  /// Waits until all jobs are done.
  void wait();
  /// Can be read where there is something to collect.
  int signal() const { return signal_.get(); }

 private:
  void work(const std::stop_token& stop);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_;
  bool busy_ = false;
  std::vector<Result> results_;
  Descriptor signal_;
  std::jthread thread_;
};

}  // namespace bandscope::serve
