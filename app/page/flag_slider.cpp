// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/flag_slider.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"

namespace bandscope::app {

FlagSlider::FlagSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
  setRange(0, resolution);
  setPageStep(resolution / 20);
  setMinimumHeight(28);
}

void FlagSlider::setSteps(double first, double last) {
  first_ = first;
  last_ = std::max(last, first + 1e-9);
  update();
}

void FlagSlider::setFlags(std::vector<Transport::Flag> flags) {
  flags_ = std::move(flags);
  update();
}

int FlagSlider::x_of(double step) const {
  QStyleOptionSlider option;
  initStyleOption(&option);
  const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
  const double share = std::clamp((step - first_) / (last_ - first_), 0.0, 1.0);  // what came before the first step too
  return handle / 2 + int(std::lround(share * (width() - handle)));
}

void FlagSlider::paintEvent(QPaintEvent* event) {
  QSlider::paintEvent(event);
  if (flags_.empty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(chart_theme().event.isValid() ? chart_theme().event : palette().color(QPalette::Text));
  int last_x = -100;
  for (const auto& flag : flags_) {
    const int x = x_of(flag.step);
    if (x - last_x < 3) continue;  // flags on top of one another are one
    last_x = x;
    QPainterPath path;
    path.moveTo(x, 1);
    path.lineTo(x + 6, 3.5);
    path.lineTo(x, 6);
    path.closeSubpath();
    painter.drawPath(path);
    painter.drawRect(QRectF(x - 0.5, 1, 1, 8));
  }
}

void FlagSlider::mousePressEvent(QMouseEvent* event) {
  // A click goes there at once rather than a page at a time.
  if (event->button() == Qt::LeftButton) {
    QStyleOptionSlider option;
    initStyleOption(&option);
    const QRect handle = style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
    if (!handle.contains(event->pos())) {
      const int length = handle.width();
      setSliderPosition(QStyle::sliderValueFromPosition(minimum(), maximum(), int(event->position().x()) - length / 2,
                                                        width() - length));
    }
  }
  QSlider::mousePressEvent(event);
}

bool FlagSlider::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    for (const auto& flag : flags_) {
      if (std::abs(x_of(flag.step) - help->pos().x()) <= 5) {
        QToolTip::showText(help->globalPos(), plain_text(flag.text), this);
        return true;
      }
    }
    QToolTip::hideText();
    return true;
  }
  return QSlider::event(event);
}

}  // namespace bandscope::app
