// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "viz/chart/page.h"

namespace bandscope::viz {
namespace {

/// The range that lies between two shares of the length of a scale, e.g. −0.5 and 1.5 to zoom out.
Range part(const Scale& scale, double from, double to) {
  const double length = scale.to - scale.from;
  return {scale.value(scale.from + from * length), scale.value(scale.from + to * length)};
}

Range around(const Scale& scale, double position, double factor) {
  const double share = (position - scale.from) / (scale.to - scale.from);
  return part(scale, share - share / factor, share + (1 - share) / factor);
}

}  // namespace

void DynamicsView::Impl::connect_chart(ChartView* chart) {
  connect(chart, &ChartView::hovered, this, [this, chart](const QPointF& position) {
    hovered_ = chart;
    const QRectF& plot = chart->layout_of_panel().plot;
    if (!plot.adjusted(-2, -16, 2, 2).contains(position)) return;
    if (const auto step = step_at(*chart, position)) set_cursor(step);
  });
  connect(chart, &ChartView::pressed, this, [this, chart](QMouseEvent* event) { press(chart, event); });
  connect(chart, &ChartView::dragged, this, [this, chart](QMouseEvent* event) { drag(chart, event); });
  connect(chart, &ChartView::released, this, [this, chart](QMouseEvent* event) { release(chart, event); });
  connect(chart, &ChartView::wheeled, this, [this, chart](QWheelEvent* event) { wheel(chart, event); });
  connect(chart, &ChartView::rested, this, [this, chart](const QPointF& position, const QPoint& global) {
    const bool beside = chart->panel() && !chart->layout_of_panel().plot.contains(position);
    QToolTip::showText(
        global, beside && panel_help ? panel_help(QString::fromStdString(chart->panel()->part)) : QString(), chart);
  });
  connect(chart, &ChartView::double_clicked, this, [this](QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) zoom->show_all();
  });
}

ChartView* DynamicsView::Impl::active() const {
  if (maximised) return charts[*maximised];
  if (hovered_ && hovered_->isVisible()) return hovered_;
  return charts.empty() ? nullptr : charts.front();
}

void DynamicsView::Impl::zoom_x(const ChartView& chart, double at, double factor) {
  const PanelLayout& layout = chart.layout_of_panel();
  Range range = around(layout.x, at, factor);
  // Closer than a few steps there is nothing to see.
  if (chart.panel()->x.whole && factor > 1 && range.width() < 4) return;
  zoom->set_x(chart.panel()->x.key, range);
  check_follow();
}

void DynamicsView::Impl::zoom_y(const ChartView& chart, double at, double factor) {
  if (chart.panel()->strip) return;  // it has no values
  zoom->set_y(chart.panel()->y.key, around(chart.layout_of_panel().y, at, factor));
}

void DynamicsView::Impl::pan(const ChartView& chart, double share_x, double share_y, bool remember) {
  const PanelLayout& layout = chart.layout_of_panel();
  const std::string &x = chart.panel()->x.key, &y = chart.panel()->y.key;
  std::optional<Range> to_x = zoom->x(x), to_y = zoom->y(y);
  if (share_x != 0) to_x = part(layout.x, share_x, 1 + share_x);
  // Without a zoom in y, the range follows the visible rows; dragging it sideways must not freeze it.
  if (to_y && share_y != 0) to_y = part(layout.y, share_y, 1 + share_y);
  zoom->set_xy(x, to_x, y, to_y, remember);
  check_follow();
}

void DynamicsView::Impl::check_follow() {
  if (!follow) return;
  const auto range = zoom->x(x_key());
  if (range && range->greatest < last_place()) page->setFollow(false);
}

void DynamicsView::Impl::press(ChartView* chart, QMouseEvent* event) {
  page->setFocus(Qt::MouseFocusReason);
  if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton) return;
  drag_ = {chart, event->position(), event->position()};
  drag_.right = event->button() == Qt::RightButton;
  drag_.box = drag_.right || (event->modifiers() & Qt::ShiftModifier);
}

void DynamicsView::Impl::drag(ChartView* chart, QMouseEvent* event) {
  if (drag_.chart != chart || !chart->panel() || !chart->panel()->empty_text.empty()) return;
  const QPointF position = event->position();
  if (!drag_.moved && (position - drag_.start).manhattanLength() < QApplication::startDragDistance()) return;
  const bool first = !drag_.moved;
  drag_.moved = true;
  const QRectF& plot = chart->layout_of_panel().plot;
  if (drag_.box) {
    QRectF box = QRectF(drag_.start, position).normalized();
    // A flat box means a range of steps, a narrow one a range of values.
    if (box.height() < 10) box = QRectF(box.left(), plot.top(), box.width(), plot.height());
    if (box.width() < 10) box = QRectF(plot.left(), box.top(), plot.width(), box.height());
    chart->set_box(box & plot);
    return;
  }
  if (first) zoom->remember();
  const QPointF moved = position - drag_.last;
  drag_.last = position;
  pan(*chart, -moved.x() / plot.width(), moved.y() / plot.height(), false);
  update_now();  // the next move starts from this one's layout
}

