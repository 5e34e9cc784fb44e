// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion with check boxes that can be seen on a dark ground.
#pragma once

#include <QProxyStyle>

namespace bandscope::app {

class QuietStyle : public QProxyStyle {
  Q_OBJECT

 public:
  QuietStyle();
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
};

}  // namespace bandscope::app
