// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/run_folders.h"

#include <unistd.h>

#include <chrono>
#include <cmath>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/record/writer_lock.h"
#include "training/trainer/checkpoint.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;

void move_aside(const fs::path& folder) {
  for (int i = 1;; ++i) {
    const fs::path aside = folder.string() + "." + std::to_string(i);
    if (fs::exists(aside)) continue;
    std::error_code error;
    fs::rename(folder, aside, error);
    if (error) throw RunError(Message::at(folder, Message::tr("cannot be moved aside (%1)", system_reason(error))));
    return;
  }
}

[[noreturn]] void refuse(const RunSpec& spec, const fs::path& folder, const Message& why) {
  throw key_error("run.name", Message::tr("the run \"%1\" in %2 %3", spec.run.name, folder, why));
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
    refuse(spec, folder, Message::tr("is still going on%1", named(process)));
  if (lives.has_value()) return;
  const RecordReader reader = RecordReader::open(record);
  const double silence = silence_of(reader);
  if (unfinished(reader.state()) && silence < kOldHeartbeat)
    refuse(spec, folder,
           Message::tr("may still be going on at another host%1: its last sign of life is %2 s old, and it counts as "
                       "ended after %3 s",
                       named(process), std::lround(silence), std::lround(kOldHeartbeat)));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(Message::at(folder, Message::tr("cannot be made (%1)", system_reason(error))));
}

}  // namespace

ClaimedFolder claim_run_folder(const fs::path& runs_folder, const RunSpec& spec) {
  const fs::path folder = fs::absolute(runs_folder) / spec.run.name;
  const fs::path record = folder / "run.h5";
  make_folder(folder.parent_path());
  std::optional<FolderLock> lock = FolderLock::try_take(folder);
  if (!lock) refuse(spec, folder, Message::tr("is being started by another process at this moment"));
  if (fs::exists(record)) {
    refuse_a_living_run(spec, folder, record);
    if (!spec.run.resume) {
      if (RecordReader::open(record).state() == RunState::done)
        throw key_error("run.name",
                        Message::tr("a finished run \"%1\" is in %2; choose another name, or set run.resume = true",
                                    spec.run.name, folder));
      if (const auto inside = runs_inside(folder); !inside.empty())
        refuse(spec, folder,
               Message::tr("holds other runs (%1), which cannot be moved aside with it; choose another name",
                           printable(inside.front().filename().string())));
      move_aside(folder);
    }
  }
  if (const auto newest = newest_checkpoint(folder); newest && !fs::exists(record))
    refuse(spec, folder,
           Message::tr("has checkpoints (%1) and no record (run.h5), without which they would be overwritten; put the "
                       "record back, or move the folder away",
                       printable(newest->filename().string())));
  // A record made here would hide the runs inside, and they would go wherever this run's folder goes.
  if (const auto inside = runs_inside(folder); !inside.empty() && !fs::exists(record))
    refuse(spec, folder,
           Message::tr("would lie around other runs (%1); choose another name",
                       printable(inside.front().filename().string())));
  make_folder(folder);
  if (::access(folder.c_str(), W_OK) != 0) throw RunError(Message::at(folder, Message::tr("is not writable")));
  return {folder, std::move(*lock)};
}

}  // namespace bandscope::trainer
