// SPDX-License-Identifier: GPL-3.0-or-later
// What if: at the cursor's step, log r and α can be dragged, and the panel says what Eq. (8) then predicts.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "app/whatif/what_if.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;

namespace bandscope::app {

class WhatIfChart;

class WhatIfPanel : public QWidget {
  Q_OBJECT

 public:
  explicit WhatIfPanel(QWidget* parent = nullptr);
  /// The runs of the page and the cursor; nullopt: the last step. Another step takes its recorded values.
  void show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor);
  void suppose(double log_r, double alpha);
  void takeRecorded();
  std::optional<Prediction> prediction() const;
  WhatIfChart* chart() const { return chart_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void takeMoment();
  void write();

  QComboBox* run_;
  WhatIfChart* chart_;
  QLabel *title_, *text_, *log_r_label_, *alpha_label_, *says_;
  QSlider *log_r_slider_, *alpha_slider_;
  QDoubleSpinBox *log_r_box_, *alpha_box_;
  QPushButton* reset_;
  std::vector<viz::RunDataPtr> runs_;
  std::optional<double> cursor_;
  std::optional<Moment> moment_;
  double log_r_ = 0, alpha_ = 1;
};

}  // namespace bandscope::app
