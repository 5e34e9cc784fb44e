// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_preview.h"

#include <QLocale>
#include <QPainter>

#include "app/base/color_scheme.h"
#include "viz/theme.h"

namespace bandscope::app {

FigurePreview::FigurePreview(QWidget* parent) : QWidget(parent) {
  setMinimumSize(240, 200);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setAccessibleName(tr("Preview of the figure"));
}

QRect FigurePreview::sheet() const {
  return rect().adjusted(2 * grid, 2 * grid, -2 * grid, -(2 * grid + fontMetrics().height()));
}

QSize FigurePreview::room() const { return sheet().size() * devicePixelRatioF(); }

void FigurePreview::setPicture(const QImage& image, QSizeF millimetres) {
  image_ = image;
  size_ = millimetres;
  problem_.clear();
  setAccessibleDescription(tr("%1 × %2 mm").arg(size_.width(), 0, 'f', 1).arg(size_.height(), 0, 'f', 1));
  update();
}

void FigurePreview::setProblem(const QString& problem) {
  problem_ = problem;
  image_ = {};
  setAccessibleDescription(problem);
  update();
}

void FigurePreview::resizeEvent(QResizeEvent*) { Q_EMIT resized(); }

void FigurePreview::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Window).darker(is_dark() ? 120 : 106));
  const QRect room = sheet();
  painter.setPen(palette().color(QPalette::WindowText));
  if (image_.isNull()) {
    painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, problem_.isEmpty() ? tr("Reading…") : problem_);
    return;
  }
  const QSize shown = (QSizeF(image_.size()) / devicePixelRatioF()).toSize().scaled(room.size(), Qt::KeepAspectRatio);
  QRect paper(QPoint(), shown);
  paper.moveCenter(room.center());
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(paper, image_);
  painter.setPen(viz::at(palette().color(QPalette::WindowText), 0.3));
  painter.drawRect(paper.adjusted(-1, -1, 0, 0));
  painter.setPen(palette().color(QPalette::PlaceholderText));
  const QLocale locale;
  const double share = shown.width() / (size_.width() / 25.4 * logicalDpiX());
  painter.drawText(rect().adjusted(0, 0, 0, -grid / 2), Qt::AlignHCenter | Qt::AlignBottom,
                   tr("%1 × %2 mm, shown at %3 %")
                       .arg(locale.toString(size_.width(), 'f', 1), locale.toString(size_.height(), 'f', 1))
                       .arg(qRound(100 * share)));
}

}  // namespace bandscope::app
