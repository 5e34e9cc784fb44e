// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/elided_line.h"

#include <QEvent>

namespace bandscope::app {

ElidedLine::ElidedLine(QWidget* parent) : QLabel(parent) {
  setTextFormat(Qt::PlainText);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  fit();
}

void ElidedLine::setWhole(const QString& text) {
  if (text == whole_) return;
  whole_ = text;
  fit();
}

void ElidedLine::fit() {
  setFixedHeight(fontMetrics().height());
  const QString one_line = QString(whole_).replace(QLatin1Char('\n'), QLatin1Char(' '));
  const QString shown = fontMetrics().elidedText(one_line, Qt::ElideRight, width());
  setText(shown);
  setToolTip(shown == one_line ? QString() : whole_);
  setAccessibleName(whole_);
}

void ElidedLine::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  fit();
}

void ElidedLine::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) fit();
  QLabel::changeEvent(event);
}

}  // namespace bandscope::app
