// SPDX-License-Identifier: GPL-3.0-or-later
// The Log tab: events of the record above, the end of the run folder's log below; both follow a live run. The log of a
// run on a server is fetched from there.
#pragma once

#include <QThreadPool>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "app/library/run_entry.h"
#include "viz/data/run_data.h"

class QPlainTextEdit;
class QTableView;
class QStandardItemModel;
class QLabel;

namespace bandscope::app {

class ElsewhereFiles;
class LogThere;
class RunChoice;

class LogTab : public QWidget {
  Q_OBJECT

 public:
  explicit LogTab(QWidget* parent = nullptr);
  ~LogTab() override;

  /// Who fetches the logs of runs on servers; without one they cannot be read.
  void setElsewhere(ElsewhereFiles* files);
  /// The runs whose log can be read; the first is shown until another is chosen.
  void setRuns(const std::vector<RunEntryPtr>& runs, const QStringList& names);
  /// A new snapshot of the shown record, for its events.
  void setRun(const viz::RunDataPtr& run);
  QString record() const;
  RunChoice* choice() const { return choice_; }

 Q_SIGNALS:
  /// An event was double-clicked.
  void stepAsked(double step);
  void recordChosen(const QString& record);

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void sayEvent(int row);
  void copyEvents() const;
  void read();
  RunEntryPtr runThere() const;
  void showThere();
  void showText(const QString& text);

  RunChoice* choice_;
  QTableView* events_;
  QStandardItemModel* model_;
  QPlainTextEdit* text_;
  QLabel* path_;
  QTimer timer_;
  QThreadPool pool_;
  std::vector<RunEntryPtr> runs_;
  LogThere* there_;
  bool busy_ = false;
  qint64 last_size_ = -1;
  std::size_t shown_events_ = 0;
  std::optional<EventRow> last_event_;  ///< the last that is shown
};

}  // namespace bandscope::app
