// SPDX-License-Identifier: Apache-2.0
#include "training/serve/queue_requests.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "training/serve/roots.h"

namespace bandscope::serve {
namespace {

using wire::Json;
using wire::Refusal;
using wire::Refused;

std::vector<std::string> texts(const Json& fields, const char* name) {
  std::vector<std::string> all;
  const auto list = fields.find(name);
  if (list == fields.end()) return all;
  for (const Json& item : *list) {
    if (!item.is_string())
      throw Refused(Refusal::request, Message::tr("request \"queue_set\": key \"%1\" must be a list of ids", name));
    all.push_back(item.get<std::string>());
  }
  return all;
}

void set_limits(queue::Queue& queue, const Json& limits) {
  for (const auto& [device, limit] : limits.items()) {
    if (!limit.is_number_unsigned() || limit.get<std::uint64_t>() < 1 ||
        limit.get<std::uint64_t>() > queue::kMostAtOnce)
      throw Refused(Refusal::request,
                    Message::tr("request \"queue_set\": runs at once are 1 to %1", queue::kMostAtOnce));
    queue.at_once[device] = limit.get<int>();
    if (queue.at_once.size() > queue::kMostAtOnce)
      throw Refused(Refusal::request, Message::tr("at most %1 devices have a number of runs", queue::kMostAtOnce));
  }
}

void take_out(queue::Queue& queue, const std::vector<std::string>& ids) {
  const std::set<std::string> wanted(ids.begin(), ids.end());
  for (queue::QueuedRun& run : queue.runs)  // these go once Slurm has let go of them
    if (run.state == queue::QueuedRun::State::waiting && run.at_work() && wanted.contains(run.id))
      run.stop = queue::QueuedRun::Stop::asked;
  queue.take(ids);
}

}  // namespace

/// As many from its front as fit; ids that an order does not name follow those that it does.
Json QueueRequests::now() const {
  Json queue = queue::to_json(file_.load());
  Json& runs = queue["runs"];
  const std::size_t all = runs.size();
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < all; ++count) {
    bytes += runs[count].dump(-1, ' ', false, Json::error_handler_t::replace).size() + 1;
    if (bytes > wire::kLongestLine / 2) break;
  }
  runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(count), runs.end());
  queue["all"] = all;
  return {{"queue", std::move(queue)}};
}

Json QueueRequests::add(const std::vector<RunSpec>& specs) {
  Json names = Json::array();
  for (const RunSpec& spec : specs) {
    require_plain_name(spec.run.name);
    names.push_back(spec.run.name);
  }
  const auto ids = queue::add_to_queue(file_, specs, by_, patience_);
  queue::ensure_keeper(file_);
  return {{"runs", std::move(names)}, {"ids", ids}};
}

Json QueueRequests::all() {
  // The server may have been started anew since somebody last looked.
  queue::ensure_keeper(file_);
  return now();
}

Json QueueRequests::set(const wire::Request& request) {
  const auto order = texts(request.fields, "order"), out = texts(request.fields, "take_out");
  const auto change = [&](queue::Queue& queue, const queue::QueueFile::Save&) {
    if (request.fields.contains("paused")) queue.paused = request.flag("paused");
    if (request.fields.contains("at_once")) set_limits(queue, request.fields.at("at_once"));
    if (!order.empty()) queue.reorder(order);
    take_out(queue, out);
  };
  file_.change(change, patience_);
  queue::ensure_keeper(file_);
  return now();
}

bool QueueRequests::is_job_of(const queue::QueuedRun& run, const std::filesystem::path& record) const {
  return run.at_work() && !run.job.empty() && record == file_.folder() / run.name / "run.h5";
}

bool QueueRequests::has_job(const std::filesystem::path& record) const {
  const queue::Queue queue = file_.load();
  return std::ranges::any_of(queue.runs, [&](const queue::QueuedRun& run) { return is_job_of(run, record); });
}

bool QueueRequests::end_job(const std::filesystem::path& record) {
  bool found = false;
  if (!has_job(record)) return found;
  const auto change = [&](queue::Queue& queue, const queue::QueueFile::Save&) {
    for (queue::QueuedRun& run : queue.runs)
      if (is_job_of(run, record)) {
        found = true;
        run.stop = queue::QueuedRun::Stop::asked;
      }
  };
  file_.change(change, patience_);
  queue::ensure_keeper(file_);
  return found;
}

Json QueueRequests::changed() {
  const auto stamp = file_.stamp();
  if (stamp == seen_) return nullptr;
  seen_ = stamp;
  try {
    return now();
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace bandscope::serve
