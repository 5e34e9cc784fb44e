// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/chart_view.h"

#include <QChart>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QValueAxis>
#include <cmath>

#include "viz/chart/cursor_overlay.h"
#include "viz/draw/painter_canvas.h"

namespace bandscope::viz {
namespace {

/// Curves in more pieces are drawn by the painter: a series per piece would cost more than it draws.
constexpr std::size_t kSeriesPieces = 6;

}  // namespace

ChartView::ChartView(QWidget* parent)
    : QChartView(new QChart, parent),
      metrics_{TextSetter(font(), 1.0)},
      axis_x_(new QValueAxis(chart())),
      axis_y_(new QValueAxis(chart())) {
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  // What is dropped here is for the window; a graphics view would take it for its scene, and refuse it.
  setAcceptDrops(false);
  viewport()->setAcceptDrops(false);
  setViewportUpdateMode(QGraphicsView::NoViewportUpdate);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setRenderHint(QPainter::Antialiasing);
  setMouseTracking(true);
  viewport()->setMouseTracking(true);
  viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
  chart()->setBackgroundVisible(false);
  chart()->setPlotAreaBackgroundVisible(false);
  chart()->setMargins(QMargins());
  chart()->legend()->hide();
  chart()->setAnimationOptions(QChart::NoAnimation);
  for (QValueAxis* axis : {axis_x_, axis_y_}) axis->setVisible(false);
  chart()->addAxis(axis_x_, Qt::AlignBottom);
  chart()->addAxis(axis_y_, Qt::AlignLeft);
}

void ChartView::show_panel(std::shared_ptr<const Figure> figure, std::size_t panel, const PanelLayout& layout,
                           const Metrics& metrics) {
  figure_ = std::move(figure);
  index_ = panel;
  layout_ = layout;
  metrics_ = metrics;
  plan_ = plan_panel(figure_->panels[index_], layout_, devicePixelRatioF(), figure_->reveal_to);
  dirty_ = true;
  viewport()->update();
}

/// A lone defined step is a dot, which a line series does not draw.
bool ChartView::by_series(const DrawnRows& rows) const {
  if (rows.dense || rows.pieces.size() > kSeriesPieces) return false;
  for (std::size_t piece = 0; piece < rows.pieces.size(); ++piece) {
    if (rows.piece_end(piece) - rows.pieces[piece] < 2) return false;
  }
  return true;
}

/// Gives every sparse curve without dashes to a line series. The axes are those of the widget's pixels, since the
/// panel's scales have mapped the values already: a logarithmic axis of Qt Charts drops a whole series for one value it
/// cannot show.
void ChartView::fill_series() {
  const QRectF& plot = layout_.plot;
  if (chart()->plotArea() != plot) chart()->setPlotArea(plot);
  axis_x_->setRange(plot.left(), plot.right());
  axis_y_->setRange(-plot.bottom(), -plot.top());
  std::size_t used = 0;
  const viz::Panel& panel = figure_->panels[index_];
  const auto add = [&](const Samples& x, const Samples& y, const DrawnRows& rows, const QColor& color, double width) {
    for (std::size_t piece = 0; piece < rows.pieces.size(); ++piece) {
      const auto points = plot_piece(layout_, x, y, rows, piece);
      if (used == series_.size()) {
        auto* series = new QLineSeries(chart());
        chart()->addSeries(series);
        series->attachAxis(axis_x_);
        series->attachAxis(axis_y_);
        series_.push_back(series);
      }
      QLineSeries* series = series_[used++];
      QList<QPointF> list;
      list.reserve(static_cast<qsizetype>(points.size()));
      for (const QPointF& point : points) list.append({point.x(), -point.y()});
      series->replace(list);
      const QPen pen(over(color, figure_->theme.plot), width);
      if (series->pen() != pen) series->setPen(pen);
      series->setVisible(true);
    }
  };
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    const Line& line = panel.lines[i];
    if (!line.by_step || line.dashed) continue;
    if (by_series(plan_.lines[i].raw)) add(line.x, line.y, plan_.lines[i].raw, raw_color(line), raw_width(line));
  }
  // Smoothed curves lie in front of every raw one.
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    const Line& line = panel.lines[i];
    if (!line.by_step || line.dashed || line.smooth.empty() || !by_series(plan_.lines[i].smooth)) continue;
    add(line.x, line.smooth, plan_.lines[i].smooth, line.color, line.width);
  }
  for (; used < series_.size(); ++used) {
    if (!series_[used]->isVisible()) break;
    series_[used]->setVisible(false);
  }
}

PanelDrawing ChartView::drawing(Canvas& canvas) const {
  return {canvas, figure_->panels[index_], layout_, plan_, metrics_, figure_->theme};
}

