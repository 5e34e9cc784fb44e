// SPDX-License-Identifier: Apache-2.0
// The folder of a run: claimed, or refused when something is there that must not be lost.
#pragma once

#include <filesystem>

#include "core/spec/run_spec.h"

namespace bandscope {

/// RUNS/NAME, made when needed. A finished run of that name is refused (SpecError) unless spec.run.resume; a living one
/// always is; what an unfinished one left is moved aside to NAME.1, NAME.2, … Throws RunError when a folder cannot be made.
std::filesystem::path claim_run_folder(const std::filesystem::path& runs_folder, const RunSpec& spec);

}  // namespace bandscope
