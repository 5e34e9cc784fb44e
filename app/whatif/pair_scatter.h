// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs as points: change of z_w over change of z_l, both against the reference, coloured by pathway.
#pragma once

#include <QWidget>
#include <vector>

#include "core/record/columns.h"
#include "viz/figure/range.h"

namespace bandscope::app {

class PairScatter : public QWidget {
  Q_OBJECT

 public:
  explicit PairScatter(QWidget* parent = nullptr);
  /// `filtered`: there are more rows, which a filter leaves out.
  void setRows(const std::vector<PairRow>& rows, bool filtered = false);
  /// Whose pairs these are, where it is not plain from the table beside it; empty: it is.
  void setRun(const QString& name);
  const QString& run() const { return run_; }
  /// Rings the point of this row; -1: none.
  void setCurrent(int row);
  int current() const { return current_; }
  /// Row whose point is within a few pixels; -1: none.
  int rowAt(const QPointF& position) const;
  QPointF position(int row) const;
  /// What stands in the place of points where there are none.
  QString emptyText() const;
  QSize sizeHint() const override { return {360, 320}; }

 Q_SIGNALS:
  void chosen(int row);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QRectF plot() const;
  viz::Scale x() const;
  viz::Scale y() const;

  std::vector<PairRow> rows_;
  QString run_;
  viz::Range x_range_{-1, 1}, y_range_{-1, 1};
  int current_ = -1;
  bool filtered_ = false;
};

}  // namespace bandscope::app
