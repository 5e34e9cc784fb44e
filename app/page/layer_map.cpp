// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/layer_map.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/library/run_cells.h"
#include "app/window/look.h"

namespace bandscope::app {
namespace {

QColor mix(const QColor& from, const QColor& to, double share) {
  const auto blend = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
  return QColor(blend(from.red(), to.red()), blend(from.green(), to.green()), blend(from.blue(), to.blue()));
}

}  // namespace

LayerMap::LayerMap(QWidget* parent) : QWidget(parent) { setMinimumSize(240, 160); }

void LayerMap::setData(LayerDataPtr data) {
  data_ = std::move(data);
  render();
}

void LayerMap::setQuantity(Quantity quantity) {
  quantity_ = quantity;
  render();
}

void LayerMap::setCursor(std::optional<double> step) {
  if (cursor_ == step) return;
  cursor_ = step;
  update();
}

QString LayerMap::scaleText() const {
  return std::isfinite(least_) ? QStringLiteral("%1 … %2").arg(number_text(least_), number_text(greatest_)) : QString();
}

double LayerMap::value(std::size_t row, std::size_t layer) const {
  const auto& at = data_->rows[row];
  const double w = at.score_norm_w[layer], l = at.score_norm_l[layer];
  switch (quantity_) {
    case NormChosen:
      return w;
    case NormRejected:
      return l;
    case Cosine:
      return w > 0 && l > 0 ? at.score_dot[layer] / (w * l) : std::numeric_limits<double>::quiet_NaN();
    case LogRStar:
      return w > 0 && l > 0 ? std::log(l) - std::log(w) : std::numeric_limits<double>::quiet_NaN();
  }
  return 0;
}

void LayerMap::render() {
  image_ = QImage();
  least_ = std::numeric_limits<double>::infinity();
  greatest_ = -least_;
  update();
  if (!data_ || data_->rows.empty() || data_->names.isEmpty()) return;
  const auto layers = std::size_t(data_->names.size());
  const bool around_zero = quantity_ == Cosine || quantity_ == LogRStar;
  for (std::size_t row = 0; row < data_->rows.size(); ++row) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      const double v = value(row, layer);
      if (!std::isfinite(v)) continue;
      least_ = std::min(least_, v);
      greatest_ = std::max(greatest_, v);
    }
  }
  if (around_zero && std::isfinite(least_)) {
    greatest_ = std::max(std::abs(least_), std::abs(greatest_));
    least_ = -greatest_;
  }
  const auto theme = chart_theme();
  image_ = QImage(int(data_->rows.size()), int(layers), QImage::Format_RGB32);
  for (std::size_t row = 0; row < data_->rows.size(); ++row) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      const double v = value(row, layer);
      QColor color = theme.grid;
      if (std::isfinite(v) && greatest_ > least_) {
        // Norms span magnitudes: their logarithm is shown. Signed values run between two hues through the ground.
        if (around_zero) {
          color = mix(theme.plot, v < 0 ? theme.without_rc : theme.with_rc, std::abs(v) / greatest_);
        } else {
          const double floor = std::max(least_, greatest_ * 1e-6);
          const double share =
              greatest_ > floor ? std::log(std::max(v, floor) / floor) / std::log(greatest_ / floor) : 1.0;
          color = mix(theme.plot, theme.with_rc, share);
        }
      }
      image_.setPixelColor(int(row), int(layer), color);
    }
  }
}

QRect LayerMap::plot() const {
  const int left = std::min(width() / 3, 176), bottom = fontMetrics().height() + 8;
  return rect().adjusted(left, 4, -12, -bottom);
}

void LayerMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto theme = chart_theme();
  painter.fillRect(rect(), theme.background);
  if (image_.isNull()) return;
  const QRect area = plot();
  painter.drawImage(area, image_);
  painter.setPen(theme.muted);
  const int layers = image_.height();
  const double height = double(area.height()) / layers;
  const int every = std::max(1, int(std::ceil(fontMetrics().height() / height)));
  for (int layer = 0; layer < layers; layer += every) {
    const QRect cell(4, area.top() + int(layer * height), area.left() - 10,
                     int(std::max<double>(height, fontMetrics().height())));
    painter.drawText(cell,
                     int(Qt::AlignRight | (height < fontMetrics().height() * 1.5 ? Qt::AlignTop : Qt::AlignVCenter)),
                     fontMetrics().elidedText(data_->names[layer], Qt::ElideLeft, cell.width()));
  }
  const double first = double(data_->rows.front().step), last = double(data_->rows.back().step);
  const int base = area.bottom() + 4 + fontMetrics().ascent();
  painter.drawText(area.left(), base, tr("step %1").arg(count_text(qint64(first))));
  const QString end = tr("step %1").arg(count_text(qint64(last)));
  painter.drawText(area.right() - fontMetrics().horizontalAdvance(end), base, end);
  if (cursor_ && last > first && *cursor_ >= first && *cursor_ <= last) {
    const double x = area.left() + (*cursor_ - first) / (last - first) * area.width();
    painter.setPen(QPen(theme.cursor, 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
  }
}

bool LayerMap::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || image_.isNull()) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QRect area = plot();
  if (!area.contains(help->pos())) {
    QToolTip::hideText();
    return true;
  }
  const int row =
      std::clamp((help->pos().x() - area.left()) * image_.width() / std::max(1, area.width()), 0, image_.width() - 1);
  const int layer =
      std::clamp((help->pos().y() - area.top()) * image_.height() / std::max(1, area.height()), 0, image_.height() - 1);
  QToolTip::showText(help->globalPos(),
                     tr("%1, step %2: %3")
                         .arg(data_->names[layer], count_text(data_->rows[std::size_t(row)].step),
                              number_text(value(std::size_t(row), std::size_t(layer)), 4)),
                     this);
  return true;
}

void LayerMap::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) render();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
