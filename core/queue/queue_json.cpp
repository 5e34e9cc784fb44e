// SPDX-License-Identifier: Apache-2.0
// The queue's form in its file and in messages.
#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/queue/queue.h"
#include "core/run/label_file.h"
#include "core/schema/message_json.h"

namespace bandscope::queue {
namespace {

using Json = nlohmann::json;
using State = QueuedRun::State;
using Stop = QueuedRun::Stop;

constexpr int version = 1;
constexpr std::array<std::pair<State, const char*>, 4> states = {{{State::waiting, "waiting"},
                                                                  {State::starting, "starting"},
                                                                  {State::running, "running"},
                                                                  {State::failed, "failed"}}};

[[noreturn]] void refuse(const std::string& file, Message why) { throw DataError(Message::at(file, std::move(why))); }

Json to_json(const QueuedRun& run) {
  Json object = {{"id", run.id}, {"name", run.name}, {"runs", run.runs}, {"spec", run.spec}, {"device", run.device}};
  for (const auto& [state, word] : states)
    if (state == run.state) object["state"] = word;
  if (run.resumes) object["resumes"] = true;
  if (run.asked) object["asked"] = true;
  if (run.now) object["now"] = true;
  if (run.pid > 0) object["pid"] = run.pid;
  if (run.ticks > 0) object["start_ticks"] = run.ticks;
  if (!run.host.empty()) object["host"] = run.host;
  if (run.started > 0) object["started"] = run.started;
  if (run.stop != Stop::no) object["stop"] = run.stop == Stop::asked ? "asked" : "told";
  if (!run.log.empty()) object["log"] = run.log;
  if (!run.job.empty()) object["job"] = run.job;
  if (!run.reason.empty()) object["reason"] = run.reason.english();
  if (run.reason.is_sentence()) object["reason_values"] = bandscope::to_json(run.reason);
  if (!run.labels.empty()) object["labels"] = run.labels;
  return object;
}

std::string text(const Json& object, const char* key, bool needed, const std::string& file) {
  const auto at = object.find(key);
  const bool there = at != object.end() && at->is_string() && !at->get_ref<const std::string&>().empty();
  if (needed && !there) refuse(file, Message::tr("a run has no text under key \"%1\"", key));
  return there ? at->get<std::string>() : std::string();
}

std::int64_t count(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_integer() ? std::max<std::int64_t>(0, at->get<std::int64_t>()) : 0;
}

bool flag(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && *at == true;
}

/// `true` is how windows kept that they had told it.
Stop stop_of(const Json& object) {
  const auto at = object.find("stop");
  if (at == object.end()) return Stop::no;
  if (*at == "asked") return Stop::asked;
  return *at == "told" || *at == true ? Stop::told : Stop::no;
}

QueuedRun run_from(const Json& object, const std::string& file) {
  if (!object.is_object()) refuse(file, Message::tr("a run is no JSON object"));
  QueuedRun run{text(object, "id", true, file), text(object, "name", true, file), text(object, "runs", true, file),
                text(object, "spec", true, file), device_name(text(object, "device", true, file), false)};
  const std::string word = text(object, "state", true, file);
  const auto state = std::ranges::find_if(states, [&](const auto& known) { return known.second == word; });
  if (state == states.end())
    refuse(file, Message::tr("key \"state\" is \"%1\"; allowed: waiting, starting, running, failed", word));
  run.state = state->first;
  run.resumes = flag(object, "resumes");
  run.asked = flag(object, "asked");
  run.now = flag(object, "now");
  run.stop = stop_of(object);
  run.pid = count(object, "pid");
  run.ticks = count(object, "start_ticks");
  run.host = text(object, "host", false, file);
  run.started = count(object, "started");
  run.log = text(object, "log", false, file);
  run.job = text(object, "job", false, file);
  if (!run.job.empty() && !is_job_number(run.job))
    refuse(file, Message::tr("key \"job\" is \"%1\", which is no number of a job", run.job));
  run.reason = message_of(text(object, "reason", false, file), object.value("reason_values", Json()));
  try {
    run.labels = checked_labels(object.value("labels", Json::object()));
  } catch (const Error& error) {
    refuse(file, error.message());
  }
  return run;
}

}  // namespace

Json to_json(const Queue& queue) {
  Json runs = Json::array();
  for (const QueuedRun& run : queue.runs) runs.push_back(to_json(run));
  Json all = {{"version", version}, {"paused", queue.paused}, {"at_once", queue.at_once}, {"runs", std::move(runs)}};
  if (!queue.engine.empty()) all["engine"] = queue.engine;
  return all;
}

Queue queue_from(const Json& json, const std::string& file) {
  if (!json.is_object() || json.value("version", Json()) != Json(version))
    refuse(file, Message::tr("it is no queue of version %1", version));
  Queue queue;
  queue.paused = flag(json, "paused");
  queue.engine = text(json, "engine", false, file);
  const Json limits = json.value("at_once", Json::object()), runs = json.value("runs", Json::array());
  if (limits.is_object())
    for (const auto& [device, limit] : limits.items())
      if (limit.is_number_integer())
        queue.at_once[device_name(device, false)] =
            static_cast<int>(std::clamp<std::int64_t>(limit.get<std::int64_t>(), 1, kMostAtOnce));
  if (runs.is_array())
    for (const Json& run : runs) queue.runs.push_back(run_from(run, file));
  return queue;
}

}  // namespace bandscope::queue
