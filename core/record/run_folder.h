// SPDX-License-Identifier: Apache-2.0
// A run's folder: RUNS/NAME/{run.h5, spec.toml, engine.json, progress.json, log.txt, checkpoint-00000123/}.
// engine.json says which process writes the record, so that a window finds, stops and judges the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/record/columns.h"

namespace bandscope {

/// engine.json: written by the engine when it starts, removed never.
struct EngineProcess {
  std::int64_t pid = 0;
  std::int64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat, so that a reused pid is not taken for the engine
  std::string host;
  std::string socket;  ///< control socket path; empty: none
  double started = 0;  ///< seconds since 1970
};
void write_engine_process(const std::filesystem::path& run_folder, const EngineProcess& process);
std::optional<EngineProcess> read_engine_process(const std::filesystem::path& run_folder);
/// This process, with pid, start_ticks, host and started filled in.
EngineProcess this_process();
/// Start time of a living process, as EngineProcess::start_ticks; 0 where there is none, or it has ended and its parent
/// has not noticed yet.
std::int64_t process_start(std::int64_t pid);
/// True when that very process lives on this host; nullopt when it is on another host.
std::optional<bool> alive(const EngineProcess& process);

/// progress.json: what a run that takes no steps yet is about, replaced while it goes on and removed before the first
/// step. A hint beside the record: it is the living process's only while state and process say that it prepares.
struct RunProgress {
  std::string phase;  ///< "probe reference" | "reference"
  std::int64_t done = 0, total = 0;
  std::optional<double> seconds_left;  ///< nullopt: unknown
  bool operator==(const RunProgress&) const = default;
};
/// Never throws: a hint that cannot be written is none.
void write_run_progress(const std::filesystem::path& run_folder, const RunProgress& progress) noexcept;
void remove_run_progress(const std::filesystem::path& run_folder) noexcept;
std::optional<RunProgress> read_run_progress(const std::filesystem::path& run_folder);

/// Run folders (with a run.h5) at most four levels below this one, checkpoints and hidden folders left out: what moves
/// and goes with the folder without being its own. Empty, too, where the folder cannot be read.
std::vector<std::filesystem::path> runs_inside(const std::filesystem::path& folder);
/// Whether a folder below a run's folder can hold runs: checkpoints and hidden ones do not.
bool may_hold_runs(const std::filesystem::path& folder);

/// What a run honestly is, from its state, heartbeat and process.
enum class ShownState { waiting, preparing, running, paused, stalled, crashed, killed, failed, stopped, done };
/// `now` and `heartbeat` in seconds since 1970. Stalled: process lives, heartbeat older than `patience` seconds.
/// Preparing: state is waiting and the process lives; a run without a process yet is the only one that waits.
/// Killed: state is waiting/running/paused but the process is gone. Crashed: failed without a reason in the events.
ShownState shown_state(RunState state, double heartbeat, std::optional<bool> process_alive, bool has_reason, double now,
                       double patience = 60.0);
std::string_view to_string(ShownState state);

}  // namespace bandscope
