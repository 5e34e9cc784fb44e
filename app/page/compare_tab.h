// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare tab: the runs overlaid, a table of final figures, and what differs in their specs. Two or three runs are
// columns; more are rows, of which the names stay in sight.
#pragma once

#include <QThreadPool>
#include <QTimer>
#include <QWidget>
#include <vector>

#include "app/page/comparison.h"
#include "viz/data/run_data.h"

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QTabBar;
class QTableWidget;
class QToolButton;

namespace bandscope::viz {
class ZoomState;
}

namespace bandscope::app {

class ChartTab;
class ElidedLine;
class SweepView;

class CompareTab : public QWidget {
  Q_OBJECT

 public:
  explicit CompareTab(viz::ZoomState* zoom, QWidget* parent = nullptr);
  ~CompareTab() override;

  ChartTab* charts() const { return charts_; }
  void setRecords(const QStringList& records, const QStringList& names);
  /// New snapshots: the curves follow; the table, which needs whole records, is read again every few seconds while it
  /// is looked at.
  void setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty);
  const QTableWidget* table() const { return figures_; }
  /// Final figures as a sweep's table; offered of three runs or more.
  SweepView* sweep() const { return sweep_; }
  void setSweepOpen(bool open);
  bool sweepOpen() const;
  bool differencesOnly() const;
  void setDifferencesOnly(bool only);

 Q_SIGNALS:
  void viewChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void read();
  void write();
  void arrange();

  ChartTab* charts_;
  QTableWidget *figures_, *config_;
  ElidedLine *text_, *config_title_;
  QWidget *figures_side_ = nullptr, *config_side_ = nullptr;
  QHBoxLayout *figures_top_ = nullptr, *config_top_ = nullptr, *narrow_top_ = nullptr;
  QTabBar* which_;  ///< of the two tables, where there is no room for both
  SweepView* sweep_;
  QCheckBox* differences_;
  QToolButton* copy_;
  QThreadPool pool_;
  QStringList records_, names_;
  std::vector<ComparedRun> runs_;
  std::vector<viz::RunDataPtr> seen_;
  QTimer later_;
  QString errors_;              ///< of runs that could not be read; empty: none
  bool runs_are_rows_ = false;  ///< in the tables as they are written
  bool stale_ = true, busy_ = false, both_ = true;
};

}  // namespace bandscope::app
