// SPDX-License-Identifier: Apache-2.0
#include "training/queue/run_traces.h"

#include <chrono>

#include "core/error.h"
#include "core/input/file.h"
#include "core/record/run_folder.h"
#include "core/schema/spoken.h"
#include "training/jobs/detached.h"

namespace bandscope::queue {
namespace fs = std::filesystem;

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string fresh_log(const QueuedRun& run) {
  std::error_code there;
  fs::create_directory(fs::path(run.runs) / ".logs", there);
  return run.runs + "/.logs/" + run.name + "-" + jobs::time_stamp() + ".txt";
}

bool recorded(const QueuedRun& run) {
  constexpr std::int64_t slack = 2000;  // file systems keep coarser times than the clock
  const auto process = read_engine_process(fs::path(run.runs) / run.name);
  return process && process->started * 1000 >= static_cast<double>(run.started - slack);
}

Message why_unrecorded(const QueuedRun& run) {
  constexpr std::uint64_t most = 4 << 20;
  Message words;
  try {
    words = last_spoken(read_file(run.log, most));
  } catch (const DataError&) {
    // There is no log, or too much of it.
  }
  return words.empty() ? Message::tr("the engine ended without a record; see %1", run.log) : words;
}

}  // namespace bandscope::queue
