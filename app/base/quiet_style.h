// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion with a focus that is found at a glance, check boxes and pressed buttons that can be seen on a dark ground, and
// arrows beside the text of buttons
// that open a menu.
#pragma once

#include <QProxyStyle>

namespace bandscope::app {

class QuietStyle : public QProxyStyle {
  Q_OBJECT

 public:
  QuietStyle();
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override;
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
  QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                         const QWidget* widget) const override;
};

}  // namespace bandscope::app
