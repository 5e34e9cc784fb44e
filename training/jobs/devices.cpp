// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/devices.h"

#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/error.h"
#include "core/spec/key_rules.h"

namespace bandscope::jobs {

std::vector<std::string> gpus_here(const std::filesystem::path& driver, const char* visible) {
  std::error_code problem;
  std::size_t count = 0;
  for (const auto& gpu : std::filesystem::directory_iterator(driver / "gpus", problem))
    count += gpu.is_directory() ? 1 : 0;
  // Under WSL the driver is there and lists none of its cards.
  if (count == 0 && std::filesystem::exists(driver / "version", problem)) count = 1;
  std::vector<std::string> names;
  if (!visible) {
    for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
    return names;
  }
  // Of what follows a name that is none CUDA sees nothing.
  std::istringstream in(visible);
  for (std::string name; std::getline(in, name, ',') && !name.empty() && name[0] != '-' && names.size() < count;)
    names.push_back(name);
  return names;
}

std::vector<std::string> gpus_here() { return gpus_here("/proc/driver/nvidia", std::getenv("CUDA_VISIBLE_DEVICES")); }

std::string gpu_of_place(std::size_t place, const std::string& device, const std::vector<std::string>& gpus) {
  if (gpus.size() < 2 || (device != "auto" && device != "cuda")) return "";
  return gpus[place % gpus.size()];
}

std::vector<std::string> parse_devices(const std::string& list) {
  std::vector<std::string> devices;
  std::istringstream in(list);
  for (std::string name; std::getline(in, name, ',');) {
    const KeyRule* rule = find_rule("run.device");
    RunSpec scratch;
    SpecValue value;
    value.data = name;
    if (!rule->read(scratch, value, {}))
      throw SpecError(Message::tr("--devices %1: \"%2\" is none; allowed are %3, with commas between them", list, name,
                                  rule->key.allowed));
    devices.push_back(name);
  }
  if (devices.empty()) throw SpecError(Message::tr("--devices: a list is needed, e.g. cuda:0,cuda:1"));
  return devices;
}

std::vector<std::string> job_places(int jobs, const std::vector<std::string>& devices) {
  if (jobs < 0) throw SpecError(Message::tr("--jobs %1: at least 1 is needed", jobs));
  const std::size_t count = jobs > 0 ? static_cast<std::size_t>(jobs) : std::max<std::size_t>(1, devices.size());
  std::vector<std::string> places;
  for (std::size_t i = 0; i < count; ++i) places.push_back(devices.empty() ? "" : devices[i % devices.size()]);
  return places;
}

int threads_per_job(int jobs) {
  cpu_set_t set;
  const int cores = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return std::max(1, cores / std::max(1, jobs));
}

}  // namespace bandscope::jobs
