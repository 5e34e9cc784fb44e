// SPDX-License-Identifier: Apache-2.0
// Starts what waits in a folder of runs, whether a window is open or not: a process of its own that ends with the
// queue.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/spec/run_spec.h"
#include "training/queue/queue_file.h"

namespace bandscope::queue {

/// How the runs of a queue are started.
enum class Start { process, slurm };

/// Appends runs, each with a spec of its own in RUNS/.specs; returns their ids. Throws SpecError where a name waits
/// already, RunError.
std::vector<std::string> add_to_queue(const QueueFile& file, const std::vector<RunSpec>& specs,
                                      Start by = Start::process);

/// What became of the engines that were started here, and starts those that have room; jobs: slurm_turns.h.
void take_turns(Queue& queue, const QueueFile::Save& save);

/// `bandscope-engine keep-queue --runs DIR`: takes turns until nothing waits or goes on; at once where another process
/// does it already, or the queue is paused and nothing goes on. Returns the exit code.
int keep_queue(const std::filesystem::path& runs);

/// Starts that process where something waits. Throws RunError.
void ensure_keeper(const QueueFile& file);

}  // namespace bandscope::queue
