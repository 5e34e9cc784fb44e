// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/layer_map.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "viz/figure/ticks.h"

namespace bandscope::app {
namespace {

QColor mix(const QColor& from, const QColor& to, double share) {
  const auto blend = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
  return QColor(blend(from.red(), to.red()), blend(from.green(), to.green()), blend(from.blue(), to.blue()));
}

}  // namespace

LayerMap::LayerMap(QWidget* parent) : QWidget(parent) {
  setFont(chart_font());
  setMinimumSize(240, 160);
}

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

double LayerMap::share(double value) const {
  if (!std::isfinite(value) || !(greatest_ > least_)) return std::numeric_limits<double>::quiet_NaN();
  if (aroundZero()) return (value - least_) / (greatest_ - least_);
  const double floor = std::max(least_, greatest_ * 1e-6);
  return greatest_ > floor ? std::log(std::max(value, floor) / floor) / std::log(greatest_ / floor) : 1.0;
}

QColor LayerMap::color(double share) const {
  const auto theme = chart_theme();
  if (std::isnan(share)) return viz::over(theme.grid, theme.plot);
  if (!aroundZero()) return mix(theme.plot, theme.with_rc, share);
  return mix(theme.plot, share < 0.5 ? theme.without_rc : theme.with_rc, std::abs(2 * share - 1));
}

void LayerMap::render() {
  image_ = QImage();
  least_ = std::numeric_limits<double>::infinity();
  greatest_ = -least_;
  update();
  if (!data_ || data_->rows.empty() || data_->names.isEmpty()) return;
  const auto layers = std::size_t(data_->names.size());
  for (std::size_t row = 0; row < data_->rows.size(); ++row) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      const double v = value(row, layer);
      if (!std::isfinite(v)) continue;
      least_ = std::min(least_, v);
      greatest_ = std::max(greatest_, v);
    }
  }
  if (aroundZero() && std::isfinite(least_)) {
    greatest_ = std::max(std::abs(least_), std::abs(greatest_));
    least_ = -greatest_;
  }
  image_ = QImage(int(data_->rows.size()), int(layers), QImage::Format_RGB32);
  for (std::size_t row = 0; row < data_->rows.size(); ++row) {
    for (std::size_t layer = 0; layer < layers; ++layer) {
      image_.setPixelColor(int(row), int(layer), color(share(value(row, layer))));
    }
  }
}

QRect LayerMap::plot() const {
  const int line = fontMetrics().height();
  // As wide as the names are, up to a third of the room.
  int names = 0;
  if (data_) {
    for (const auto& name : data_->names) names = std::max(names, fontMetrics().horizontalAdvance(name));
  }
  return rect().adjusted(std::clamp(names + 14, 48, std::max(48, width() / 3)), line + grid, -12, -(line + grid));
}

/// What the colours mean, over the map: the least value, the scale, the greatest.
void LayerMap::paintScale(QPainter& painter) const {
  if (!std::isfinite(least_)) return;
  const QRect area = plot();
  const int line = fontMetrics().height();
  const QString low = number_text(least_), high = number_text(greatest_);
  const QRect bar(area.left() + fontMetrics().horizontalAdvance(low) + grid, 4 + (line - 10) / 2,
                  std::min(160, area.width() / 3), 10);
  for (int x = 0; x < bar.width(); ++x) {
    painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(), color(double(x) / (bar.width() - 1)));
  }
  painter.setPen(chart_theme().text);
  painter.drawText(QRect(area.left(), 4, bar.left() - area.left() - grid, line), Qt::AlignLeft | Qt::AlignVCenter, low);
  painter.drawText(QRect(bar.right() + grid, 4, width() - bar.right(), line), Qt::AlignLeft | Qt::AlignVCenter, high);
}

/// The first and the last step with their word, round steps between them.
void LayerMap::paintSteps(QPainter& painter) const {
  const QRect area = plot();
  const double first = double(data_->rows.front().step), last = double(data_->rows.back().step);
  const int base = area.bottom() + 4 + fontMetrics().ascent();
  const QString begin = tr("step %1").arg(count_text(qint64(first))), end = tr("step %1").arg(count_text(qint64(last)));
  const int right = area.right() - fontMetrics().horizontalAdvance(end);
  painter.setPen(chart_theme().muted);
  painter.drawText(area.left(), base, begin);
  if (!(last > first)) return;
  painter.drawText(right, base, end);
  int free = area.left() + fontMetrics().horizontalAdvance(begin) + 2 * grid;
  for (const auto& tick : viz::make_ticks({first, last}, false, true, std::max(2, area.width() / (10 * grid)))) {
    const QString text = QString::fromStdString(tick.label);
    const int width = fontMetrics().horizontalAdvance(text);
    const int at = int(std::lround(area.left() + (tick.value - first) / (last - first) * area.width())) - width / 2;
    if (at < free || at + width + 2 * grid > right) continue;
    painter.drawText(at, base, text);
    free = at + width + 2 * grid;
  }
}

void LayerMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto theme = chart_theme();
  painter.fillRect(rect(), theme.background);
  if (image_.isNull()) return;
  const QRect area = plot();
  painter.drawImage(area, image_);
  paintScale(painter);
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
  paintSteps(painter);
  const double first = double(data_->rows.front().step), last = double(data_->rows.back().step);
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
                     plain_text(tr("%1, step %2: %3")
                                    .arg(data_->names[layer], count_text(data_->rows[std::size_t(row)].step),
                                         number_text(value(std::size_t(row), std::size_t(layer)), 4))),
                     this);
  return true;
}

void LayerMap::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    setFont(chart_font());
    render();
  }
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
