// SPDX-License-Identifier: Apache-2.0
// What a window does with a run that is there: steer and end it, name and label it, put it away.
#pragma once

#include <filesystem>
#include <string>

#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// An order to the living run, as its control socket takes it; the run's answer. All throw wire::Refused or Error.
wire::Json order_run(const std::filesystem::path& record, const wire::Json& order);
/// SIGTERM to the run's process: it ends after a checkpoint.
void end_run(const std::filesystem::path& record);

/// Gives a run that does not go on another name: its folder (or file), and run.name in its spec.toml. Returns what it
/// is called in messages.
std::string rename_run(const Roots& roots, const std::filesystem::path& record, const std::string& name);

/// Puts a run that does not go on below RUNS/.trash; returns the name by which it is found there.
std::string remove_run(const Roots& roots, const std::filesystem::path& record);
/// Puts it back; returns what it is called in messages.
std::string restore_run(const Roots& roots, const std::string& trashed);
/// Deletes it for good.
void purge_run(const Roots& roots, const std::string& trashed);

}  // namespace bandscope::serve
