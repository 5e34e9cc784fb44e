// SPDX-License-Identifier: Apache-2.0
#include "training/queue/queue_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/schema/message_json.h"
#include "training/queue/slurm.h"

namespace bandscope::queue {
namespace {

using Json = nlohmann::json;
using State = QueuedRun::State;

constexpr int version = 1;
constexpr std::uint64_t most_bytes = 16 << 20;
constexpr std::array<std::pair<State, const char*>, 4> states = {{{State::waiting, "waiting"},
                                                                  {State::starting, "starting"},
                                                                  {State::running, "running"},
                                                                  {State::failed, "failed"}}};

Json to_json(const QueuedRun& run) {
  Json object = {{"id", run.id}, {"name", run.name}, {"runs", run.runs}, {"spec", run.spec}, {"device", run.device}};
  for (const auto& [state, word] : states)
    if (state == run.state) object["state"] = word;
  if (run.pid > 0) object["pid"] = run.pid;
  if (run.started > 0) object["started"] = run.started;
  if (!run.log.empty()) object["log"] = run.log;
  if (!run.reason.empty()) object["reason"] = run.reason.english();
  if (!run.job.empty()) object["job"] = run.job;
  if (run.stop != QueuedRun::Stop::no) object["stop"] = run.stop == QueuedRun::Stop::asked ? "asked" : "told";
  if (run.reason.is_sentence()) object["reason_values"] = bandscope::to_json(run.reason);
  return object;
}

std::string text(const Json& object, const char* key, bool needed, const std::filesystem::path& file) {
  const auto at = object.find(key);
  const bool there = at != object.end() && at->is_string() && !at->get_ref<const std::string&>().empty();
  if (needed && !there) throw DataError(Message::at(file, Message::tr("a run has no text under key \"%1\"", key)));
  return there ? at->get<std::string>() : std::string();
}

std::int64_t count(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_integer() ? std::max<std::int64_t>(0, at->get<std::int64_t>()) : 0;
}

QueuedRun run_from(const Json& object, const std::filesystem::path& file) {
  if (!object.is_object()) throw DataError(Message::at(file, Message::tr("a run is no JSON object")));
  QueuedRun run{text(object, "id", true, file), text(object, "name", true, file), text(object, "runs", true, file),
                text(object, "spec", true, file), text(object, "device", true, file)};
  const std::string word = text(object, "state", true, file);
  const auto state = std::ranges::find_if(states, [&](const auto& known) { return known.second == word; });
  if (state == states.end())
    throw DataError(
        Message::at(file, Message::tr("key \"state\" is \"%1\"; allowed: waiting, starting, running, failed", word)));
  run.state = state->first;
  run.pid = count(object, "pid");
  run.started = count(object, "started");
  run.log = text(object, "log", false, file);
  run.job = text(object, "job", false, file);
  if (!run.job.empty() && !is_job_number(run.job))
    throw DataError(Message::at(file, Message::tr("key \"job\" is \"%1\", which is no number of a job", run.job)));
  const std::string stop = text(object, "stop", false, file);
  if (stop == "asked" || stop == "told") run.stop = stop == "asked" ? QueuedRun::Stop::asked : QueuedRun::Stop::told;
  run.reason = message_of(text(object, "reason", false, file), object.value("reason_values", Json()));
  return run;
}

}  // namespace

bool QueuedRun::by_slurm() const { return device == kSlurmDevice; }

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

Json to_json(const Queue& queue) {
  Json runs = Json::array();
  for (const QueuedRun& run : queue.runs) runs.push_back(to_json(run));
  return {{"version", version}, {"paused", queue.paused}, {"at_once", queue.at_once}, {"runs", std::move(runs)}};
}

Queue QueueFile::load() const {
  Queue queue;
  std::error_code unknown;
  if (!std::filesystem::exists(file(), unknown)) return queue;
  const Json all = read_json(file(), most_bytes);
  if (!all.is_object() || all.value("version", Json()) != Json(version))
    throw DataError(Message::at(file(), Message::tr("it is no queue of version %1", version)));
  queue.paused = all.value("paused", Json(false)) == Json(true);
  const Json limits = all.value("at_once", Json::object()), runs = all.value("runs", Json::array());
  if (limits.is_object())
    for (const auto& [device, limit] : limits.items())
      if (limit.is_number_integer())
        queue.at_once[device] = static_cast<int>(std::clamp<std::int64_t>(limit.get<std::int64_t>(), 1, kMostAtOnce));
  if (runs.is_array())
    for (const Json& run : runs) queue.runs.push_back(run_from(run, file()));
  return queue;
}

void QueueFile::save(const Queue& queue) const {
  write_fresh(file(), to_json(queue).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

void QueueFile::change(const std::function<void(Queue&, const Save&)>& change) const {
  const auto name = runs_ / ".queue.lock";
  const Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  int locked = -1;
  while (lock && (locked = ::flock(lock.get(), LOCK_EX)) != 0 && errno == EINTR) continue;
  if (locked != 0) throw RunError(Message::tr("cannot write %1: %2", name, system_reason(errno)));
  Queue queue = load();
  Json saved = to_json(queue);
  const auto store = [&](const Queue& now) {
    Json next = to_json(now);
    if (next == saved) return;
    save(now);
    saved = std::move(next);
  };
  change(queue, store);
  store(queue);
}

}  // namespace bandscope::queue
