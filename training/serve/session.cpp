// SPDX-License-Identifier: Apache-2.0
#include "training/serve/session.h"

#include <unistd.h>

#include <array>
#include <exception>
#include <new>

#include "core/build_info.h"
#include "core/error.h"
#include "core/run/label_file.h"
#include "training/queue/slurm.h"
#include "training/serve/file_pieces.h"
#include "training/serve/folder_view.h"
#include "training/serve/run_item.h"
#include "training/serve/run_orders.h"

namespace bandscope::serve {
namespace {

using wire::Ask;
using wire::Json;
using wire::Refusal;
using wire::Refused;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string spec_of(const Roots& roots, const std::string& run) {
  const auto record = record_of(roots, run);
  const auto kept = record.parent_path() / "spec.toml";
  if (owns_folder(record) && is_own_file(kept)) return read_file(kept, kMostSpecBytes);
  return RecordReader::open(record).spec_toml();
}

}  // namespace

Session::Session(const Roots& roots, std::vector<wire::Device> devices, queue::Start by)
    : roots_(roots),
      by_(by),
      records_(roots),
      data_(roots),
      launcher_(roots),
      uploads_(roots),
      queue_(roots.runs(), by),
      runs_(roots.runs()) {
  wire::Hello hello;
  hello.program = build_version();
  hello.host = host_name();
  hello.now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  hello.devices = std::move(devices);
  hello.roots = roots.names();
  hello.folders = roots.folders();
  if (by == queue::Start::slurm) hello.jobs = queue::kSlurmDevice;
  for (const wire::RequestAbout& request : wire::requests()) hello.requests.emplace_back(request.name);
  output_ = wire::hello_line(hello);
}

void Session::receive(std::string_view bytes) {
  lines_.add(bytes);
  read_lines();
}

void Session::read_lines() {
  while (wants_input()) {
    const auto line = lines_.next();
    if (!line) return;
    if (line->too_long) {
      output_ +=
          wire::refusal_line({}, Refusal::request, Message::tr("a line has at most %1 bytes", wire::kLongestLine));
      continue;
    }
    read_line(line->text);
  }
}

void Session::read_line(const std::string& line) {
  std::optional<std::uint64_t> id;
  try {
    const wire::Request request = wire::read_request(line, id);
    if (auto fields = answer(request)) say(request.id, std::move(*fields));
  } catch (const std::exception& error) {
    refuse(id, error);
  }
}

void Session::say(std::uint64_t id, Json fields) {
  std::string line = wire::answer_line(id, std::move(fields));
  if (line.size() > wire::kLongestLine)
    line = wire::refusal_line(id, Refusal::failed, Message::tr("the answer is too long for a message"));
  output_ += line;
}

/// What is told without being asked; what tells it keeps to what a line holds.
void Session::push(std::string_view name, Json fields) {
  std::string line = wire::push_line(name, std::move(fields));
  if (line.size() <= wire::kLongestLine) output_ += line;
}

void Session::refuse(std::optional<std::uint64_t> id, const std::exception& error) {
  const auto* refused = dynamic_cast<const Refused*>(&error);
  const bool no_memory = dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  output_ += wire::refusal_line(id, refused ? refused->refusal : Refusal::failed,
                                no_memory ? Message::tr("there is no memory left") : message_of(error));
}

void Session::later(Worker& worker, std::uint64_t id, std::function<Json()> work) {
  ++waiting_jobs_;
  worker.add([this, id, work = std::move(work)]() -> Worker::Result {
    try {
      return [this, id, fields = work()] {
        --waiting_jobs_;
        say(id, fields);
      };
    } catch (...) {
      return [this, id, problem = std::current_exception()] {
        --waiting_jobs_;
        try {
          std::rethrow_exception(problem);
        } catch (const std::exception& error) {
          refuse(id, error);
        }
      };
    }
  });
}

void Session::plan(const wire::Request& request) {
  launcher_.plan(request.text("spec"), request.flag("warm_up"),
                 [this, id = request.id](const Json& plans, const Message& problem) {
                   if (problem.empty()) return say(id, {{"plans", plans}});
                   output_ += wire::refusal_line(id, Refusal::failed, problem);
                 });
}

/// Jobs are Slurm's to start.
Json Session::start(const std::string& spec, const std::string& in) {
  if (by_ != queue::Start::slurm) return launcher_.start(spec, in);
  if (!in.empty()) throw Refused(Refusal::request, Message::tr("jobs are in the folder of runs itself"));
  return queue_.add(launcher_.read(spec));
}

std::filesystem::path Session::still_record(const std::string& run) const {
  const auto record = record_of(roots_, run);
  if (queue_.has_job(record)) throw Refused(Refusal::failed, Message::tr("%1 is running; stop it first", run));
  return record;
}

Json Session::label(const std::string& run, const Json& labels) {
  const auto record = record_of(roots_, run);
  std::error_code unknown;
  if (std::filesystem::is_symlink(label_file(record), unknown))
    throw Refused(Refusal::outside, Message::tr("%1 is a link", label_file(record).filename()));
  Json now = change_label_file(record, labels);
  if (watches_) runs_.relabelled(run_name(roots_.runs(), record), now);
  return {{"labels", std::move(now)}};
}

Json Session::rename(const std::string& run, const std::string& name) {
  const auto record = still_record(run);
  const std::string now = rename_run(roots_, record, name);
  if (watches_) runs_.renamed(run_name(roots_.runs(), record), now);
  return {{"run", now}};
}

Json Session::remove(const std::string& run) {
  const auto record = still_record(run);
  const std::string trashed = remove_run(roots_, record);
  if (watches_) runs_.removed(run_name(roots_.runs(), record));
  return {{"trashed", trashed}};
}

void Session::later_rows(const wire::Request& request) {
  if (request.fields.contains("run")) {
    later(data_worker_, request.id, [this, record = record_of(roots_, request.text("run")), request] {
      return data_.rows_of_run(record, request);
    });
  } else if (request.fields.contains("root") && request.fields.contains("path")) {
    later(data_worker_, request.id,
          [this, place = roots_.existing(request.text("root"), request.text("path")), request] {
            return data_.rows(place, request);
          });
  } else {
    throw Refused(Refusal::request, Message::tr("request \"data_rows\": a run, or a root and a path, is needed"));
  }
}

Json Session::list(const wire::Request& request) {
  const std::size_t first = request.count("first", 0);
  // A later page is of the same list as the first.
  if (first == 0) runs_.look(now_);
  return {{"runs", runs_.page(first, wire::kMostItems)}, {"all", runs_.size()}};
}

std::optional<Json> Session::answer(const wire::Request& request) {
  const std::string run = request.text("run");
  switch (request.ask) {
    case Ask::runs:
      return list(request);
    case Ask::watch:
    case Ask::unwatch:
      watches_ = request.ask == Ask::watch;
      return Json::object();
    case Ask::record:
      return records_.record(run);
    case Ask::follow:
      return records_.follow(run);
    case Ask::unfollow:
      records_.unfollow(run);
      return Json::object();
    case Ask::rows:
      return records_.rows(request);
    case Ask::coarse:
      return records_.coarse(request);
    case Ask::digests:
      later(digest_worker_, request.id,
            [record = record_of(roots_, run), request] { return Records::digests(record, request); });
      return std::nullopt;
    case Ask::spec:
      return Json{{"spec", spec_of(roots_, run)}};
    case Ask::log:
      return log_piece(roots_, request);
    case Ask::start:
      return start(request.text("spec"), request.text("in"));
    case Ask::plan:
      plan(request);
      return std::nullopt;
    case Ask::control:
      return Json{{"answer", order_run(record_of(roots_, run), request.fields.at("order"))}};
    case Ask::end:
      if (const auto record = record_of(roots_, run); !queue_.end_job(record)) end_run(record);
      return Json::object();
    case Ask::labels:
      return label(run, request.fields.at("labels"));
    case Ask::rename:
      return rename(run, request.text("name"));
    case Ask::remove:
      return remove(run);
    case Ask::restore:
      // Behind what is being deleted there.
      later(file_worker_, request.id, [this, request] {
        return Json{{"run", restore_run(roots_, request.text("trashed"))}};
      });
      return std::nullopt;
    case Ask::purge:
      later(file_worker_, request.id, [this, request] {
        purge_run(roots_, request.text("trashed"));
        return Json::object();
      });
      return std::nullopt;
    case Ask::folder:
      return folder_page(roots_, request);
    case Ask::send:
      later(file_worker_, request.id, [this, request] { return uploads_.announce(request); });
      return std::nullopt;
    case Ask::send_chunk:
      later(file_worker_, request.id, [this, request] { return uploads_.take(request); });
      return std::nullopt;
    case Ask::queue:
      return queue_.add(launcher_.read(request.text("spec")));
    case Ask::queued:
      return queue_.all();
    case Ask::queue_set:
      return queue_.set(request);
    case Ask::evaluations:
      return evaluation_files(roots_, request);
    case Ask::evaluation_file:
      return evaluation_piece(roots_, request);
    case Ask::data_rows:
      later_rows(request);
      return std::nullopt;
  }
  return std::nullopt;
}

void Session::tick(Time now) {
  now_ = now;
  collect();
  launcher_.collect();
  if (watches_) runs_.look(now);
  read_lines();
  // A push is of what is now; while another is on its way it waits, and what came in between is one.
  if (!output_.empty()) return;
  if (const Json grown = records_.next_grown(); !grown.is_null()) push("grown", grown);
  if (!watches_) return;
  if (const Json queue = queue_.changed(); !queue.is_null()) push("queue", queue);
  if (RunList::Changes changes = runs_.take_changes(wire::kMostItems); !changes.empty())
    push("changed", {{"runs", std::move(changes.runs)}, {"gone", std::move(changes.gone)}});
}

std::vector<int> Session::signals() const {
  std::vector<int> all = launcher_.signals();
  for (const Worker* worker : {&digest_worker_, &data_worker_, &file_worker_}) all.push_back(worker->signal());
  return all;
}

void Session::collect() {
  for (Worker* worker : {&digest_worker_, &data_worker_, &file_worker_}) worker->collect();
}

void Session::finish_jobs() {
  for (Worker* worker : {&digest_worker_, &data_worker_, &file_worker_}) worker->wait();
  runs_.worker().wait();
  collect();
}

}  // namespace bandscope::serve
