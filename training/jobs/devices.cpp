// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/devices.h"

#include <sched.h>

#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "core/spec/key_rules.h"

namespace bandscope::jobs {

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