void DynamicsView::Impl::release(ChartView* chart, QMouseEvent* event) {
  if (drag_.chart != chart) return;
  const Drag done = drag_;
  drag_ = {};
  chart->set_box({});
  if (!done.moved) {
    if (done.right) return open_menu(event->globalPosition().toPoint(), chart);
    if (const auto step = step_at(*chart, event->position())) set_cursor(step);
    return;
  }
  if (!done.box) return;
  const PanelLayout& layout = chart->layout_of_panel();
  const QRectF box = QRectF(done.start, event->position()).normalized() & layout.plot;
  const Panel& panel = *chart->panel();
  std::optional<Range> x = zoom->x(panel.x.key), y = zoom->y(panel.y.key);
  if (box.width() >= 10) x = Range{layout.x.value(box.left()), layout.x.value(box.right())};
  if (box.height() >= 10 && !panel.strip) y = Range{layout.y.value(box.bottom()), layout.y.value(box.top())};
  zoom->set_xy(panel.x.key, x, panel.y.key, y);
  check_follow();
}

void DynamicsView::Impl::wheel(ChartView* chart, QWheelEvent* event) {
  if (!chart->panel() || !chart->panel()->empty_text.empty()) return;
  // Alt turns the wheel sideways on some systems.
  const double turns = (event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x()) / 120.0;
  if (turns == 0) return;
  const double factor = std::pow(1.25, turns);
  if (event->modifiers() & Qt::ControlModifier) {
    zoom_y(*chart, event->position().y(), factor);
  } else {
    zoom_x(*chart, event->position().x(), factor);
  }
}

bool DynamicsView::Impl::key(QKeyEvent* event) {
  ChartView* chart = active();
  if (!chart || !chart->panel()) return false;
  const bool control = event->modifiers() & Qt::ControlModifier, shift = event->modifiers() & Qt::ShiftModifier;
  const QRectF& plot = chart->layout_of_panel().plot;
  const double at_x =
      cursor && chart->panel()->x.course
          ? std::clamp(chart->layout_of_panel().x(place_in(*chart->panel(), *cursor)), plot.left(), plot.right())
          : plot.center().x();
  const auto zoom_by = [&](double factor) {
    control ? zoom_y(*chart, plot.center().y(), factor) : zoom_x(*chart, at_x, factor);
  };
  const auto step_cursor = [&](int by) {
    const RunDataPtr run = runs.empty() ? nullptr : runs.front();
    if (!run || run->steps.empty()) return;
    const auto row = static_cast<std::ptrdiff_t>(run->row_of(cursor.value_or(run->steps[0])).value_or(0)) + by;
    set_cursor(run->steps[static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(row, 0, static_cast<std::ptrdiff_t>(run->steps.size()) - 1))]);
  };
  switch (event->key()) {
    case Qt::Key_Home:
      zoom->show_all();
      return true;
    case Qt::Key_Backspace:
      zoom->back();
      return true;
    case Qt::Key_Left:
      shift ? step_cursor(-1) : pan(*chart, -0.1, 0, true);
      return true;
    case Qt::Key_Right:
      shift ? step_cursor(1) : pan(*chart, 0.1, 0, true);
      return true;
    case Qt::Key_Up:
      pan(*chart, 0, 0.1, true);
      return true;
    case Qt::Key_Down:
      pan(*chart, 0, -0.1, true);
      return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoom_by(1.25);
      return true;
    case Qt::Key_Minus:
      zoom_by(1 / 1.25);
      return true;
    case Qt::Key_BracketRight:
      go_to_event(true);
      return true;
    case Qt::Key_BracketLeft:
      go_to_event(false);
      return true;
    case Qt::Key_Escape:
      if (!maximised) return false;
      [[fallthrough]];
    case Qt::Key_M: {
      if (control) return false;
      const auto index = static_cast<std::size_t>(std::find(charts.begin(), charts.end(), chart) - charts.begin());
      maximised = maximised ? std::nullopt : std::optional<std::size_t>(index);
      schedule(false);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace bandscope::viz
