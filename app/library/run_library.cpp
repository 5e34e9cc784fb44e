// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_library.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QPointer>
#include <QStandardPaths>
#include <algorithm>
#include <set>

namespace bandscope::app {

QString runs_home() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
      .filePath(QStringLiteral("bandscope/runs"));
}

/// What was read of each record and when, so that an unchanged one is left alone. Used by one scan at a time.
struct RunLibrary::Known {
  struct Read {
    FoundRecord found;
    bool live = false;
    qint64 at = 0;        ///< ms since 1970
    qint64 duration = 0;  ///< ms the reading took
  };
  QHash<QString, Read> reads;

  bool due(const FoundRecord& record, qint64 now) const {
    const auto known = reads.constFind(record.record);
    if (known == reads.constEnd()) return true;
    // A live run's state can change (stalled, killed) without its file changing.
    if (!known->live && known->found == record) return false;
    return now - known->at >= std::max<qint64>(known->live ? 1500 : 0, 20 * known->duration);
  }
};

struct RunLibrary::Scan {
  QStringList folders, files;
  std::set<QString> touched;     ///< changed by the window while it was reading: what was read may be old
  std::vector<QString> unheard;  ///< read, but not handed over
  std::atomic<bool> cancelled{false};
};

RunLibrary::RunLibrary(QObject* parent) : QObject(parent), known_(std::make_shared<Known>()) {
  pool_.setMaxThreadCount(1);
  timer_.setInterval(2000);
  connect(&timer_, &QTimer::timeout, this, &RunLibrary::start);
}

RunLibrary::~RunLibrary() {
  if (running_) running_->cancelled = true;
  pool_.waitForDone();
}

void RunLibrary::setFolders(const QStringList& folders) {
  folders_.clear();
  for (const auto& folder : folders) {
    const QString path = QDir(folder).absolutePath();
    if (!folders_.contains(path)) folders_ << path;
  }
  Q_EMIT foldersChanged();
  rescan();
}

void RunLibrary::addFolder(const QString& folder) {
  const QString path = QDir(folder).absolutePath();
  if (folders_.contains(path)) return rescan();
  folders_ << path;
  Q_EMIT foldersChanged();
  rescan();
}

void RunLibrary::cover(const QString& folder) {
  const QString path = QDir(folder).absolutePath() + QLatin1Char('/');
  const bool held = std::any_of(folders_.begin(), folders_.end(),
                                [&](const QString& own) { return path.startsWith(own + QLatin1Char('/')); });
  held ? rescan() : addFolder(folder);
}

void RunLibrary::removeFolder(const QString& folder) {
  if (folders_.removeAll(folder) == 0) return;
  Q_EMIT foldersChanged();
  rescan();
}

void RunLibrary::addFile(const QString& file) {
  const QString path = QFileInfo(file).absoluteFilePath();
  if (!files_.contains(path)) files_ << path;
  rescan();
}

void RunLibrary::rescan() {
  if (running_) {
    // Its list would be of other folders: let it end early and look again.
    running_->cancelled = true;
    again_ = true;
    return;
  }
  start();
}

void RunLibrary::touched(const QString& record, const RunLabels& labels) {
  // It is read at the next look: others may by then have made its file what it was when it was last read.
  if (running_) {
    running_->touched.insert(record);
  } else {
    known_->reads.remove(record);
  }
  const auto known = read_.find(record);
  if (known == read_.end()) return;
  auto entry = std::make_shared<RunEntry>(**known);
  entry->labels = labels;
  *known = entry;
}

void RunLibrary::moved(const QString& record, const QString& now) {
  for (auto& file : files_) {
    if (file == record) file = now;
  }
  for (auto& own : records_) {
    if (own.record == record) own.record = now;
  }
  rescan();
}

void RunLibrary::deliver(Scan& scan, const std::vector<RunEntryPtr>& batch) {
  std::vector<RunEntryPtr> fresh;
  for (const auto& entry : batch) {
    const bool stale = scan.cancelled || scan.touched.count(entry->found.record) > 0;
    if (stale) {
      scan.unheard.push_back(entry->found.record);
    } else {
      read_[entry->found.record] = entry;
      fresh.push_back(shown(entry));
    }
  }
  if (!fresh.empty()) Q_EMIT entriesRead(fresh);
}

void RunLibrary::start() {
  if (!timer_.isActive()) timer_.start();
  if (running_) return;
  auto scan = std::make_shared<Scan>();
  scan->folders = folders_;
  scan->files = files_;
  running_ = scan;
  auto known = known_;
  // The destructor waits for the pool, so `this` outlives the job; results go to the window's thread.
  pool_.start([this, scan, known] {
    const auto records = find_records(scan->folders, scan->files);
    QMetaObject::invokeMethod(this, [this, scan, records] {
      if (scan->cancelled) return;
      records_ = records;
      std::set<QString> there;
      for (const auto& record : records) there.insert(record.record);
      for (const auto& entry : elsewhere_) there.insert(entry->found.record);
      read_.removeIf([&](const auto& read) { return there.count(read.key()) == 0; });
      for (auto& [entry, looks] : leaving_) --looks;
      std::erase_if(leaving_, [](const auto& left) { return left.second <= 0; });
      publish();
    });
    // A record that comes back (out of the trash, with its folder) is read again.
    std::set<QString> there;
    for (const auto& record : records) there.insert(record.record);
    known->reads.removeIf(
        [&](const QHash<QString, Known::Read>::iterator& read) { return there.count(read.key()) == 0; });
    std::vector<RunEntryPtr> batch;
    QElapsedTimer since;
    since.start();
    const auto hand_over = [&] {
      if (batch.empty()) return;
      QMetaObject::invokeMethod(this, [this, scan, batch] { deliver(*scan, batch); });
      batch.clear();
      since.restart();
    };
    for (const auto& record : records) {
      if (scan->cancelled) break;
      const qint64 now = QDateTime::currentMSecsSinceEpoch();
      if (!known->due(record, now)) continue;
      QElapsedTimer reading;
      reading.start();
      auto entry = read_entry(record);
      if (scan->cancelled) break;
      known->reads[record.record] = {record, entry->live(), now, reading.elapsed()};
      batch.push_back(std::move(entry));
      if (since.elapsed() > 80) hand_over();
    }
    hand_over();
    QMetaObject::invokeMethod(this, [this, scan] { finished(scan); });
  });
}

void RunLibrary::finished(const std::shared_ptr<Scan>& scan) {
  if (scan != running_) return;
  running_.reset();
  for (const auto& record : scan->unheard) known_->reads.remove(record);
  for (const auto& record : scan->touched) known_->reads.remove(record);
  if (again_) {
    again_ = false;
    start();
  } else {
    Q_EMIT settled();
  }
}

}  // namespace bandscope::app
