// SPDX-License-Identifier: Apache-2.0
// The folder of a run: claimed, or refused when something is there that must not be lost.
#pragma once

#include <filesystem>

#include "core/record/folder_lock.h"
#include "core/spec/run_spec.h"

namespace bandscope::trainer {

struct ClaimedFolder {
  std::filesystem::path folder;
  FolderLock lock;  ///< to be held until the run's record is there with its writer's lock
};

/// RUNS/NAME, made when needed. A finished run of that name is refused (SpecError) unless spec.run.resume; a living
/// one, and one that another process is just beginning, always is; what an unfinished one left is moved aside to
/// NAME.1, NAME.2, … A folder that holds other runs is refused, unless its own run goes on. A run of another host
/// counts as living until its heartbeat is `kOldHeartbeat` seconds old. Throws RunError when a folder cannot be made.
ClaimedFolder claim_run_folder(const std::filesystem::path& runs_folder, const RunSpec& spec);

/// A process on another host cannot be asked, and on some network file systems its lock is not seen here. Longer than
/// any step that is worth waiting for, and than what a moment without the network takes.
inline constexpr double kOldHeartbeat = 300;

}  // namespace bandscope::trainer
