// SPDX-License-Identifier: Apache-2.0
#include "training/serve/worker.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace bandscope::serve {

Worker::Worker() : signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Worker::~Worker() {
  thread_.request_stop();
  changed_.notify_all();
}

void Worker::work(const std::stop_token& stop) {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      changed_.notify_all();
      changed_.wait(lock, stop, [&] { return !jobs_.empty(); });
      if (stop.stop_requested()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      busy_ = true;
    }
    Result result = job();
    const std::lock_guard guard(mutex_);
    results_.push_back(std::move(result));
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(signal_.get(), &one, sizeof one);
  }
}

void Worker::add(Job job) {
  const std::lock_guard guard(mutex_);
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

std::size_t Worker::waiting() const {
  const std::lock_guard guard(mutex_);
  return jobs_.size() + (busy_ ? 1 : 0);
}

void Worker::collect() {
  std::vector<Result> results;
  {
    const std::lock_guard guard(mutex_);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(signal_.get(), &count, sizeof count);
    results = std::exchange(results_, {});
  }
  for (const Result& result : results)
    if (result) result();
}

void Worker::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return jobs_.empty() && !busy_; });
}

}  // namespace bandscope::serve
