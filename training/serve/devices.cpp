// SPDX-License-Identifier: Apache-2.0
#include "training/serve/devices.h"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>

#include "core/error.h"
#include "core/process/program_output.h"
#include "training/jobs/devices.h"

namespace bandscope::serve {
namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Of /proc/meminfo, in bytes.
wire::Device cpu() {
  wire::Device device{"cpu", "", 0, 0};
  std::ifstream in("/proc/meminfo");
  std::string key, unit;
  for (std::uint64_t kib = 0; in >> key >> kib; std::getline(in, unit)) {
    if (key == "MemTotal:") device.memory = kib << 10;
    if (key == "MemAvailable:") device.free_memory = kib << 10;
  }
  return device;
}

/// Within five seconds: a driver that is stuck does not keep the hello back.
std::string ask_driver() {
  constexpr ProgramLimits limits{std::chrono::seconds(5), 64 << 10};
  try {
    return program_output(
               {"nvidia-smi", "--query-gpu=index,uuid,name,memory.total,memory.free", "--format=csv,noheader,nounits"},
               limits)
        .out;
  } catch (const RunError&) {
    return {};
  }
}

}  // namespace

std::vector<wire::Device> gpus_of(std::string_view table, const std::vector<std::string>& visible) {
  std::vector<wire::Device> devices;
  for (const std::string& wanted : visible) {
    wire::Device device{"cuda:" + std::to_string(devices.size()), "", 0, 0};
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> cells;
      std::istringstream in(line);
      for (std::string cell; std::getline(in, cell, ',');)
        cells.push_back(
            cell.substr(cell.find_first_not_of(' ') == std::string::npos ? 0 : cell.find_first_not_of(' ')));
      if (cells.size() != 5 || (cells[0] != wanted && !cells[1].starts_with(wanted))) continue;
      device.about = cells[2];
      device.memory = number(cells[3]) << 20;
      device.free_memory = number(cells[4]) << 20;
    }
    devices.push_back(device);
  }
  return devices;
}

std::vector<wire::Device> devices_here() {
  std::vector<wire::Device> devices{cpu()};
  const auto visible = jobs::gpus_here();
  if (visible.empty()) return devices;
  for (wire::Device& gpu : gpus_of(ask_driver(), visible)) devices.push_back(std::move(gpu));
  return devices;
}

}  // namespace bandscope::serve
