// SPDX-License-Identifier: GPL-3.0-or-later
// The Evaluation tab: benchmarks over the steps beside the likelihoods, under them the final numbers, and which items
// changed between two runs. Where nothing was evaluated it says how to have it done.
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "app/page/benchmark_model.h"
#include "viz/data/run_data.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QTableView;
class QToolButton;

namespace bandscope::viz {
class ZoomState;
}

namespace bandscope::app {

class ChangedView;
class ChartTab;
class ElidedLine;
class PairedTests;

class EvaluationTab : public QWidget {
  Q_OBJECT

 public:
  explicit EvaluationTab(viz::ZoomState* zoom, QWidget* parent = nullptr);

  ChartTab* charts() const { return charts_; }
  /// New snapshots. `planned`: the spec of one of the runs names benchmarks.
  void setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty, bool planned);
  BenchmarkModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  QLineEdit* filter() const { return filter_; }
  QToolButton* copyButton() const { return copy_; }
  /// What is said over the numbers.
  QString title() const;
  /// What is said where the filter leaves no row.
  QLabel* nothing() const { return nothing_; }
  ChangedView* changes() const { return changes_; }
  /// True while the page says why there is nothing.
  bool explains() const;

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  QWidget* buildEmpty();
  void translate();
  void write();
  void arrange();
  void choose();
  /// Selects the row that is looked at first, unless the reader chose another.
  void selectUsual();
  void fitColumns();

  QStackedWidget* stack_;
  QLabel *why_, *how_;
  QPlainTextEdit* snippet_;
  QToolButton* copy_snippet_;
  ChartTab* charts_;
  BenchmarkModel* model_;
  QTableView* table_;
  PairedTests* tests_;
  ElidedLine* title_;
  QLabel* nothing_;
  QLineEdit* filter_;
  QToolButton* copy_;
  ChangedView* changes_;
  QTabBar* which_;
  QWidget* numbers_side_ = nullptr;
  std::vector<viz::RunDataPtr> runs_;
  bool planned_ = false;
  int usual_row_ = -1;  ///< that was selected by itself; -1: none
};

}  // namespace bandscope::app
