// SPDX-License-Identifier: GPL-3.0-or-later
// A final figure of a sweep as a table: a row per experiment, without and with reward calibration and their difference.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <vector>

#include "viz/figure/sweep_table.h"

namespace bandscope::app {

class SweepModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Objective, Model, Without, With, Difference, Seeds };
  /// Data by which rows are sorted: numbers as such, NaN below all.
  static constexpr int sort_role = Qt::UserRole;

  explicit SweepModel(QObject* parent = nullptr);

  /// The rows of `table` that `filter` takes, with the numbers of one quantity, by its name. The same rows change their
  /// cells alone.
  void setTable(const viz::SweepTable& table, const QString& quantity, const QString& filter);
  const viz::SweepTable& table() const { return table_; }
  /// What is shown, as a table of its own: to copy.
  viz::SweepTable shown() const;
  void retranslate();

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const viz::SweepNumber* number(int row, int column) const;

  viz::SweepTable table_;
  std::vector<std::size_t> rows_;
  std::size_t quantity_ = 0;
};

}  // namespace bandscope::app
