// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/whatif/what_if_chart.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/help/pathway_labels.h"
#include "viz/figure/range.h"
#include "viz/figure/ticks.h"

namespace bandscope::app {
namespace {

constexpr int curve_points = 120;

}  // namespace

WhatIfChart::WhatIfChart(QWidget* parent) : QWidget(parent) {
  setFont(chart_font());
  setMinimumSize(220, 160);
  setMaximumHeight(320);  // taller, the curves would say less
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  setCursor(Qt::SizeHorCursor);
}

void WhatIfChart::show(const std::optional<Moment>& moment, double log_r, double alpha, const QColor& hue) {
  const bool other = !moment_ || !moment || moment_->step != moment->step;
  moment_ = moment;
  log_r_ = log_r;
  alpha_ = alpha;
  hue_ = hue;
  if (moment_ && other) {
    // Room for the band with as much on either side, and for what is recorded; it stands still while one drags.
    const double centre = moment_->scores.log_r_star(), recorded = moment_->log_r() + 2 * std::log(moment_->alpha);
    const Band band = disentanglement_band(moment_->scores);
    const double half = std::isfinite(band.upper) ? std::clamp(band.upper - centre, 0.1, 6.0) : 2.0;
    const double reach = std::max({2.2 * half, 1.2 * std::abs(recorded - centre), 0.5});
    least_ = centre - reach;
    greatest_ = centre + reach;
  }
  update();
}

QRectF WhatIfChart::plot() const {
  const int line = fontMetrics().height();
  return QRectF(rect()).adjusted(grid, 1.6 * line, -grid, -2.4 * line);
}

double WhatIfChart::x_of(double log_r_applied) const {
  return viz::Scale{{least_, greatest_}, plot().left(), plot().right()}(log_r_applied);
}

void WhatIfChart::mousePressEvent(QMouseEvent* event) { mouseMoveEvent(event); }

void WhatIfChart::mouseMoveEvent(QMouseEvent* event) {
  if (!moment_ || !(event->buttons() & Qt::LeftButton)) return;
  const viz::Scale scale{{least_, greatest_}, plot().left(), plot().right()};
  Q_EMIT dragged(std::clamp(scale.value(event->position().x()), least_, greatest_));
}

void WhatIfChart::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const viz::Theme theme = chart_theme();
  const QRectF area = plot();
  painter.fillRect(rect(), theme.background);
  if (!moment_ || area.width() < 40 || area.height() < 40) return;
  painter.fillRect(area, theme.plot);
  const Scores& scores = moment_->scores;
  const Band band = disentanglement_band(scores);
  const int line = fontMetrics().height();

  // The three regimes of Eq. (8), named over their stretch.
  const bool banded = std::isfinite(band.lower);
  const double left = banded ? std::clamp(x_of(band.lower), area.left(), area.right()) : area.left();
  const double right = banded ? std::clamp(x_of(band.upper), area.left(), area.right()) : area.right();
  painter.fillRect(QRectF(QPointF(left, area.top()), QPointF(right, area.bottom())), viz::at(hue_, 0.18));
  const std::tuple<double, double, Pathway> regimes[] = {{area.left(), left, Pathway::both_fall},
                                                         {left, right, Pathway::disentangled},
                                                         {right, area.right(), Pathway::both_rise}};
  for (const auto& [from, to, pathway] : regimes) {
    // A word may reach a little beyond its stretch, which its neighbours leave room for.
    constexpr double beyond = 14;
    const QString word = fontMetrics().elidedText(pathway_word(pathway), Qt::ElideRight, int(to - from + 2 * beyond));
    painter.setPen(viz::legible(pathway_color(pathway, theme), theme.background));
    if (to - from <= 20) continue;
    painter.drawText(QRectF(from - beyond, 0, to - from + 2 * beyond, 1.5 * line), Qt::AlignCenter, word);
  }
  if (banded) {
    painter.setPen(QPen(viz::at(hue_, 0.45), 0.8));
    for (const double x : {left, right}) painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
  }
  painter.setPen(QPen(theme.centre, 1));
  const double centre = x_of(scores.log_r_star());
  painter.drawLine(QPointF(centre, area.top()), QPointF(centre, area.bottom()));

