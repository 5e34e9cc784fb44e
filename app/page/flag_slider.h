// SPDX-License-Identifier: GPL-3.0-or-later
// A slider over the steps of a run with a flag at each event.
#pragma once

#include <QSlider>

#include "app/page/transport.h"

namespace bandscope::app {

class FlagSlider : public QSlider {
  Q_OBJECT

 public:
  explicit FlagSlider(QWidget* parent = nullptr);
  void setSteps(double first, double last);
  void setFlags(std::vector<Transport::Flag> flags);
  static constexpr int resolution = 100000;  ///< positions from the first to the last step

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int x_of(double step) const;
  double first_ = 0, last_ = 1;
  std::vector<Transport::Flag> flags_;
};

}  // namespace bandscope::app
