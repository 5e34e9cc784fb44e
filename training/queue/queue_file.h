// SPDX-License-Identifier: Apache-2.0
// What waits to be trained in a folder of runs: RUNS/.queue.json, in the form of the window's own queue.json. Several
// programs share it: every change is made with a lock held, on what the file says then, and written whole or not at
// all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/message/message.h"

namespace bandscope::queue {

struct QueuedRun {
  enum class State { waiting, starting, running, failed };
  std::string id;
  std::string name;    ///< of the run and its folder
  std::string runs;    ///< folder of runs, absolute
  std::string spec;    ///< resolved spec of this one run, absolute
  std::string device;  ///< "cpu", "cuda:0": runs of one device wait for each other; "slurm": jobs
  State state = State::waiting;
  std::int64_t pid = 0;      ///< of the engine, once it is started; 0 where it is a job's
  std::int64_t started = 0;  ///< ms since 1970
  std::string log;           ///< the engine's output
  Message reason;            ///< why it failed, or what a job waits for
  std::string job;           ///< number of the job in Slurm; one that has it and waits, waits there
  enum class Stop { no, asked, told };
  Stop stop = Stop::no;  ///< whether its job is to end
  bool active() const { return state == State::starting || state == State::running; }
  /// Whether it is a job, or will be one.
  bool by_slurm() const;
  /// Whether something goes on for it, here or in Slurm.
  bool at_work() const { return active() || (state == State::waiting && !job.empty()); }
};

struct Queue {
  bool paused = false;
  std::map<std::string, int> at_once;  ///< runs at once by device; one where it is not said, of jobs as many as may be
  std::vector<QueuedRun> runs;         ///< in the order in which they are to start

  int limit(const std::string& device) const;
  int active(const std::string& device) const;
  /// Whether something waits or goes on.
  bool busy() const;
};
/// {"version", "paused", "at_once", "runs"}
nlohmann::json to_json(const Queue& queue);

inline constexpr int kMostAtOnce = 64;
inline constexpr std::size_t kMostQueued = 10'000;

class QueueFile {
 public:
  explicit QueueFile(const std::filesystem::path& runs) : runs_(runs) {}
  std::filesystem::path file() const { return runs_ / ".queue.json"; }
  const std::filesystem::path& runs() const { return runs_; }

  /// What the file says; an empty queue where there is none. Throws DataError.
  Queue load() const;
  /// `change` may save in between through the function that it is given. Throws DataError, RunError.
  using Save = std::function<void(const Queue&)>;
  void change(const std::function<void(Queue&, const Save&)>& change) const;

 private:
  void save(const Queue& queue) const;
  std::filesystem::path runs_;
};

}  // namespace bandscope::queue
