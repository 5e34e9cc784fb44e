// SPDX-License-Identifier: GPL-3.0-or-later
// What the library lists beside the records that it finds, and says beside what they say: runs that wait, runs on
// servers, and what a run was asked for.
#include <QFileInfo>
#include <algorithm>
#include <set>
#include <utility>

#include "app/library/run_library.h"

namespace bandscope::app {
namespace {

constexpr int looks_to_find = 2;  // one may be under way already, in other folders

}  // namespace

void RunLibrary::setAsked(const QString& record, Asked asked) {
  asked == Asked::nothing ? void(asked_.remove(record)) : void(asked_.insert(record, asked));
  showAgain({record});
}

/// What was read, with what it was asked for and its turn in the queue.
RunEntryPtr RunLibrary::shown(const RunEntryPtr& read) {
  const QString& record = read->found.record;
  const auto asked = asked_.constFind(record);
  if (asked != asked_.constEnd()) {
    const bool paused = read->state == ShownState::paused;
    const bool done = !read->live() || (*asked == Asked::pause && paused) || (*asked == Asked::go_on && !paused);
    if (!done) {
      auto entry = std::make_shared<RunEntry>(*read);
      entry->asked = *asked;
      return entry;
    }
    asked_.erase(asked);
  }
  if (read->live()) return read;
  for (const auto& queued : queued_) {
    if (queued->found.record != record) continue;
    auto entry = std::make_shared<RunEntry>(*read);
    entry->state = queued->state;
    entry->reason = queued->reason;
    entry->preparation.reset();
    return entry;
  }
  return read;
}

void RunLibrary::setElsewhere(const std::vector<RunEntryPtr>& runs) {
  std::set<QString> before, now;
  std::set<RunEntryPtr> known;
  for (const auto& entry : elsewhere_) {
    before.insert(entry->found.record);
    known.insert(entry);
  }
  std::vector<RunEntryPtr> fresh;
  for (const auto& entry : runs) {
    now.insert(entry->found.record);
    // Of one that is as it was the window may have changed labels that the server has not told yet.
    if (known.count(entry) > 0) continue;
    read_[entry->found.record] = entry;
    fresh.push_back(shown(entry));
  }
  read_.removeIf([&](const auto& read) { return before.count(read.key()) > 0 && now.count(read.key()) == 0; });
  elsewhere_ = runs;
  if (before != now) publish();
  if (!fresh.empty()) Q_EMIT entriesRead(fresh);
}

void RunLibrary::renamedElsewhere(const QString& record, const RunEntryPtr& now) {
  const QString& path = now->found.record;
  if (path == record) return;
  for (auto& entry : elsewhere_) {
    if (entry->found.record == record) entry = now;
  }
  if (read_.remove(record)) read_[path] = now;
  if (const auto asked = asked_.take(record); asked != Asked::nothing) asked_[path] = asked;
}

void RunLibrary::showAgain(const QStringList& records) {
  std::vector<RunEntryPtr> entries;
  for (const auto& record : records) {
    if (const auto known = read_.constFind(record); known != read_.constEnd()) entries.push_back(shown(*known));
  }
  if (!entries.empty()) Q_EMIT entriesRead(entries);
}

void RunLibrary::setQueued(const std::vector<RunEntryPtr>& queued) {
  bool left = false;
  for (const auto& old : queued_) {
    const QString& record = old->found.record;
    const bool stays =
        std::any_of(queued.begin(), queued.end(), [&](const auto& entry) { return entry->found.record == record; });
    if (stays || !QFileInfo::exists(record)) continue;
    // Its row stays, and with it the selection, until the record itself is listed.
    leaving_.emplace_back(old, looks_to_find);
    left = true;
  }
  QStringList going_on;
  for (const auto* list : {&std::as_const(queued_), &queued}) {
    for (const auto& entry : *list) {
      if (!going_on.contains(entry->found.record)) going_on << entry->found.record;
    }
  }
  queued_ = queued;
  publish();
  showAgain(going_on);
  if (left) rescan();
}

/// Records on disk, then runs that wait and have none yet.
void RunLibrary::publish() {
  auto all = records_;
  std::set<QString> there;
  for (const auto& record : records_) there.insert(record.record);
  std::vector<RunEntryPtr> waiting;
  auto without_record = queued_;
  for (const auto& [entry, looks] : leaving_) without_record.push_back(entry);
  for (const auto& entry : without_record) {
    if (!there.insert(entry->found.record).second) continue;
    all.push_back(entry->found);
    waiting.push_back(entry);
  }
  for (const auto& entry : elsewhere_) {
    if (there.insert(entry->found.record).second) all.push_back(entry->found);
  }
  Q_EMIT listed(all);
  if (!waiting.empty()) Q_EMIT entriesRead(waiting);
}

}  // namespace bandscope::app
