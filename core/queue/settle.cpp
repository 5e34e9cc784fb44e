// SPDX-License-Identifier: Apache-2.0
#include "core/queue/settle.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/record/run_folder.h"
#include "core/run/label_file.h"
#include "core/schema/spoken.h"

namespace bandscope::queue {
namespace {

namespace fs = std::filesystem;
using State = QueuedRun::State;
using Stop = QueuedRun::Stop;

std::vector<std::string> command_line(std::int64_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/cmdline");
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
  return words;
}

bool has_word(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

std::string this_host() { return this_process().host; }

/// A process on another host cannot be asked. Its run counts as going on until nothing was heard of it for as long as
/// the trainer takes a run of another host for a living one (training/trainer/run_folders.h), or, where it has no
/// record yet, for longer than an engine takes to make one.
bool ended_elsewhere(const QueuedRun& run) {
  constexpr std::int64_t longest_silence = 300'000, longest_start = 3'600'000;
  const bool has_record = recorded(run);
  struct stat about {};
  std::int64_t heard = run.started;
  if (has_record && ::stat(run.record().c_str(), &about) == 0)
    heard = std::max(heard, about.st_mtim.tv_sec * std::int64_t{1000});
  return now_ms() - heard > (has_record ? longest_silence : longest_start);
}

/// Numbers of processes are used again: it is known by its start, or, where an older version did not keep that, by the
/// spec that it was given.
bool engine_lives(const QueuedRun& run) {
  const std::int64_t ticks = process_start(run.pid);
  if (ticks == 0) return false;
  return run.ticks > 0 ? ticks == run.ticks : has_word(command_line(run.pid), run.spec);
}

void fail(QueuedRun& run) {
  run.state = State::failed;
  run.now = false;
  run.reason = run.stop == Stop::no ? why_unrecorded(run) : Message::tr("stopped before it had a record");
}

/// One that was being started when its keeper ended: its engine is there, or it never came to be.
void find_engine(QueuedRun& run) {
  if (run.pid == 0) run.pid = engine_on(run.spec);
  run.ticks = process_start(run.pid);
  run.now = false;
  if (run.ticks > 0 || recorded(run)) {
    run.state = State::running;
    run.host = this_host();
  } else if (run.stop != Stop::no) {
    fail(run);
  } else {
    run.pid = 0;
    run.host.clear();
    run.state = State::waiting;
  }
}

Message hand_over_labels(QueuedRun& run) {
  if (run.labels.empty()) return {};
  try {
    change_label_file(run.record(), run.labels);
    run.labels = nlohmann::json::object();
  } catch (const Error& error) {
    return Message::tr("star, tags and note of %1 are not in its folder: %2", run.name, error.message());
  }
  return {};
}

}  // namespace

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool recorded(const QueuedRun& run) {
  const auto process = read_engine_process(fs::path(run.runs) / run.name);
  std::error_code unknown;
  if (!process || !fs::exists(run.record(), unknown)) return false;
  const bool its_own = run.ticks > 0 && process->pid == run.pid && process->start_ticks == run.ticks &&
                       (run.host.empty() || process->host == run.host);
  if (its_own) return true;
  // Else by time. File systems keep coarser times than the clock, and a job's node has a clock of its own.
  const std::int64_t slack = run.by_slurm() ? 60'000 : 2000;
  return process->started * 1000 >= static_cast<double>(run.started - slack);
}

Message why_unrecorded(const QueuedRun& run) {
  // A link in a folder that others write in may lead to any file of the user's.
  std::error_code unknown;
  const bool own = fs::is_regular_file(fs::symlink_status(run.log, unknown)) &&
                   fs::is_directory(fs::symlink_status(fs::path(run.log).parent_path(), unknown));
  const Message words = own ? last_words(run.log) : Message();
  return words.empty() ? Message::tr("the engine ended without a record; see %1", run.log) : words;
}

std::int64_t engine_on(const std::string& spec) {
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator("/proc", problem)) {
    const std::string name = entry.path().filename().string();
    std::int64_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size() || pid == ::getpid()) continue;
    const auto words = command_line(pid);
    if (has_word(words, spec) && has_word(words, "--runs") && process_start(pid) > 0) return pid;
  }
  return 0;
}

std::vector<Message> settle(Queue& queue) {
  std::vector<Message> problems;
  const std::string here = this_host();
  std::erase_if(queue.runs, [&](QueuedRun& run) {
    if (!run.active() || run.by_slurm()) return false;
    const auto elsewhere = [&] { return !run.host.empty() && run.host != here; };
    if (elsewhere() && !ended_elsewhere(run)) return false;
    if (run.state == State::starting) find_engine(run);
    if (run.state != State::running) return false;
    const bool lives = !elsewhere() && engine_lives(run), has_record = recorded(run);
    if (has_record)
      if (Message problem = hand_over_labels(run); !problem.empty()) problems.push_back(std::move(problem));
    if (lives) {
      if (run.stop == Stop::asked && ::kill(static_cast<pid_t>(run.pid), SIGTERM) == 0) run.stop = Stop::told;
      return false;
    }
    if (has_record) return true;  // the record tells the rest
    fail(run);
    return false;
  });
  return problems;
}

}  // namespace bandscope::queue
