// SPDX-License-Identifier: Apache-2.0
#include "core/queue/queue.h"

#include <algorithm>
#include <random>
#include <set>

#include "core/error.h"

namespace bandscope::queue {

using State = QueuedRun::State;

bool is_job_number(std::string_view text) {
  constexpr std::size_t most_digits = 18;
  return !text.empty() && text.size() <= most_digits && text.front() != '0' &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string device_name(const std::string& device, bool gpu) {
  if (device == "auto") return gpu ? "cuda:0" : "cpu";
  return device == "cuda" ? "cuda:0" : device;
}

std::string fresh_id() {
  std::random_device random;
  std::string id;
  for (std::size_t i = 0; i < kIdDigits; ++i) id += "0123456789abcdef"[random() % 16];
  return id;
}

std::string QueuedRun::record() const { return runs + '/' + name + "/run.h5"; }

void QueuedRun::wait_again() {
  state = State::waiting;
  now = false;
  stop = Stop::no;
  pid = ticks = started = 0;
  host.clear();
  log.clear();
  reason = {};
}

int Queue::limit(const std::string& device) const {
  const auto own = at_once.find(device);
  if (own != at_once.end()) return own->second;
  return device == kSlurmDevice ? kMostAtOnce : 1;
}

int Queue::active(const std::string& device) const {
  return static_cast<int>(
      std::ranges::count_if(runs, [&](const QueuedRun& run) { return run.at_work() && run.device == device; }));
}

bool Queue::busy() const {
  return std::ranges::any_of(runs, [](const QueuedRun& run) { return run.state != State::failed; });
}

bool Queue::needs_keeper() const {
  return std::ranges::any_of(runs, [&](const QueuedRun& run) {
    return run.at_work() || (run.state == State::waiting && (!paused || run.asked || run.now));
  });
}

std::vector<std::size_t> Queue::due() const {
  std::vector<std::size_t> places;
  std::map<std::string, int> more;
  const auto waits = [&](const QueuedRun& run) { return run.state == State::waiting && !run.by_slurm(); };
  const auto take = [&](std::size_t place) {
    places.push_back(place);
    ++more[runs[place].device];
  };
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (waits(runs[i]) && runs[i].now) take(i);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const QueuedRun& run = runs[i];
    if (waits(run) && !run.now && (!paused || run.asked) && active(run.device) + more[run.device] < limit(run.device))
      take(i);
  }
  return places;
}

QueuedRun* Queue::find(const std::string& id) {
  const auto at = std::ranges::find(runs, id, &QueuedRun::id);
  return at == runs.end() ? nullptr : &*at;
}

bool Queue::holds(const std::string& record) const {
  return std::ranges::any_of(
      runs, [&](const QueuedRun& run) { return run.state != State::failed && run.record() == record; });
}

void Queue::append(std::vector<QueuedRun> fresh) {
  if (runs.size() + fresh.size() > kMostQueued) throw SpecError(Message::tr("at most %1 runs wait", kMostQueued));
  for (const QueuedRun& run : fresh)
    if (holds(run.record()))
      throw SpecError(Message::tr("the run %1 of this folder is in the queue already", run.name));
  for (QueuedRun& run : fresh) {
    std::erase_if(runs, [&](const QueuedRun& other) {
      if (other.record() != run.record()) return false;
      run.labels = other.labels;
      return true;
    });
    runs.push_back(std::move(run));
  }
}

void Queue::hold() {
  if (!busy()) paused = true;
}

Taken Queue::take(const std::vector<std::string>& ids) {
  const std::set<std::string> wanted(ids.begin(), ids.end());
  Taken taken;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (!runs[i].at_work() && wanted.contains(runs[i].id)) taken.emplace_back(i, runs[i]);
  std::erase_if(runs, [&](const QueuedRun& run) { return !run.at_work() && wanted.contains(run.id); });
  return taken;
}

void Queue::put(const Taken& taken) {
  hold();
  for (const auto& [place, run] : taken)
    if (!find(run.id)) runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(std::min(place, runs.size())), run);
}

void Queue::reorder(const std::vector<std::string>& ids) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) places.emplace(ids[i], i);
  std::ranges::stable_sort(runs, {}, [&](const QueuedRun& run) {
    const auto at = places.find(run.id);
    return at == places.end() ? ids.size() : at->second;
  });
}

}  // namespace bandscope::queue
