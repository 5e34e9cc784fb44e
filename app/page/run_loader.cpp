// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_loader.h"

#include <algorithm>
#include <optional>
#include <stop_token>
#include <utility>

#include "core/error.h"
#include "viz/data/run_names.h"

namespace bandscope::app {

/// One record being read. The worker owns `follower` while `busy`; everything else belongs to the window's thread.
struct RunLoader::Follow {
  QString record;
  std::stop_source stop;
  bool busy = false;
  bool again = false;  ///< further columns were asked for meanwhile
  bool live = true;
  bool anew = false;   ///< the file at this path is another one: to be opened again
  qint64 changed = 0;  ///< as the library last saw it; 0: not yet
  std::vector<Column> columns;
  std::optional<viz::RunFollower> follower;
  viz::RunDataPtr run;
  Message error;
};

namespace {

constexpr int together_ms = 120;

struct Outcome {
  viz::RunDataPtr run;
  Message error;
  bool live = false;
};

bool lacks_items(const viz::RunDataPtr& run) { return run && run->scores && run->scores->names_only; }

}  // namespace

RunLoader::RunLoader(QObject* parent) : QObject(parent) {
  pool_.setMaxThreadCount(2);
  timer_.setInterval(700);
  connect(&timer_, &QTimer::timeout, this, &RunLoader::tick);
  timer_.start();
  // Several live runs grow at about the same time: the page is drawn once for all.
  together_.setSingleShot(true);
  together_.setInterval(together_ms);
  connect(&together_, &QTimer::timeout, this, &RunLoader::changed);
}

RunLoader::~RunLoader() {
  for (auto& [record, follow] : follows_) follow->stop.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void RunLoader::setRecords(const QStringList& records) {
  if (records == records_) return;
  records_ = records;
  for (auto at = follows_.begin(); at != follows_.end();) {
    if (records.contains(at->first)) {
      ++at;
    } else {
      at->second->stop.request_stop();
      at = follows_.erase(at);
    }
  }
  for (const auto& record : records) {
    if (follows_.count(record)) continue;
    auto follow = std::make_shared<Follow>();
    follow->record = record;
    follow->columns = columns_;
    follows_[record] = follow;
    start(follow);
  }
  Q_EMIT changed();
}

void RunLoader::changedAt(const QString& record, qint64 changed) {
  const auto at = follows_.find(record);
  if (at == follows_.end() || changed == at->second->changed) return;
  const auto& follow = at->second;
  const bool seen = follow->changed != 0;
  follow->changed = changed;
  if (!seen || follow->live) return;
  follow->anew = follow->live = true;
  if (!follow->busy) start(follow);
}

void RunLoader::lookNow(const QString& record) {
  const auto at = follows_.find(record);
  if (at == follows_.end()) return;
  if (at->second->busy) {
    at->second->again = true;
  } else {
    start(at->second);
  }
}

void RunLoader::readAnew(const QString& record) {
  if (const auto at = follows_.find(record); at != follows_.end()) at->second->anew = true;
  lookNow(record);
}

void RunLoader::need(const std::vector<Column>& columns) {
  bool more = false;
  for (const Column column : columns) {
    if (std::find(columns_.begin(), columns_.end(), column) != columns_.end()) continue;
    columns_.push_back(column);
    more = true;
  }
  if (!more) return;
  for (auto& [record, follow] : follows_) {
    follow->columns = columns_;
    if (follow->busy) {
      follow->again = true;
    } else {
      start(follow);
    }
  }
}

void RunLoader::needItems() {
  if (std::exchange(items_, true)) return;
  for (auto& [record, follow] : follows_)
    if (!follow->busy && lacks_items(follow->run)) start(follow);
}

void RunLoader::start(const std::shared_ptr<Follow>& follow) {
  follow->busy = true;
  follow->again = false;
  const bool anew = std::exchange(follow->anew, false);
  const bool items = items_ && lacks_items(follow->run);
  pool_.start([this, follow, anew, items, columns = follow->columns] {
    Outcome outcome;
    const auto stop = follow->stop.get_token();
    try {
      if (!stop.stop_requested()) {
        if (anew) follow->follower.reset();
        if (follow->follower) {
          follow->follower->need(columns, stop);
          follow->follower->refresh();
          if (items) follow->follower->need_items(stop);
        } else {
          follow->follower.emplace(std::filesystem::path(follow->record.toStdString()), columns, stop);
        }
        outcome.run = follow->follower->snapshot();
        outcome.live = follow->follower->live();
      }
    } catch (const std::exception& error) {
      outcome.error = message_of(error);
      follow->follower.reset();
    }
    // The destructor waits for the pool, and an event for a deleted object is never delivered.
    QMetaObject::invokeMethod(this, [this, follow, outcome] {
      follow->busy = false;
      if (follow->stop.stop_requested()) return;  // no longer wanted
      const bool news = outcome.run != follow->run || outcome.error != follow->error;
      follow->live = outcome.live || (outcome.run && outcome.run->live());
      if (!outcome.error.empty()) follow->live = true;  // it may be readable at the next look
      follow->error = outcome.error;
      const bool first = !follow->run || !outcome.error.empty();
      if (outcome.run) follow->run = outcome.run;
      // The items' scores take longer than all else: what there is is shown first.
      if (follow->again || follow->anew || (items_ && outcome.error.empty() && lacks_items(follow->run))) start(follow);
      if (!news) return;
      if (first) {
        Q_EMIT changed();
      } else if (!together_.isActive()) {
        together_.start();
      }
    });
  });
}

void RunLoader::tick() {
  for (auto& [record, follow] : follows_) {
    if (!follow->busy && follow->live) start(follow);
  }
}

std::vector<viz::RunDataPtr> RunLoader::runs() const {
  std::vector<viz::RunDataPtr> all;
  for (const auto& record : records_) {
    if (auto one = run(record)) all.push_back(std::move(one));
  }
  // The same snapshots each time, until there is a newer one: who shows them asks whether they have changed.
  if (all != named_from_) named_ = viz::with_own_names(named_from_ = all);
  return named_;
}

viz::RunDataPtr RunLoader::run(const QString& record) const {
  const auto at = follows_.find(record);
  return at == follows_.end() ? nullptr : at->second->run;
}

Message RunLoader::error(const QString& record) const {
  const auto at = follows_.find(record);
  return at == follows_.end() ? Message() : at->second->error;
}

bool RunLoader::loading() const {
  return std::any_of(follows_.begin(), follows_.end(),
                     [](const auto& item) { return !item.second->run && item.second->error.empty(); });
}

}  // namespace bandscope::app
