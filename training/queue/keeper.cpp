// SPDX-License-Identifier: Apache-2.0
#include "training/queue/keeper.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <set>
#include <thread>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/process/stop_signals.h"
#include "core/queue/keeper_place.h"
#include "core/queue/own_folder.h"
#include "core/queue/settle.h"
#include "core/record/run_folder.h"
#include "core/schema/spoken.h"
#include "training/jobs/detached.h"
#include "training/jobs/devices.h"
#include "training/queue/file_watch.h"
#include "training/queue/fresh_log.h"
#include "training/queue/slurm_turns.h"

namespace bandscope::queue {
namespace {

namespace fs = std::filesystem;
using State = QueuedRun::State;
using std::chrono::milliseconds;

constexpr milliseconds between_turns{500}, after_a_problem{2000};

/// Runs side by side on the CPU share its cores.
std::vector<std::pair<std::string, std::string>> environment_for(const QueuedRun& run, const Queue& queue) {
  constexpr const char* threads = "OMP_NUM_THREADS";
  const int together = std::max(queue.limit(run.device), queue.active(run.device));
  if (run.device != "cpu" || together <= 1 || std::getenv(threads)) return {};
  return {{threads, std::to_string(jobs::threads_per_job(together))}};
}

/// Whether it can be a program at all: one that a window named, and that was taken away, is none in a moment either.
bool is_program(const fs::path& program) {
  std::error_code unknown;
  return program.empty() || (fs::is_regular_file(program, unknown) && ::access(program.c_str(), X_OK) == 0);
}

/// Throws RunError where it cannot be started now; it waits then as before.
void start(Queue& queue, QueuedRun& run, const QueueFile::Save& save) {
  const bool now = run.now;
  try {
    run.log = fresh_log(run);
    // Marked before the engine is there: were this process to end now, the next one would look for it.
    run.state = State::starting;
    run.started = now_ms();
    run.host = this_process().host;
    run.pid = run.ticks = 0;
    run.reason = {};
    save(queue);
    run.pid = jobs::start_detached({run.spec, "--runs", run.runs}, run.log, environment_for(run, queue), queue.engine);
    run.ticks = process_start(run.pid);
    run.state = State::running;
  } catch (const RunError& error) {
    if (is_program(queue.engine)) {
      run.wait_again();
      run.now = now;
      save(queue);
      throw;
    }
    run.state = State::failed;
    run.reason = error.message();
  }
  run.now = false;
  save(queue);
}

/// The keeper's place, once one that is just ending has left it.
std::optional<KeeperPlace> keeper_place(const QueueFile& file) {
  constexpr int tries = 5;
  for (int i = 0; i < tries; ++i) {
    if (i > 0) std::this_thread::sleep_for(between_turns);
    if (auto place = KeeperPlace::take(file)) return place;
  }
  return std::nullopt;
}

/// What is wrong now, said once in the log.
class Problem {
 public:
  explicit Problem(KeeperPlace& place) : place_(place) {}
  void say(const Message& problem) {
    if (problem != said_ && !problem.empty()) std::cerr << spoken(problem) << std::flush;
    said_ = problem;
    place_.say(problem);
  }

 private:
  KeeperPlace& place_;
  Message said_;
};

}  // namespace

std::vector<std::string> add_to_queue(const QueueFile& file, const std::vector<RunSpec>& specs, Start by,
                                      std::chrono::milliseconds patience) {
  std::vector<std::string> ids;
  const auto add = [&](Queue& queue, const QueueFile::Save&) {
    const fs::path folder = own_folder(file.folder() / ".specs");
    std::vector<QueuedRun> fresh;
    for (const RunSpec& spec : specs) {
      const std::string id = fresh_id(), &name = spec.run.name;
      const fs::path place = folder / (name + "-" + id.substr(0, 8) + ".toml");
      const std::string device =
          by == Start::slurm ? kSlurmDevice : device_name(spec.run.device, !jobs::gpus_here().empty());
      fresh.push_back({id, name, file.folder().string(), place.string(), device});
      ids.push_back(id);
    }
    queue.append(fresh);
    for (std::size_t i = 0; i < specs.size(); ++i) write_fresh(fresh[i].spec, to_toml(specs[i]));
  };
  file.change(add, patience);
  return ids;
}

Message take_turns(Queue& queue, const QueueFile::Save& save) {
  Message problem;
  for (Message& one : settle(queue)) problem = Message::joined(std::move(problem), std::move(one));
  std::optional<RunError> not_now;
  std::set<std::string> tried;
  while (true) {
    const auto due = queue.due();
    const auto next = std::ranges::find_if(due, [&](auto place) { return !tried.contains(queue.runs[place].id); });
    if (next == due.end()) break;
    QueuedRun& run = queue.runs[*next];
    tried.insert(run.id);
    try {
      start(queue, run, save);
    } catch (const RunError& error) {  // another device, or another folder, may have room all the same
      not_now = error;
    }
  }
  if (not_now) throw RunError(Message::joined(std::move(problem), not_now->message()));
  return problem;
}

int keep_queue(const QueueFile& file) {
  auto place = keeper_place(file);
  if (!place) return static_cast<int>(ExitCode::done);
  Problem problem(*place);
  SlurmTurns slurm;
  FileWatch watch(file.file());
  for (bool busy = true; busy && stop_signal() == 0;) {
    try {
      Message wrong;
      file.change([&](Queue& queue, const QueueFile::Save& save) {
        wrong = take_turns(queue, save);
        save(queue);
        busy = queue.needs_keeper();
        if (!busy) place->leave();
      });
      problem.say(wrong);
      if (!busy) break;
      slurm.take(file, std::chrono::steady_clock::now());
      watch.wait(between_turns);
    } catch (const RunError& error) {
      if (std::error_code unknown; !fs::exists(file.folder(), unknown)) throw;
      busy = true;
      problem.say(error.message());
      std::this_thread::sleep_for(after_a_problem);
    }
  }
  return static_cast<int>(ExitCode::done);
}

void ensure_keeper(const QueueFile& file) {
  if (!file.load().needs_keeper() || look_for_keeper(file).there) return;
  const fs::path log = own_folder(file.folder() / ".logs") / "queue.txt";
  jobs::start_detached({"keep-queue", "--runs", file.folder().string()}, log);
}

}  // namespace bandscope::queue