void ChartView::drawBackground(QPainter* painter, const QRectF& rect) {
  if (!figure_) return painter->fillRect(rect, palette().window());
  const Theme& theme = figure_->theme;
  painter->fillRect(rect, theme.background);
  PainterCanvas canvas(*painter, metrics_.text, 1.0 / devicePixelRatioF());
  const viz::Panel& panel = figure_->panels[index_];
  draw_frame(canvas, panel, layout_, metrics_, theme, figure_->legend);
  draw_strip_frame(canvas, panel, layout_, plan_, metrics_, theme);
  const PanelDrawing drawn = drawing(canvas);
  canvas.clip(layout_.plot);
  drawn.bands();
  drawn.strip();
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    const Line& line = panel.lines[i];
    if (!line.by_step || line.dashed || !by_series(plan_.lines[i].raw)) drawn.raw(i);
  }
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    const Line& line = panel.lines[i];
    if (!line.by_step || line.dashed || !by_series(plan_.lines[i].smooth)) drawn.smooth(i);
  }
  canvas.unclip();
}

void ChartView::drawForeground(QPainter* painter, const QRectF&) {
  if (!figure_) return;
  PainterCanvas canvas(*painter, metrics_.text, 1.0 / devicePixelRatioF());
  canvas.clip(layout_.plot);
  drawing(canvas).marks();
  canvas.unclip();
}

void ChartView::paintEvent(QPaintEvent*) {
  const QSize pixels = viewport()->size() * devicePixelRatioF();
  if (dirty_ || picture_.size() != pixels) {
    if (figure_) fill_series();
    if (picture_.size() != pixels) picture_ = QPixmap(pixels);
    picture_.setDevicePixelRatio(devicePixelRatioF());
    QPainter painter(&picture_);
    painter.setRenderHints(renderHints());
    render(&painter, QRectF(QPointF(), viewport()->size()), viewport()->rect());
    dirty_ = false;
    ++redraws_;
  }
  QPainter painter(viewport());
  painter.drawPixmap(0, 0, picture_);
  if (figure_) draw_overlay(painter);
}

void ChartView::draw_overlay(QPainter& painter) const {
  PainterCanvas canvas(painter, metrics_.text, 1.0 / devicePixelRatioF());
  const PanelDrawing drawn = drawing(canvas);
  if (cursor_) draw_cursor(drawn, *cursor_);
  if (mouse_) draw_event_hint(drawn, *mouse_);
  if (box_.isEmpty()) return;
  canvas.fill(box_, figure_->theme.selection);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(figure_->theme.with_rc, 1));
  painter.drawRect(box_);
}

void ChartView::set_cursor(std::optional<double> step) {
  if (cursor_ == step) return;
  cursor_ = step;
  viewport()->update();
}

void ChartView::set_box(const QRectF& box) {
  if (box_ == box) return;
  box_ = box;
  viewport()->update();
}

std::optional<double> ChartView::step_at(const QPointF& position) const {
  if (!figure_) return std::nullopt;
  const viz::Panel& panel = figure_->panels[index_];
  if (!panel.empty_text.empty()) return std::nullopt;
  if (panel.quadrants.empty()) return layout_.x.value(position.x());
  std::optional<double> step;
  double nearest = 40.0 * 40.0;  // pixels, squared
  for (std::size_t i = 0; i < panel.lines.size(); ++i) {
    const Line& line = panel.lines[i];
    const bool smoothing = !line.smooth.empty();
    for (const std::uint32_t row : (smoothing ? plan_.lines[i].smooth : plan_.lines[i].raw).rows) {
      const QPointF to = plot_point(layout_, smoothing ? line.smooth_x[row] : line.x[row],
                                    smoothing ? line.smooth[row] : line.y[row]) -
                         position;
      const double distance = QPointF::dotProduct(to, to);
      if (distance >= nearest) continue;
      nearest = distance;
      step = line.steps[row];
    }
  }
  return step;
}

void ChartView::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  dirty_ = true;
}

void ChartView::mousePressEvent(QMouseEvent* event) {
  event->accept();
  Q_EMIT pressed(event);
}

void ChartView::mouseMoveEvent(QMouseEvent* event) {
  event->accept();
  mouse_ = event->position();
  if (event->buttons() == Qt::NoButton) {
    Q_EMIT hovered(event->position());
    viewport()->update();
  } else {
    Q_EMIT dragged(event);
  }
}

void ChartView::mouseReleaseEvent(QMouseEvent* event) {
  event->accept();
  Q_EMIT released(event);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent* event) {
  event->accept();
  Q_EMIT double_clicked(event);
}

void ChartView::wheelEvent(QWheelEvent* event) {
  event->accept();
  Q_EMIT wheeled(event);
}

void ChartView::leaveEvent(QEvent*) {
  mouse_.reset();
  viewport()->update();
}

bool ChartView::viewportEvent(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QChartView::viewportEvent(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  Q_EMIT rested(help->pos(), help->globalPos());
  return true;
}

/// The menu opens on release, when the right button has not drawn a box.
void ChartView::contextMenuEvent(QContextMenuEvent* event) { event->accept(); }

}  // namespace bandscope::viz
