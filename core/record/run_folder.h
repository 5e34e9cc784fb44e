// SPDX-License-Identifier: Apache-2.0
// A run's folder: RUNS/NAME/{run.h5, spec.toml, engine.json, log.txt, checkpoint-00000123/}.
// engine.json says which process writes the record, so that a window finds, stops and judges the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

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
/// True when that very process lives on this host; nullopt when it is on another host.
std::optional<bool> alive(const EngineProcess& process);

/// What a run honestly is, from its state, heartbeat and process.
enum class ShownState { waiting, running, paused, stalled, crashed, killed, failed, stopped, done };
/// `now` and `heartbeat` in seconds since 1970. Stalled: process lives, heartbeat older than `patience` seconds.
/// Killed: state is waiting/running/paused but the process is gone. Crashed: failed without a reason in the events.
ShownState shown_state(RunState state, double heartbeat, std::optional<bool> process_alive, bool has_reason, double now,
                       double patience = 60.0);
std::string_view to_string(ShownState state);

}  // namespace bandscope
