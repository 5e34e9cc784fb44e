// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a sweep: one final figure at a time, to sort, to filter, to copy.
#pragma once

#include <QWidget>
#include <vector>

#include "viz/figure/sweep_table.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTableView;
class QToolButton;

namespace bandscope::app {

class SweepModel;

class SweepView : public QWidget {
  Q_OBJECT

 public:
  explicit SweepView(QWidget* parent = nullptr);

  void setRuns(const std::vector<viz::RunDataPtr>& runs);
  /// Name of the figure that is shown (SweepQuantity::name); kept while no run has it.
  QString quantity() const { return quantity_; }
  void setQuantity(const QString& name);
  QString filterText() const;
  void setFilterText(const QString& text);
  SweepModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  QComboBox* quantities() const { return choice_; }
  QLineEdit* filter() const { return filter_; }
  QToolButton* copyButton() const { return copy_; }
  /// What is said under the table: why it has no rows, or which name of the filter is none.
  QLabel* note() const { return note_; }

 Q_SIGNALS:
  void exportAsked(const QString& figure);
  /// Another figure or filter.
  void viewChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void compute();
  void write();
  /// The rows as they are shown, in their order.
  viz::SweepTable shown() const;

  QComboBox* choice_;
  QLineEdit* filter_;
  QToolButton* copy_;
  QTableView* table_;
  SweepModel* model_;
  QSortFilterProxyModel* sorted_;
  QLabel* note_;
  std::vector<viz::RunDataPtr> runs_;
  viz::SweepTable sweep_;
  bool stale_ = false;  ///< the table is of earlier runs: it is made when it is looked at
  QString quantity_ = QStringLiteral("in_band");
};

}  // namespace bandscope::app
