// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/run_folders.h"

#include <unistd.h>

#include <chrono>
#include <cmath>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/record/writer_lock.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;

void move_aside(const fs::path& folder) {
  for (int i = 1;; ++i) {
    const fs::path aside = folder.string() + "." + std::to_string(i);
    if (fs::exists(aside)) continue;
    std::error_code error;
    fs::rename(folder, aside, error);
    if (error) throw RunError(folder.string() + ": cannot be moved aside (" + error.message() + ")");
    return;
  }
}

[[noreturn]] void refuse(const RunSpec& spec, const fs::path& folder, const std::string& why) {
  throw key_error("run.name", "the run \"" + spec.run.name + "\" in " + folder.string() + " " + why);
}

std::string named(const std::optional<EngineProcess>& process) {
  if (!process) return "";
  return " (process " + std::to_string(process->pid) + " on " + printable(process->host) + ")";
}

bool unfinished(RunState state) {
  return state == RunState::waiting || state == RunState::running || state == RunState::paused;
}

/// Seconds for which the record has not been written to.
double silence_of(const RecordReader& record) {
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return std::max(0.0, now - record.heartbeat());
}

void refuse_a_living_run(const RunSpec& spec, const fs::path& folder, const fs::path& record) {
  const auto process = read_engine_process(folder);
  const std::optional<bool> lives = process ? alive(*process) : false;
  // The lock says it best: it is seen through containers, and where a process went without engine.json.
  if (lives.value_or(false) || record::WriterLock::held(open_input(record).descriptor.get()))
    refuse(spec, folder, "is still going on" + named(process));
  if (lives.has_value()) return;
  const RecordReader reader = RecordReader::open(record);
  const double silence = silence_of(reader);
  if (unfinished(reader.state()) && silence < kOldHeartbeat)
    refuse(spec, folder,
           "may still be going on at another host" + named(process) + ": its last sign of life is " +
               std::to_string(std::lround(silence)) + " s old, and it counts as ended after " +
               std::to_string(std::lround(kOldHeartbeat)) + " s");
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(folder.string() + ": cannot be made (" + error.message() + ")");
}

}  // namespace

ClaimedFolder claim_run_folder(const fs::path& runs_folder, const RunSpec& spec) {
  const fs::path folder = fs::absolute(runs_folder) / spec.run.name;
  const fs::path record = folder / "run.h5";
  make_folder(folder.parent_path());
  std::optional<FolderLock> lock = FolderLock::try_take(folder);
  if (!lock) refuse(spec, folder, "is being started by another process at this moment");
  if (fs::exists(record)) {
    refuse_a_living_run(spec, folder, record);
    if (!spec.run.resume) {
      if (RecordReader::open(record).state() == RunState::done)
        throw key_error("run.name", "a finished run \"" + spec.run.name + "\" is in " + folder.string() +
                                        "; choose another name, or set run.resume = true");
      if (const auto inside = runs_inside(folder); !inside.empty())
        refuse(spec, folder,
               "holds other runs (" + printable(inside.front().filename().string()) +
                   "), which cannot be moved aside with it; choose another name");
      move_aside(folder);
    }
  }
  // A record made here would hide the runs inside, and they would go wherever this run's folder goes.
  if (const auto inside = runs_inside(folder); !inside.empty() && !fs::exists(record))
    refuse(spec, folder,
           "would lie around other runs (" + printable(inside.front().filename().string()) + "); choose another name");
  make_folder(folder);
  if (::access(folder.c_str(), W_OK) != 0) throw RunError(folder.string() + ": is not writable");
  return {folder, std::move(*lock)};
}

}  // namespace bandscope::trainer
