// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/link_copies.h"

#include <QDir>
#include <QFileInfo>
#include <chrono>
#include <utility>

namespace bandscope::app {
namespace {

using Phase = mirror::MirrorFeed::Phase;

constexpr int seconds_to_retry = 10;

wire::Client::Time time_now() { return std::chrono::steady_clock::now(); }

}  // namespace

LinkCopies::LinkCopies(wire::Client& client, ServerAddress address, QString cache, Changed changed)
    : client_(client), address_(std::move(address)), cache_(std::move(cache)), changed_(std::move(changed)) {}

void LinkCopies::follow(const QString& run) {
  if (all_.count(run) > 0) return;
  const std::filesystem::path folder = mirror_folder(cache_, address_.id, run).toStdString();
  One& one = all_[run];
  one.feed = std::make_unique<mirror::MirrorFeed>(client_, folder, run.toStdString(), time_now);
  one.evaluations = std::make_unique<mirror::EvaluationCopy>(client_, folder, run.toStdString(), time_now);
  one.feed->on_change = [this, run] { look(run); };
  one.evaluations->on_fetched = [this, run] {
    ++all_.at(run).fetched;
    look(run);
  };
  look(run);
  one.feed->start();
}

void LinkCopies::unfollow(const QString& run) {
  if (all_.erase(run) == 0) return;
  client_.ask(
      wire::Ask::unfollow, {{"run", run.toStdString()}}, [](const wire::Outcome&) {}, time_now());
}

void LinkCopies::renamed(const QString& run, const QString& now) {
  if (run.isEmpty() || now.isEmpty() || run == now || all_.count(now) > 0) return;
  unfollow(run);
  const QString from = mirror_folder(cache_, address_.id, run), to = mirror_folder(cache_, address_.id, now);
  if (!QFileInfo::exists(from)) return;
  QDir(to).removeRecursively();  // of an earlier run of this name
  QDir().rename(from, to);       // where that fails it is fetched once more
}

void LinkCopies::forget(const QString& run) {
  if (all_.count(run) == 0) QDir(mirror_folder(cache_, address_.id, run)).removeRecursively();
}

void LinkCopies::goOn() {
  for (auto& [run, one] : all_) {
    one.evaluation_rows = 0;
    one.feed->start();
  }
}

void LinkCopies::grown(const wire::Json& fields) {
  const auto run = fields.find("run");
  if (run == fields.end() || !run->is_string()) return;
  const auto one = all_.find(QString::fromStdString(run->get<std::string>()));
  if (one != all_.end()) one->second.feed->pushed(fields);
}

/// What kept a copy from being written, as a full disk, may have gone; of some runs the server tells nothing by itself.
void LinkCopies::tick() {
  if (client_.state() != wire::Client::State::ready) return;
  for (auto& [run, one] : all_) {
    const bool again = (one.feed->phase() == Phase::failed && !one.feed->gone()) ||
                       (one.feed->phase() == Phase::level && one.feed->untold());
    const bool unwritten = one.evaluations->unwritten();
    one.seconds = again || unwritten ? one.seconds + 1 : 0;
    if (one.seconds < seconds_to_retry) continue;
    one.seconds = 0;
    if (again) one.feed->start();
    if (unwritten) one.evaluations->update();
  }
}

void LinkCopies::look(const QString& run) {
  const auto at = all_.find(run);
  if (at == all_.end()) return;
  One& one = at->second;
  const mirror::MirrorFeed& feed = *one.feed;
  const std::size_t rows = feed.known()[std::size_t(RecordTable::evaluation)];
  if ((feed.phase() == Phase::level || feed.phase() == Phase::ended) && rows != one.evaluation_rows) {
    one.evaluation_rows = rows;
    one.evaluations->update();
  }
  const MirrorStanding now{feed.phase(), QFileInfo::exists(QString::fromStdString(feed.record().string())),
                           feed.coarse(), feed.problem(), one.fetched};
  if (one.told == now) return;
  one.told = now;
  changed_(run, now);
}

}  // namespace bandscope::app
