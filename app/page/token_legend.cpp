// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/token_legend.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"

namespace bandscope::app {
namespace {

constexpr int bar = 96;
constexpr int gap = grid / 2;

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
  setObjectName(QStringLiteral("token-legend"));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setScale({});
}

QString TokenLegend::low() const { return QStringLiteral("≤ ") + signed_text(-scale_.full, 2); }
QString TokenLegend::high() const { return tr("≥ %1 nats").arg(signed_text(scale_.full, 2)); }
QString TokenLegend::beyond() const {
  return scale_.beyond == 0 ? QString() : tr("underlined: beyond, to %1").arg(signed_text(scale_.furthest, 2));
}

void TokenLegend::setScale(const TokenScale& scale) {
  scale_ = scale;
  QString words = tr("Colours from a fall of %1 nats or more, orange, to a rise of %1 nats or more, blue")
                      .arg(number_text(scale.full, 2));
  if (scale.beyond > 0) {
    words +=
        QStringLiteral(". ") + tr("%n tokens change more, by up to %1 nats: they are underlined. The scale is that of "
                                  "95 % of the tokens without the last of each response.",
                                  nullptr, scale.beyond)
                                   .arg(signed_text(scale.furthest, 2));
  }
  setAccessibleName(words);
  setToolTip(words);
  updateGeometry();
  update();
}

QSize TokenLegend::sizeHint() const {
  const auto width = [this](const QString& text) { return fontMetrics().horizontalAdvance(text); };
  const int marked = beyond().isEmpty() ? 0 : width(beyond()) + 2 * grid;
  return {width(low()) + gap + bar + gap + width(high()) + marked, fontMetrics().height() + 4};
}

QSize TokenLegend::minimumSizeHint() const { return sizeHint(); }

void TokenLegend::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange) setScale(scale_);
  QWidget::changeEvent(event);
}

void TokenLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int left = fontMetrics().horizontalAdvance(low()) + gap;
  painter.setPen(palette().placeholderText().color());
  painter.drawText(QRect(0, 0, left - gap, height()), Qt::AlignLeft | Qt::AlignVCenter, low());
  painter.fillRect(left, 2, bar, height() - 4, palette().base());
  for (int x = 0; x < bar; ++x) {
    painter.fillRect(left + x, 2, 1, height() - 4, token_color(2.0 * x / (bar - 1) - 1, is_dark()));
  }
  const int right = left + bar + gap;
  painter.drawText(QRect(right, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, high());
  if (beyond().isEmpty()) return;
  QFont marked = font();
  marked.setUnderline(true);
  painter.setFont(marked);
  painter.drawText(QRect(right + fontMetrics().horizontalAdvance(high()) + 2 * grid, 0, width(), height()),
                   Qt::AlignLeft | Qt::AlignVCenter, beyond());
}

}  // namespace bandscope::app