  for (const viz::Tick& tick :
       viz::make_ticks({least_, greatest_}, false, false, std::max(2, int(area.width() / (5 * line))))) {
    const double x = x_of(tick.value);
    painter.setPen(QPen(theme.grid, 0.5));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(x - 40, area.bottom() + 2, 80, line), Qt::AlignCenter, QString::fromStdString(tick.label));
  }
  painter.setPen(theme.text);
  painter.drawText(QRectF(area.left(), area.bottom() + line + 2, area.width(), line + 4), Qt::AlignCenter,
                   tr("log α²r — applied log incentive ratio"));

  // ż over the ratio. They grow exponentially with it, so their signs and the neighbourhood of zero are shown on a
  // scale that bends: asinh.
  const auto bent = [&](double velocity) {
    const double unit = std::sqrt(moment_->d_w) * std::sqrt(moment_->d_l) * scores.norm_w * scores.norm_l;
    return std::asinh(3 * velocity / unit);
  };
  double most = 1e-9;
  std::vector<std::pair<double, Velocity>> curve;
  for (int i = 0; i <= curve_points; ++i) {
    const double applied = least_ + (greatest_ - least_) * i / curve_points;
    const Velocity velocity = predict(*moment_, applied - 2 * std::log(alpha_), alpha_).velocity;
    curve.emplace_back(applied, velocity);
    most = std::max({most, std::abs(bent(velocity.z_w)), std::abs(bent(velocity.z_l))});
  }
  const viz::Scale y{{-1.1 * most, 1.1 * most}, area.bottom(), area.top()};
  painter.setPen(QPen(theme.zero, 1));
  painter.drawLine(QPointF(area.left(), y(0)), QPointF(area.right(), y(0)));
  const QColor inks[] = {hue_, viz::at(hue_, 0.55)};
  const char* names[] = {"ż_w", "ż_l"};
  const double now = log_r_ + 2 * std::log(alpha_);
  for (int which = 0; which < 2; ++which) {
    const auto of = [&](const Velocity& velocity) { return bent(which == 0 ? velocity.z_w : velocity.z_l); };
    QPainterPath path;
    for (const auto& [applied, velocity] : curve) {
      const QPointF at(x_of(applied), y(of(velocity)));
      path.elementCount() == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    painter.setClipRect(area);
    painter.setPen(QPen(inks[which], 1.6));
    painter.drawPath(path);
    painter.setClipping(false);
    painter.setPen(viz::legible(inks[which], theme.plot));
    const QPointF end(x_of(greatest_), y(of(curve.back().second)));
    painter.drawText(
        QRectF(end.x() - 40, std::max(area.top(), end.y() + (which == 0 ? -line - 4.0 : 4.0)), 36, line + 3),
        Qt::AlignRight, QString::fromUtf8(names[which]));
    const double here = y(of(predict(*moment_, log_r_, alpha_).velocity));
    painter.setPen(QPen(theme.plot, 1.2));
    painter.setBrush(viz::over(inks[which], theme.plot));
    painter.drawEllipse(QPointF(x_of(now), here), 4, 4);
    painter.setBrush(Qt::NoBrush);
  }
  const double recorded = x_of(moment_->log_r() + 2 * std::log(moment_->alpha));
  painter.setPen(QPen(theme.muted, 1, Qt::DotLine));
  painter.drawLine(QPointF(recorded, area.top()), QPointF(recorded, area.bottom()));
  painter.setPen(QPen(theme.cursor, 1.4));
  painter.drawLine(QPointF(x_of(now), area.top()), QPointF(x_of(now), area.bottom()));
}

}  // namespace bandscope::app
