// SPDX-License-Identifier: Apache-2.0
// The devices that the runs of a sweep are given.
#pragma once

#include <string>
#include <vector>

namespace bandscope::jobs {

/// "cpu,cuda:0" to names; each must be one that run.device allows. Throws SpecError.
std::vector<std::string> parse_devices(const std::string& list);

/// Where `jobs` runs at a time go: devices in turn, or "" (what the spec says) where none are named. `jobs` 0: one per
/// device. Throws SpecError.
std::vector<std::string> job_places(int jobs, const std::vector<std::string>& devices);

/// Threads of each of `jobs` processes: an even share of the processor cores that this process may use, at least 1.
int threads_per_job(int jobs);

}  // namespace bandscope::jobs
