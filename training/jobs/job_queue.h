// SPDX-License-Identifier: Apache-2.0
// The runs of a sweep, several at a time: one engine process per run, devices filled from a queue. A run that fails or
// is killed is tried once more, from its last checkpoint, after the others; what is wrong with spec or data is not
// tried again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"

namespace bandscope::jobs {

struct JobOptions {
  std::filesystem::path runs_folder = "runs";
  std::vector<std::string> places;  ///< device of each run that goes on at a time; "": what the spec says
  std::string spec;                 ///< the sweep's file and its --set options, which errors of a run name
  std::vector<std::string> sets;
  bool json = false;  ///< one line per finished run on stdout, with its device and attempts
};

/// Trains all; progress of all on stderr. A stop signal (core/process/stop_signals.h, caught with OnStop::finish_step)
/// goes to every child, which writes its checkpoint; returns 130 then, else the first exit code of a run that is not 0.
/// Throws RunError when no process can be started.
int run_jobs(const std::vector<RunSpec>& specs, const JobOptions& options);

}  // namespace bandscope::jobs
