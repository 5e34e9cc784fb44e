// SPDX-License-Identifier: Apache-2.0
#include "core/record/run_folder.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.h"

namespace bandscope {

namespace {

/// What /proc/PID/stat says: start time in clock ticks since boot (field 22) and the state letter (field 3).
struct ProcessLook {
  std::int64_t start_ticks = 0;
  char state = '?';
};

std::optional<ProcessLook> look_at_process(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // The second field, the name, is in brackets and may hold blanks and brackets itself.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  ProcessLook look;
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return std::nullopt;
    if (number == 3) look.state = field.front();
  }
  look.start_ticks = std::strtoll(field.c_str(), nullptr, 10);
  return look;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

void write_engine_process(const std::filesystem::path& run_folder, const EngineProcess& process) {
  const nlohmann::json json = {{"pid", process.pid},
                               {"start_ticks", process.start_ticks},
                               {"host", process.host},
                               {"socket", process.socket},
                               {"started", process.started}};
  // Renamed into place, so that a window never reads half of it.
  const auto file = run_folder / "engine.json", fresh = run_folder / ".engine.json.new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << json.dump(2) << '\n';
    out.flush();
    if (!out) throw RunError("cannot write " + fresh.string() + ": " + std::strerror(errno));
  }
  std::error_code problem;
  std::filesystem::rename(fresh, file, problem);
  if (problem) throw RunError("cannot write " + file.string() + ": " + problem.message());
}

std::optional<EngineProcess> read_engine_process(const std::filesystem::path& run_folder) {
  std::ifstream file(run_folder / "engine.json");
  if (!file) return std::nullopt;
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    return EngineProcess{json.at("pid").get<std::int64_t>(), json.at("start_ticks").get<std::int64_t>(),
                         json.at("host").get<std::string>(), json.value("socket", ""), json.value("started", 0.0)};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

EngineProcess this_process() {
  EngineProcess process;
  process.pid = ::getpid();
  if (const auto look = look_at_process(process.pid)) process.start_ticks = look->start_ticks;
  process.host = host_name();
  process.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return process;
}

std::optional<bool> alive(const EngineProcess& process) {
  if (process.host != host_name()) return std::nullopt;
  const auto look = look_at_process(process.pid);
  // A zombie has ended; only its parent has not noticed yet.
  return look && look->start_ticks == process.start_ticks && look->state != 'Z' && look->state != 'X';
}

ShownState shown_state(RunState state, double heartbeat, std::optional<bool> process_alive, bool has_reason, double now,
                       double patience) {
  switch (state) {
    case RunState::done:
      return ShownState::done;
    case RunState::stopped:
      return ShownState::stopped;
    case RunState::failed:
      return has_reason ? ShownState::failed : ShownState::crashed;
    default:
      break;
  }
  if (process_alive == false) return ShownState::killed;
  // A process on another host cannot be asked; its heartbeat alone then tells.
  if (now - heartbeat > patience) return ShownState::stalled;
  if (state == RunState::paused) return ShownState::paused;
  return state == RunState::running ? ShownState::running : ShownState::waiting;
}

std::string_view to_string(ShownState state) {
  switch (state) {
    case ShownState::waiting:
      return "waiting";
    case ShownState::running:
      return "running";
    case ShownState::paused:
      return "paused";
    case ShownState::stalled:
      return "stalled";
    case ShownState::crashed:
      return "crashed";
    case ShownState::killed:
      return "killed";
    case ShownState::failed:
      return "failed";
    case ShownState::stopped:
      return "stopped";
    case ShownState::done:
      return "done";
  }
  return "unknown";
}

}  // namespace bandscope
