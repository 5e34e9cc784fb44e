// SPDX-License-Identifier: GPL-3.0-or-later
// ż_w and ż_l over the applied log ratio, with the band where z_w does not fall and z_l does not rise. The vertical
// line is dragged.
#pragma once

#include <QWidget>
#include <optional>

#include "app/whatif/what_if.h"

namespace bandscope::app {

class WhatIfChart : public QWidget {
  Q_OBJECT

 public:
  explicit WhatIfChart(QWidget* parent = nullptr);
  /// `log_r` and `alpha`: the supposed ones; nullopt: nothing to suppose about.
  void show(const std::optional<Moment>& moment, double log_r, double alpha, const QColor& hue);
  QSize sizeHint() const override { return {320, 260}; }
  /// The applied log ratios that are drawn.
  double least() const { return least_; }
  double greatest() const { return greatest_; }

 Q_SIGNALS:
  /// The line was dragged to this applied log ratio.
  void dragged(double log_r_applied);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  QRectF plot() const;
  double x_of(double log_r_applied) const;

  std::optional<Moment> moment_;
  double log_r_ = 0, alpha_ = 1, least_ = -1, greatest_ = 1;
  QColor hue_;
};

}  // namespace bandscope::app
