// SPDX-License-Identifier: Apache-2.0
// Starts what waits in a queue, whether a window is open or not: a process of its own that ends with the queue.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/queue/queue_file.h"
#include "core/spec/run_spec.h"

namespace bandscope::queue {

/// How the runs of a queue are started.
enum class Start { process, slurm };

/// How long a server waits for the queue's lock, which anybody who may open its file can keep, before it refuses.
inline constexpr std::chrono::seconds kServerPatience{10};

/// Appends runs to the queue of a folder of runs, each with a spec of its own in RUNS/.specs; returns their ids. Throws
/// SpecError where a name waits already, RunError, QueueBusy.
std::vector<std::string> add_to_queue(const QueueFile& file, const std::vector<RunSpec>& specs,
                                      Start by = Start::process, std::chrono::milliseconds patience = kServerPatience);

/// What became of the engines that were started here, and starts those that have room; jobs: slurm_turns.h. Returns
/// what went wrong. Throws RunError where one cannot be started now, for want of processes or of room on the disk: it
/// goes on waiting, and those of its device that have no other room.
Message take_turns(Queue& queue, const QueueFile::Save& save);

/// `bandscope-engine keep-queue`: takes turns until nothing goes on or waits for nothing but room; at once where
/// another process does it already. What keeps it from doing so for a while, as a full disk, is said in the log and to
/// those who look (core/queue/keeper_place.h), and tried again. Returns the exit code. Throws DataError where the file
/// cannot be understood.
int keep_queue(const QueueFile& file);

/// Starts that process for the queue of a folder of runs where it is needed and not there. Throws RunError.
void ensure_keeper(const QueueFile& file);

}  // namespace bandscope::queue
