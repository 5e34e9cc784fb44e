// SPDX-License-Identifier: GPL-3.0-or-later
// Watches folders of runs: looks for records on a worker thread, first by name, then reads what changed, and hands
// entries over in batches. A live record is read no oftener than reading it can bear.
#pragma once

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::app {

/// The folder of runs where none was chosen, and the demo's: `bandscope/runs` in the user's data folder.
QString runs_home();

class RunLibrary : public QObject {
  Q_OBJECT

 public:
  explicit RunLibrary(QObject* parent = nullptr);
  ~RunLibrary() override;  ///< stops the scan in flight

  QStringList folders() const { return folders_; }
  QStringList files() const { return files_; }
  void setFolders(const QStringList& folders);
  void addFolder(const QString& folder);
  /// Sees to it that runs in this folder are listed: adds it unless a listed folder holds it.
  void cover(const QString& folder);
  void removeFolder(const QString& folder);
  void addFile(const QString& file);
  /// The window has changed this run's labels: what a look in flight has read of it is not handed over.
  void touched(const QString& record, const RunLabels& labels);
  /// The window has given this record another path.
  void moved(const QString& record, const QString& now);
  /// Runs of the queue: those without a record are listed until it is there; one that has a record already and is to go
  /// on is listed with its state in the queue until an engine works on it.
  void setQueued(const std::vector<RunEntryPtr>& queued);
  /// Runs on servers, as they are there: listed beside those of the folders.
  void setElsewhere(const std::vector<RunEntryPtr>& runs);
  /// A run on a server is called otherwise, and its copy has another path.
  void renamedElsewhere(const QString& record, const RunEntryPtr& now);
  /// What a live run was asked for; it is shown until the record says that it is done.
  void setAsked(const QString& record, Asked asked);
  /// Looks again now rather than at the next tick.
  void rescan();
  /// Milliseconds between looks.
  void setInterval(int ms) { timer_.setInterval(ms); }

 Q_SIGNALS:
  void foldersChanged();
  /// Every record there is, by name.
  void listed(const std::vector<bandscope::app::FoundRecord>& records);
  /// Records that were read, or read again.
  void entriesRead(const std::vector<bandscope::app::RunEntryPtr>& entries);
  /// A look is over and nothing is left to read.
  void settled();

 private:
  struct Known;
  struct Scan;
  void start();
  void publish();
  RunEntryPtr shown(const RunEntryPtr& read);
  void showAgain(const QStringList& records);
  void deliver(Scan& scan, const std::vector<RunEntryPtr>& batch);
  void finished(const std::shared_ptr<Scan>& scan);

  QStringList folders_, files_;
  std::vector<FoundRecord> records_;  ///< as last listed
  std::vector<RunEntryPtr> queued_, elsewhere_;
  QHash<QString, RunEntryPtr> read_;  ///< as their records say
  QHash<QString, Asked> asked_;
  /// Left the queue with a record that no look has found yet, and how many looks it may still take.
  std::vector<std::pair<RunEntryPtr, int>> leaving_;
  QTimer timer_;
  QThreadPool pool_;
  std::shared_ptr<Scan> running_;
  std::shared_ptr<Known> known_;
  bool again_ = false;
};

}  // namespace bandscope::app
