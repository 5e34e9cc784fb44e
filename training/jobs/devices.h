// SPDX-License-Identifier: Apache-2.0
// The devices that the runs of a sweep are given.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bandscope::jobs {

/// The NVIDIA GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them, without loading anything: those that
/// the driver lists below `driver`, or what is left of them by that variable (`visible`; nullptr: not set).
std::vector<std::string> gpus_here(const std::filesystem::path& driver, const char* visible);
/// The same of this machine and environment.
std::vector<std::string> gpus_here();

/// Which of several `gpus` the run at place `place` gets, in turn; "" where it is not to be told: there is one at most,
/// or `device` is the CPU or names one itself.
std::string gpu_of_place(std::size_t place, const std::string& device, const std::vector<std::string>& gpus);

/// "cpu,cuda:0" to names; each must be one that run.device allows. Throws SpecError.
std::vector<std::string> parse_devices(const std::string& list);

/// Where `jobs` runs at a time go: devices in turn, or "" (what the spec says) where none are named. `jobs` 0: one per
/// device. Throws SpecError.
std::vector<std::string> job_places(int jobs, const std::vector<std::string>& devices);

/// Threads of each of `jobs` processes: an even share of the processor cores that this process may use, at least 1.
int threads_per_job(int jobs);

}  // namespace bandscope::jobs
