// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_runs.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <set>
#include <utility>

#include "app/library/counted_name.h"
#include "app/server/ask_server.h"
#include "app/server/kept_runs.h"
#include "app/server/remote_entry.h"
#include "core/error.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

using wire::Json;

constexpr int soon_ms = 50, keep_ms = 3000;

}  // namespace

ServerRuns::ServerRuns(ServerLink* link, const QString& folder, QObject* parent)
    : QObject(parent), link_(link), folder_(folder) {
  pool_.setMaxThreadCount(1);
  // Changes of a moment are one.
  soon_.setSingleShot(true);
  soon_.setInterval(soon_ms);
  connect(&soon_, &QTimer::timeout, this, &ServerRuns::changed);
  keeping_.setSingleShot(true);
  keeping_.setInterval(keep_ms);
  connect(&keeping_, &QTimer::timeout, this, &ServerRuns::keep);
  connect(link_, &ServerLink::runsListed, this, &ServerRuns::list);
  connect(link_, &ServerLink::runsChanged, this, &ServerRuns::take);
  connect(link_, &ServerLink::mirrorChanged, this, &ServerRuns::mirrored);
  connect(link_, &ServerLink::queueChanged, this, &ServerRuns::takeQueue);
  connect(link_, &ServerLink::stateChanged, this, &ServerRuns::describe);
  readKept();
}

ServerRuns::~ServerRuns() {
  if (keeping_.isActive()) keep();
  pool_.waitForDone();
}

void ServerRuns::describe() {
  for (auto& [name, run] : runs_) {
    if (run.entry && (run.entry->reached != link_->ready() || run.entry->server_name != link_->address().name))
      dress(name, run, *run.entry);
  }
  makeQueued();
  soon_.start();
}

void ServerRuns::list(const std::vector<RunItemPtr>& items) {
  listed_ = true;
  std::set<QString> there;
  for (const auto& item : items) there.insert(item->run);
  QStringList gone;
  for (const auto& [name, run] : runs_)
    if (there.count(name) == 0) gone << name;
  for (const auto& name : gone) erase(name);
  for (const auto& item : items) update(item);
  makeQueued();
  keeping_.start();
  soon_.start();
}

void ServerRuns::take(const std::vector<RunItemPtr>& items, const QStringList& gone) {
  for (const auto& name : gone) erase(name);
  for (const auto& item : items) update(item);
  told();
}

/// Something is other than it was.
void ServerRuns::told() {
  makeQueued();
  if (!keeping_.isActive()) keeping_.start();
  if (!soon_.isActive()) soon_.start();
}

/// False where all of them together would be more than is kept of a server.
bool ServerRuns::hold(Run& run, const RunItemPtr& item) {
  const std::size_t others = bytes_ - (run.item ? run.item->text.size() : 0);
  if (!item || others + item->text.size() > kMostItemsBytes) return false;
  bytes_ = others + item->text.size();
  run.item = item;
  return true;
}

void ServerRuns::update(const RunItemPtr& item) {
  const auto known = runs_.find(item->run);
  if (known != runs_.end()) {
    if (hold(known->second, item)) make(item->run, known->second);
    return;
  }
  Run run;
  if (runs_.size() >= kMostRuns || !hold(run, item)) return;
  make(item->run, run);
  runs_.emplace(item->run, std::move(run));
}

void ServerRuns::erase(const QString& name) {
  // One that comes back under this name is followed from the beginning.
  link_->unfollow(name);
  const auto at = runs_.find(name);
  if (at == runs_.end()) return;
  bytes_ -= at->second.item->text.size();
  runs_.erase(at);
}

void ServerRuns::make(const QString& name, Run& run) {
  dress(name, run, entry_of_item(run.item->json(), link_->address().id, link_->mirrorOf(name)));
}

/// With what the window knows of it beside what the server says.
void ServerRuns::dress(const QString& name, Run& run, RunEntry told) {
  auto entry = std::make_shared<RunEntry>(std::move(told));
  entry->copied = QFileInfo::exists(entry->found.record);
  entry->reached = link_->ready();
  entry->server_name = link_->address().name;
  entry->standing = standingOf(name, entry->copied);
  entry->copied_at = run.copied_at;
  if (!run.config.empty()) entry->config = run.config;
  if (run.asking > 0) entry->labels = run.asked;
  run.entry = std::move(entry);
}

Message ServerRuns::standingOf(const QString& name, bool copied) const {
  if (!link_->ready() && copied) return Message::tr("its server is not reached; this is the copy as it was then");
  const MirrorStanding standing = link_->mirror(name);
  if (standing.phase == MirrorStanding::Phase::failed) return standing.problem;
  if (standing.coarse) return Message::tr("some of its steps, at even distances; the others are on their way");
  return {};
}

