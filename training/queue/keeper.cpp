// SPDX-License-Identifier: Apache-2.0
#include "training/queue/keeper.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <random>
#include <thread>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"
#include "core/process/stop_signals.h"
#include "training/jobs/detached.h"
#include "training/jobs/devices.h"
#include "training/queue/run_traces.h"
#include "training/queue/slurm_turns.h"

namespace bandscope::queue {
namespace {

namespace fs = std::filesystem;
using State = QueuedRun::State;

constexpr std::chrono::milliseconds between_turns{500};

std::string fresh_id() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 16; ++i) id += "0123456789abcdef"[random() % 16];
  return id;
}

/// Runs of one device wait for each other; where the spec leaves it open, that is what the engine would choose.
std::string device_of(const RunSpec& spec) {
  if (spec.run.device != "auto") return spec.run.device;
  return jobs::gpus_here().empty() ? "cpu" : "cuda";
}

/// An engine with this process's number that was started with this spec: numbers are used again.
bool engine_lives(const QueuedRun& run) {
  std::ifstream in("/proc/" + std::to_string(run.pid) + "/cmdline");
  for (std::string word; run.pid > 0 && std::getline(in, word, '\0');)
    if (word == run.spec) return true;
  return false;
}

void settle(Queue& queue) {
  std::erase_if(queue.runs, [](QueuedRun& run) {
    if (!run.active() || run.by_slurm() || engine_lives(run)) return false;
    if (run.state == State::starting && !recorded(run)) {  // the keeper was ended in between
      run.state = State::waiting;
      return false;
    }
    if (recorded(run)) return true;  // the record tells the rest
    run.state = State::failed;
    run.reason = why_unrecorded(run);
    return false;
  });
}

void start(Queue& queue, QueuedRun& run, const QueueFile::Save& save) {
  run.state = State::starting;
  run.started = now_ms();
  run.log = fresh_log(run);
  save(queue);
  std::vector<std::pair<std::string, std::string>> environment;
  if (const int together = queue.limit(run.device); run.device == "cpu" && together > 1)
    environment.emplace_back("OMP_NUM_THREADS", std::to_string(jobs::threads_per_job(together)));
  try {
    run.pid = jobs::start_detached({run.spec, "--runs", run.runs}, run.log, environment);
    run.state = State::running;
  } catch (const RunError& error) {
    run.state = State::failed;
    run.reason = error.message();
  }
  save(queue);
}

}  // namespace

std::vector<std::string> add_to_queue(const QueueFile& file, const std::vector<RunSpec>& specs, Start by) {
  std::vector<std::string> ids;
  file.change([&](Queue& queue, const QueueFile::Save&) {
    if (queue.runs.size() + specs.size() > kMostQueued)
      throw SpecError(Message::tr("at most %1 runs wait", kMostQueued));
    std::error_code there;
    fs::create_directory(file.runs() / ".specs", there);
    for (const RunSpec& spec : specs) {
      const auto& name = spec.run.name;
      const bool waits = std::ranges::any_of(
          queue.runs, [&](const QueuedRun& run) { return run.name == name && run.state != State::failed; });
      if (waits) throw SpecError(Message::tr("a run %1 waits already", name));
      std::erase_if(queue.runs, [&](const QueuedRun& run) { return run.name == name; });
      const std::string id = fresh_id();
      const fs::path place = file.runs() / ".specs" / (name + "-" + id.substr(0, 8) + ".toml");
      write_fresh(place, to_toml(spec));
      queue.runs.push_back(
          {id, name, file.runs().string(), place.string(), by == Start::slurm ? kSlurmDevice : device_of(spec)});
      ids.push_back(id);
    }
  });
  return ids;
}

void take_turns(Queue& queue, const QueueFile::Save& save) {
  settle(queue);
  if (queue.paused) return;
  for (QueuedRun& run : queue.runs)
    if (run.state == State::waiting && !run.by_slurm() && queue.active(run.device) < queue.limit(run.device))
      start(queue, run, save);
}

int keep_queue(const fs::path& runs) {
  std::error_code problem;
  const QueueFile file(fs::canonical(runs, problem));
  if (problem) throw DataError(Message::tr("%1 is no folder: %2", runs, system_reason(problem)));
  const auto name = file.runs() / ".queue.keeper";
  const Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!lock) throw RunError(Message::tr("cannot write %1: %2", name, system_reason(errno)));
  // One that is just ending may have looked at the queue before something was added.
  for (int tries = 0; ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (tries == 4) return static_cast<int>(ExitCode::done);
    std::this_thread::sleep_for(between_turns);
  }
  SlurmTurns slurm;
  for (bool busy = true; busy && stop_signal() == 0;) {
    file.change([&](Queue& queue, const QueueFile::Save& save) {
      take_turns(queue, save);
      busy = std::ranges::any_of(queue.runs, &QueuedRun::at_work) || (queue.busy() && !queue.paused);
    });
    slurm.take(file, std::chrono::steady_clock::now());
    if (busy) std::this_thread::sleep_for(between_turns);
  }
  return static_cast<int>(ExitCode::done);
}

void ensure_keeper(const QueueFile& file) {
  if (const Queue queue = file.load(); !queue.busy()) return;
  std::error_code there;
  fs::create_directory(file.runs() / ".logs", there);
  jobs::start_detached({"keep-queue", "--runs", file.runs().string()}, file.runs() / ".logs" / "queue.txt");
}

}  // namespace bandscope::queue
