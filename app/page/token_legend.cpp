// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/token_legend.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/library/run_cells.h"
#include "app/window/look.h"

namespace bandscope::app {
namespace {

constexpr int bar = 120;

}  // namespace

QColor token_color(double share, bool dark) {
  if (!std::isfinite(share)) return Qt::transparent;
  const double strength = std::min(1.0, std::abs(share));
  // Okabe and Ito's blue and vermilion: apart for colour-blind readers too.
  QColor color(share > 0 ? QStringLiteral("#0072B2") : QStringLiteral("#D55E00"));
  color.setAlphaF(float(strength * (dark ? 0.75 : 0.55)));
  return color;
}

TokenLegend::TokenLegend(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setScale(1);
}

void TokenLegend::setScale(double nats) {
  scale_ = nats;
  setAccessibleName(tr("Colours from a fall of %1 nats, orange, to a rise of %1 nats, blue").arg(number_text(nats, 2)));
  setToolTip(accessibleName());
  updateGeometry();
  update();
}

QSize TokenLegend::sizeHint() const {
  const int text = fontMetrics().horizontalAdvance(tr("%1 nats").arg(signed_text(-scale_, 2)));
  return {bar + 2 * text + 3 * grid, fontMetrics().height() + 4};
}

void TokenLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QString low = signed_text(-scale_, 2), high = tr("%1 nats").arg(signed_text(scale_, 2));
  const int left = fontMetrics().horizontalAdvance(low) + grid / 2;
  const int shown = std::max(40, width() - left - fontMetrics().horizontalAdvance(high) - grid / 2);
  painter.setPen(palette().placeholderText().color());
  painter.drawText(QRect(0, 0, left - grid / 2, height()), Qt::AlignRight | Qt::AlignVCenter, low);
  painter.fillRect(left, 2, shown, height() - 4, palette().base());
  for (int x = 0; x < shown; ++x) {
    painter.fillRect(left + x, 2, 1, height() - 4, token_color(2.0 * x / (shown - 1) - 1, dark_look()));
  }
  painter.drawText(QRect(left + shown + grid / 2, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, high);
}

}  // namespace bandscope::app
