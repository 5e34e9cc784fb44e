// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the runs of a page on worker threads and follows the live ones. Asking for other runs drops what is still being
// read; snapshots are immutable and arrive in the window's thread.
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "core/message/message.h"
#include "viz/data/run_data.h"

namespace bandscope::app {

class RunLoader : public QObject {
  Q_OBJECT

 public:
  explicit RunLoader(QObject* parent = nullptr);
  ~RunLoader() override;  ///< asks readers to stop and waits for them

  /// The records to show, in order. Records shown before keep their snapshots.
  void setRecords(const QStringList& records);
  QStringList records() const { return records_; }
  /// When the library last saw a record change (ms since 1970). One that had ended and has changed since, as a run that
  /// goes on does, is read anew.
  void changedAt(const QString& record, qint64 changed);
  /// Looks at this record, which has grown, before the next tick.
  void lookNow(const QString& record);
  /// Reads all of it anew: what lies beside the record is other than it was.
  void readAnew(const QString& record);
  /// Columns that figures need from now on.
  void need(const std::vector<Column>& columns);
  /// From now on the scores of benchmarks' items as well, after all else is there.
  void needItems();

  /// Snapshots that are there, in the order of the records.
  std::vector<viz::RunDataPtr> runs() const;
  /// nullptr while it is being read.
  viz::RunDataPtr run(const QString& record) const;
  Message error(const QString& record) const;
  bool loading() const;
  /// Milliseconds between looks at live records.
  void setInterval(int ms) { timer_.setInterval(ms); }

 Q_SIGNALS:
  /// A snapshot or an error arrived, or the records changed.
  void changed();

 private:
  struct Follow;
  void start(const std::shared_ptr<Follow>& follow);
  void tick();

  QStringList records_;
  std::map<QString, std::shared_ptr<Follow>> follows_;
  std::vector<Column> columns_;
  bool items_ = false;
  QThreadPool pool_;
  QTimer timer_, together_;
  mutable std::vector<viz::RunDataPtr> named_from_, named_;  ///< what runs() gave last, and of what it was made
};

}  // namespace bandscope::app
