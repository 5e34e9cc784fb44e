// SPDX-License-Identifier: GPL-3.0-or-later
// The pairs of one step as a table.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/record/columns.h"

namespace bandscope::app {

class PairModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Row, ChangeW, ChangeL, Pathway, Zw, Zl, Margin, Dw, Dl, TokensW, TokensL, Step, column_total };

  explicit PairModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setRows(std::vector<PairRow> rows);
  const std::vector<PairRow>& rows() const { return rows_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<PairRow> rows_;
};

}  // namespace bandscope::app
