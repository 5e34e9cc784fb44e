// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of a change of log-probability, from orange (fell) over nothing to blue (rose), and what they stand for.
#pragma once

#include <QColor>
#include <QWidget>

#include "app/page/token_changes.h"

namespace bandscope::app {

/// `share`: of the change that gets the full colour, −1 to 1 (beyond is cut); NaN has no colour. See-through, so that
/// text on it reads on a light and on a dark ground.
QColor token_color(double share, bool dark);

/// The scale with the values at its ends, and how far those reach that are beyond it.
class TokenLegend : public QWidget {
  Q_OBJECT

 public:
  explicit TokenLegend(QWidget* parent = nullptr);
  void setScale(const TokenScale& scale);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QString low() const;
  QString high() const;
  QString beyond() const;

  TokenScale scale_;
};

}  // namespace bandscope::app