/// Runs that wait there and have no record yet.
void ServerRuns::makeQueued() {
  queued_.clear();
  if (!queue_) return;
  std::set<QString> seen;
  for (const auto& one : queue_->runs) {
    const QString run = QString::fromStdString(one.name);
    if (run.isEmpty() || runs_.count(run) > 0 || !seen.insert(run).second) continue;
    auto entry = std::make_shared<RunEntry>(entry_of_queued(one, link_->address().id, link_->mirrorOf(run)));
    entry->reached = link_->ready();
    entry->server_name = link_->address().name;
    queued_.push_back(std::move(entry));
  }
}

void ServerRuns::takeQueue(const Json& queue) {
  try {
    queue_ = queue::queue_from(queue, link_->address().name.toStdString());
    in_queue_ = std::max<qulonglong>(queue_->runs.size(), count_of(queue, "all").value_or(0));
  } catch (const Error&) {
    queue_.reset();  // of another form: it is not shown
    in_queue_ = 0;
  }
  makeQueued();
  soon_.start();
}

QString ServerRuns::queueId(const QString& run) const {
  if (!queue_) return {};
  const auto at = std::ranges::find(queue_->runs, run.toStdString(), &queue::QueuedRun::name);
  return at == queue_->runs.end() ? QString() : QString::fromStdString(at->id);
}

bool ServerRuns::holds(const QString& run) const { return runs_.count(run) > 0 || !queueId(run).isEmpty(); }

QString ServerRuns::freeName(const RunEntry& beside, const QString& name) const {
  const auto slash = beside.there.lastIndexOf(u'/');
  const QString folder = slash < 0 ? QString() : beside.there.left(slash + 1);
  return counted_name(name, [&](const QString& other) { return holds(folder + other); });
}

std::vector<RunEntryPtr> ServerRuns::entries() const {
  std::vector<RunEntryPtr> all;
  for (const auto& [name, run] : runs_) all.push_back(run.entry);
  all.insert(all.end(), queued_.begin(), queued_.end());
  return all;
}

void ServerRuns::setFollowed(const QStringList& records) {
  for (auto& [name, run] : runs_) {
    const bool wanted = records.contains(run.entry->found.record);
    if (wanted == link_->follows(name)) continue;
    if (!wanted) {
      link_->unfollow(name);
      continue;
    }
    link_->follow(name);
    if (run.entry->copied && run.config.empty()) readSpec(name);
  }
}

void ServerRuns::mirrored(const QString& name) {
  const auto at = runs_.find(name);
  if (at == runs_.end()) return;
  Run& run = at->second;
  MirrorStanding now = link_->mirror(name);
  if (now.there) Q_EMIT grown(run.entry->found.record);
  if (now.there && run.config.empty()) readSpec(name);
  // A live run's copy is level and behind in turn, at every step.
  using Phase = MirrorStanding::Phase;
  if (now.phase == Phase::comparing || now.phase == Phase::copying) now.phase = Phase::level;
  if (now.evaluations != run.standing.evaluations) Q_EMIT replaced(run.entry->found.record);
  if (now == run.standing) return;
  run.standing = now;
  // A page that shows it reads it anew.
  if (now.phase == MirrorStanding::Phase::ended)
    run.copied_at = QFileInfo(run.entry->found.record).lastModified().toMSecsSinceEpoch();
  dress(name, run, *run.entry);
  if (!soon_.isActive()) soon_.start();
}

void ServerRuns::readSpec(const QString& name) {
  const QString record = link_->mirrorOf(name);
  // The destructor waits for the pool, and an event for a deleted object is never delivered.
  pool_.start([this, name, record] {
    RunConfig config;
    try {
      config = flatten_spec(RecordReader::open(record.toStdString()).spec_toml());
    } catch (const std::exception&) {
      return;  // who shows the record says why it cannot be read
    }
    QMetaObject::invokeMethod(this, [this, name, config] {
      const auto at = runs_.find(name);
      if (at == runs_.end() || at->second.config == config) return;
      at->second.config = config;
      dress(name, at->second, *at->second.entry);
      if (!soon_.isActive()) soon_.start();
    });
  });
}

/// A list may be long, and a disk may take its time: what the server says by then goes before it.
void ServerRuns::readKept() {
  pool_.start([this, file = keptFile()] {
    const auto items = read_kept_runs(file);
    QMetaObject::invokeMethod(this, [this, items] {
      if (listed_) return;
      for (const auto& item : items) {
        if (runs_.count(item->run) == 0) update(item);
      }
      makeQueued();
      soon_.start();
    });
  });
}

void ServerRuns::keep() {
  std::vector<RunItemPtr> items;
  items.reserve(runs_.size());
  for (const auto& [name, run] : runs_) items.push_back(run.item);
  pool_.start([file = keptFile(), items = std::move(items)] { write_kept_runs(file, items); });
}

QString ServerRuns::keptFile() const { return QDir(folder_).filePath(QStringLiteral("runs.json")); }

}  // namespace bandscope::app
