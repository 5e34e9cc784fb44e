// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_library.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QPointer>
#include <algorithm>
#include <mutex>

namespace bandscope::app {

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
      if (!scan->cancelled) Q_EMIT listed(records);
    });
    std::vector<RunEntryPtr> batch;
    QElapsedTimer since;
    since.start();
    const auto hand_over = [&] {
      if (batch.empty()) return;
      QMetaObject::invokeMethod(this, [this, scan, batch] {
        if (!scan->cancelled) Q_EMIT entriesRead(batch);
      });
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
  // A cancelled scan may have read entries that were not handed over: read everything again.
  if (scan->cancelled) known_ = std::make_shared<Known>();
  if (again_) {
    again_ = false;
    start();
  } else {
    Q_EMIT settled();
  }
}

}  // namespace bandscope::app
