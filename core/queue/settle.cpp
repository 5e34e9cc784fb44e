// SPDX-License-Identifier: Apache-2.0
#include "core/queue/settle.h"

#include <signal.h>
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
  } else if (run.stop != Stop::no) {
    fail(run);
  } else {
    run.pid = 0;
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
  constexpr std::int64_t slack = 2000;  // file systems keep coarser times than the clock
  const auto process = read_engine_process(fs::path(run.runs) / run.name);
  std::error_code unknown;
  return process && process->started * 1000 >= static_cast<double>(run.started - slack) &&
         fs::exists(run.record(), unknown);
}

Message why_unrecorded(const QueuedRun& run) {
  const Message words = last_words(run.log);
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
  std::erase_if(queue.runs, [&](QueuedRun& run) {
    if (!run.active() || run.by_slurm()) return false;
    if (run.state == State::starting) find_engine(run);
    if (run.state != State::running) return false;
    const bool lives = engine_lives(run), has_record = recorded(run);
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
