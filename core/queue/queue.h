// SPDX-License-Identifier: Apache-2.0
// What waits to be trained, in a window's queue or in a server's, and whose turn it is.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/message/message.h"

namespace bandscope::queue {

/// In place of a device, of runs that Slurm finds one for.
inline constexpr const char* kSlurmDevice = "slurm";
inline constexpr int kMostAtOnce = 64;
inline constexpr std::size_t kMostQueued = 10'000;

/// Whether a text can be the number of a job of Slurm.
bool is_job_number(std::string_view text);
/// The device that runs with this `run.device` wait for: "cpu" or "cuda:N". `gpu`: what "auto" means here.
std::string device_name(const std::string& device, bool gpu);
/// 16 digits that no other run has.
std::string fresh_id();
inline constexpr std::size_t kIdDigits = 16;

struct QueuedRun {
  enum class State { waiting, starting, running, failed };
  /// Whether its engine is to end before there is a record, or its job.
  enum class Stop { no, asked, told };

  std::string id;
  std::string name;    ///< of the run and its folder
  std::string runs;    ///< folder of runs, absolute
  std::string spec;    ///< resolved spec of this one run, absolute
  std::string device;  ///< "cpu", "cuda:0": runs of one device wait for each other; "slurm": jobs
  State state = State::waiting;
  bool resumes = false;  ///< its record is there: it goes on from its last checkpoint
  bool asked = false;    ///< to be started as soon as its device has room, whether the queue is paused or not
  bool now = false;      ///< to be started at once, whatever else runs
  Stop stop = Stop::no;
  std::int64_t pid = 0;      ///< of the engine, once it is started; 0 where it is a job's
  std::int64_t ticks = 0;    ///< its start time (process_start()), so that another process with this pid is not meant
  std::string host;          ///< where that process is; empty where an older version started it, which means here
  std::int64_t started = 0;  ///< ms since 1970
  std::string log;           ///< the engine's output
  Message reason;            ///< why it failed, or what a job waits for
  std::string job;           ///< number of the job in Slurm; one that has it and waits, waits there
  /// What the user says of it (core/run/label_file.h), until the run has a folder to keep it.
  nlohmann::json labels = nlohmann::json::object();
  bool operator==(const QueuedRun&) const = default;

  /// RUNS/NAME/run.h5
  std::string record() const;
  bool active() const { return state == State::starting || state == State::running; }
  /// Whether it is a job, or will be one.
  bool by_slurm() const { return device == kSlurmDevice; }
  /// Whether something goes on for it, here or in Slurm.
  bool at_work() const { return active() || (state == State::waiting && !job.empty()); }
  /// As it was before it was started.
  void wait_again();
};

/// Runs that were taken out, with their places.
using Taken = std::vector<std::pair<std::size_t, QueuedRun>>;

struct Queue {
  bool paused = false;
  std::map<std::string, int> at_once;  ///< runs at once by device; one where it is not said, of jobs as many as may be
  std::string engine;                  ///< program that trains; empty: the keeper's own
  std::vector<QueuedRun> runs;         ///< in the order in which they are to start
  bool operator==(const Queue&) const = default;

  int limit(const std::string& device) const;
  int active(const std::string& device) const;
  /// Whether something waits or goes on.
  bool busy() const;
  /// Whether something goes on, or waits for nothing but room.
  bool needs_keeper() const;
  /// Places of the runs that have room now, in the order in which they start; jobs are not among them.
  std::vector<std::size_t> due() const;

  QueuedRun* find(const std::string& id);
  /// Whether a run with this record takes its name: one that failed gives way to another try.
  bool holds(const std::string& record) const;
  /// Puts runs behind all others. One that failed leaves its labels to the next try. Throws SpecError where one of the
  /// same record waits or goes on, or there are too many.
  void append(std::vector<QueuedRun> fresh);
  /// Before something is put in that is not to set the queue going: where nothing runs or waits it is paused.
  void hold();
  /// Takes these out where nothing goes on for them.
  Taken take(const std::vector<std::string>& ids);
  /// Puts runs that were taken out back in their places; those that are here again are left alone.
  void put(const Taken& taken);
  /// The order of the runs by id; those that are not named keep their order behind.
  void reorder(const std::vector<std::string>& ids);
};

/// {"version", "paused", "at_once", "engine", "runs"}
nlohmann::json to_json(const Queue& queue);
/// The queue of a file's JSON, of an older form too. Throws DataError that names `file`.
Queue queue_from(const nlohmann::json& json, const std::string& file);

}  // namespace bandscope::queue
