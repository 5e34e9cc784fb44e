// SPDX-License-Identifier: Apache-2.0
#include "core/record/run_folder.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"

namespace bandscope {

namespace {

constexpr const char* progress_name = "progress.json";

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
    out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    out.flush();
    if (!out) throw RunError(Message::tr("cannot write %1: %2", fresh, system_reason(errno)));
  }
  std::error_code problem;
  std::filesystem::rename(fresh, file, problem);
  if (problem) throw RunError(Message::tr("cannot write %1: %2", file, system_reason(problem)));
}

std::optional<EngineProcess> read_engine_process(const std::filesystem::path& run_folder) {
  constexpr std::uint64_t most_bytes = 64 << 10;
  try {
    const nlohmann::json json = read_json(run_folder / "engine.json", most_bytes);
    if (!json.is_object()) return std::nullopt;
    return EngineProcess{json.at("pid").get<std::int64_t>(), json.at("start_ticks").get<std::int64_t>(),
                         json.at("host").get<std::string>(), json.value("socket", ""), json.value("started", 0.0)};
  } catch (const DataError&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {  // a member is missing, or of another type
    return std::nullopt;
  }
}

void write_run_progress(const std::filesystem::path& run_folder, const RunProgress& progress) noexcept {
  try {
    nlohmann::json json = {{"phase", progress.phase}, {"done", progress.done}, {"total", progress.total}};
    if (progress.seconds_left) json["seconds_left"] = *progress.seconds_left;
    const auto file = run_folder / progress_name, fresh = run_folder / ".progress.json.new";
    std::ofstream out(fresh, std::ios::trunc);
    out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    out.close();
    std::error_code problem;
    if (out) std::filesystem::rename(fresh, file, problem);
    if (!out || problem) std::filesystem::remove(fresh, problem);
  } catch (const std::exception&) {
    // Whoever reads it finds an older one, or none.
  }
}

void remove_run_progress(const std::filesystem::path& run_folder) noexcept {
  std::error_code problem;
  std::filesystem::remove(run_folder / progress_name, problem);
}

std::optional<RunProgress> read_run_progress(const std::filesystem::path& run_folder) {
  constexpr std::uint64_t most_bytes = 64 << 10;
  try {
    const nlohmann::json json = read_json(run_folder / progress_name, most_bytes);
    if (!json.is_object()) return std::nullopt;
    RunProgress progress{json.at("phase").get<std::string>(), json.at("done").get<std::int64_t>(),
                         json.at("total").get<std::int64_t>(), std::nullopt};
    if (json.contains("seconds_left")) progress.seconds_left = json["seconds_left"].get<double>();
    if (progress.done < 0 || progress.total < progress.done) return std::nullopt;
    return progress;
  } catch (const DataError&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

bool may_hold_runs(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  return !name.starts_with('.') && !name.starts_with("checkpoint-");
}

std::vector<std::filesystem::path> runs_inside(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  constexpr int deepest = 3;
  std::vector<fs::path> found;
  std::error_code problem;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, problem);
  for (const fs::recursive_directory_iterator end; !problem && at != end; at.increment(problem)) {
    std::error_code unknown;
    if (at->is_symlink(unknown) || !at->is_directory(unknown)) continue;
    if (!may_hold_runs(at->path()) || at.depth() >= deepest) at.disable_recursion_pending();
    if (may_hold_runs(at->path()) && fs::is_regular_file(at->path() / "run.h5", unknown)) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

EngineProcess this_process() {
  EngineProcess process;
  process.pid = ::getpid();
  if (const auto look = look_at_process(process.pid)) process.start_ticks = look->start_ticks;
  process.host = host_name();
  process.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return process;
}

std::int64_t process_start(std::int64_t pid) {
  if (pid <= 0) return 0;
  const auto look = look_at_process(pid);
  // A zombie has ended; only its parent has not noticed yet.
  return look && look->state != 'Z' && look->state != 'X' ? look->start_ticks : 0;
}

std::optional<bool> alive(const EngineProcess& process) {
  if (process.host != host_name()) return std::nullopt;
  const std::int64_t start = process_start(process.pid);
  return start > 0 && start == process.start_ticks;
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
  return state == RunState::running ? ShownState::running : ShownState::preparing;
}

std::string_view to_string(ShownState state) {
  switch (state) {
    case ShownState::waiting:
      return "waiting";
    case ShownState::preparing:
      return "preparing";
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
