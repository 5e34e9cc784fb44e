// SPDX-License-Identifier: Apache-2.0
// The file of a queue, which windows, a server and the queue's keeper share: every change is made with a lock held, on
// what the file says then, and written whole or not at all.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include "core/error.h"
#include "core/queue/queue.h"

namespace bandscope::queue {

/// Another program keeps the queue's lock.
struct QueueBusy : RunError {
  using RunError::RunError;
};

class QueueFile {
 public:
  /// A folder of runs may be one that others write in, too: its queue names no program that is started, no process that
  /// is ended, and no run, spec or log but those of that folder.
  enum class Writers { own, any };
  explicit QueueFile(std::filesystem::path file, Writers writers = Writers::own)
      : file_(std::move(file)), writers_(writers) {}
  const std::filesystem::path& file() const { return file_; }
  std::filesystem::path folder() const { return file_.parent_path(); }
  /// A file of this queue beside it: queue.json has queue.lock, queue.keeper and queue.log.
  std::filesystem::path beside(const char* extension) const;

  /// What the file says; an empty queue where there is none. Throws DataError where it cannot be understood, RunError
  /// where it is not known whether there is one.
  Queue load() const;

  /// `change` may save in between through the function that it is given. Returns what is in the file then. Throws
  /// DataError where the file cannot be understood, RunError where it cannot be written, QueueBusy where another
  /// program keeps the lock for longer than `patience`.
  using Save = std::function<void(const Queue&)>;
  using Change = std::function<void(Queue&, const Save&)>;
  Queue change(const Change& change, std::chrono::milliseconds patience = std::chrono::milliseconds::max()) const;

  /// Puts a file that cannot be understood aside; returns where it lies then, nothing where it can be understood.
  /// Throws RunError.
  std::filesystem::path set_aside(std::chrono::milliseconds patience) const;

  /// Tells one state of the file from another without reading it; the same of a file that is not there.
  struct Stamp {
    std::uint64_t file = 0;
    std::int64_t changed = 0;  ///< ns since 1970
    bool operator==(const Stamp&) const = default;
  };
  Stamp stamp() const;

 private:
  void save(const Queue& queue) const;
  std::filesystem::path file_;
  Writers writers_;
};

/// RUNS/.queue.json: what waits on a server.
QueueFile queue_of_runs(const std::filesystem::path& runs);

}  // namespace bandscope::queue
