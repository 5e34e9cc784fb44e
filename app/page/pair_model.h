// SPDX-License-Identifier: GPL-3.0-or-later
// A table of pairs: of one run, or of two beside each other. It holds the rows as they were read and the order in which
// they are shown, and looks up what a cell needs when it is asked for.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <cstdint>
#include <vector>

#include "app/page/pair_values.h"

namespace bandscope::app {

class PairTexts;

class PairModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  /// Columns of a table of one run.
  enum Column { Line, Text, ChangeW, ChangeL, Pathway, Zw, Zl, Margin, LogR, Band, Dw, Dl, TokensW, TokensL, Step };

  explicit PairModel(QObject* parent = nullptr);

  /// Shows these rows in this order. The same number of them over the same columns changes the cells and keeps every
  /// place in the table.
  void setRows(PairRowsPtr rows, std::vector<std::uint32_t> order);
  /// All of them, as they come.
  void setRows(const std::vector<PairRow>& rows);
  /// Names of the runs, for the heads of two.
  void setRuns(const QStringList& runs);
  /// Where the texts come from; not owned. Cells are told when more of them are known.
  void setTexts(PairTexts* texts);

  const PairRowsPtr& rows() const { return rows_; }
  const std::vector<std::uint32_t>& order() const { return order_; }
  const std::vector<PairColumn>& columns() const { return pair_columns(rows_->both); }
  /// The values shown in a row of the table.
  const PairCells& cells(int row) const { return rows_->first[order_[std::size_t(row)]]; }
  /// Column of the table that shows this; −1: none.
  int columnOf(PairColumn column) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// Asks for the order: it is worked out elsewhere and comes back with setRows().
  void sort(int column, Qt::SortOrder order) override;

 Q_SIGNALS:
  void sortAsked(int column, Qt::SortOrder order);

 private:
  QVariant text(std::int64_t line, int role) const;

  PairRowsPtr rows_;
  std::vector<std::uint32_t> order_;
  QStringList runs_;
  PairTexts* texts_ = nullptr;
};

}  // namespace bandscope::app
