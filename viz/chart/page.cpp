// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/page.h"

#include <QFontInfo>
#include <algorithm>
#include <cmath>

#include "viz/draw/draw_panel.h"
#include "viz/figure/x_axis.h"

namespace bandscope::viz {

DynamicsView::Impl::Impl(DynamicsView* owner) : page(owner), zoom(new ZoomState(owner)) {
  options.theme = Theme::light();
  options.say = window_words;
  options.events = true;
  timer_.setSingleShot(true);
  timer_.setInterval(0);
  connect(&timer_, &QTimer::timeout, this, &Impl::update_now);
}

Metrics DynamicsView::Impl::metrics() const {
  const QFont font = page->font();
  return {TextSetter(font, 1.0), std::max(8.0, std::round(QFontInfo(font).pixelSize() * 0.86)), 1.0};
}

QRectF DynamicsView::Impl::charts_area() const {
  const Metrics sizes = metrics();
  const int lines = figure ? run_legend_lines(*figure, legend_room(), sizes) : 1;
  const double top = std::round(sizes.font * 2.4 + std::max(0, lines - 1) * run_legend_line(sizes));
  return QRectF(page->rect()).adjusted(8, top, -4, -4);
}

double DynamicsView::Impl::legend_room() const {
  const Metrics sizes = metrics();
  // Room for any count, so that the legend does not break anew while one zooms.
  return page->width() - legend_left - std::max(18 * sizes.font, sizes.text.width(hidden_text, sizes.font * 0.95)) - 40;
}

void DynamicsView::Impl::schedule(bool figure_too) {
  rebuild_ = rebuild_ || figure_too;
  if (!timer_.isActive()) timer_.start();
}

void DynamicsView::Impl::update_now() {
  timer_.stop();
  if (rebuild_ || !figure) rebuild();
  layout();
}

void DynamicsView::Impl::rebuild() {
  rebuild_ = false;
  options.reveal_to = reveal && cursor ? cursor : std::nullopt;
  auto next = std::make_shared<Figure>(make_figure(name, runs, options));
  if (!empty_text.isEmpty() && runs.empty()) next->panels[0].empty_text = empty_text.toStdString();
  if (event_words) {
    for (Panel& panel : next->panels) {
      for (EventMark& event : panel.events) {
        event.message = Message::plain(event_words(QString::fromStdString(event.kind), event.message).toStdString());
        event.kind.clear();
      }
    }
  }
  figure = std::move(next);
  while (charts.size() < figure->panels.size()) {
    auto* chart = new ChartView(page);
    connect_chart(chart);
    charts.push_back(chart);
  }
  for (std::size_t i = 0; i < charts.size(); ++i) {
    charts[i]->setVisible(i < figure->panels.size());
    if (i < figure->panels.size()) charts[i]->setAccessibleName(QString::fromStdString(figure->panels[i].title));
  }
  if (maximised && *maximised >= figure->panels.size()) maximised.reset();
  // Last: another height lays the page out.
  ask_for_height();
}

void DynamicsView::Impl::layout() {
  if (!figure || page->width() < 40 || page->height() < 40) return;
  Ranges wanted;
  for (const Panel& panel : figure->panels) {
    if (const auto range = zoom->x(panel.x.key)) wanted.x[panel.x.key] = *range;
    if (const auto range = zoom->y(panel.y.key)) wanted.y[panel.y.key] = *range;
  }
  shown_ = visible_ranges(*figure, wanted);
  const Metrics sizes = metrics();

  // Every chart is a widget of its own; laid out together, so that their plot areas share left edges.
  std::vector<QRectF> cells = grid_cells(*figure, charts_area(), 8, sizes);
  if (maximised) cells[*maximised] = charts_area();
  for (QRectF& cell : cells) cell = cell.toRect();
  auto layouts = layout_figure(*figure, cells, *shown_, sizes);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ChartView* chart = charts[i];
    chart->setVisible(!maximised || *maximised == i);
    if (!chart->isVisibleTo(page)) continue;
    chart->setGeometry(cells[i].toRect());
    PanelLayout local = layouts[i];
    const QPointF shift = -cells[i].topLeft();
    local.outer.translate(shift);
    local.y_title_top += shift.y();
    local.plot = local.plot.translated(shift).toAlignedRect();
    local.x.from = local.plot.left();
    local.x.to = local.plot.right();
    local.y.from = local.plot.bottom();
    local.y.to = local.plot.top();
    local.x_title = local.x_title || maximised;
    chart->show_panel(figure, i, local, sizes);
    chart->set_cursor(cursor ? std::optional(place_in(figure->panels[i], *cursor)) : std::nullopt);
  }
  count();
  page->update();
}

void DynamicsView::Impl::count() {
  counts = {};
  for (std::size_t i = 0; i < figure->panels.size(); ++i) {
    if (maximised && *maximised != i) continue;
    const PanelPlan& plan = charts[i]->plan();
    counts.points += plan.points;
    counts.drawn += plan.drawn;
    counts.undefined += plan.undefined;
    counts.off_scale += plan.off_scale;
  }
  const auto number = [](std::size_t n) { return QString::fromStdString(format_count(n)); };
  // How many points there are is of no use to who looks at them; what cannot be seen is said.
  QStringList hidden;
  if (counts.undefined > 0) hidden << DynamicsView::tr("%1 values undefined").arg(number(counts.undefined));
  if (counts.off_scale > 0) hidden << DynamicsView::tr("%1 values off scale").arg(number(counts.off_scale));
  hidden_text = hidden.join(QStringLiteral(" · "));
}

double DynamicsView::Impl::snap(double step) const {
  double nearest = step, distance = HUGE_VAL;
  for (const auto& run : runs) {
    if (!run || run->steps.empty()) continue;
    const std::size_t row = run->row_of(step).value_or(0);
    for (std::size_t near = row; near < std::min(row + 2, run->steps.size()); ++near) {
      if (std::abs(run->steps[near] - step) >= distance) continue;
      distance = std::abs(run->steps[near] - step);
      nearest = run->steps[near];
    }
  }
  return nearest;
}

void DynamicsView::Impl::set_cursor(std::optional<double> step) {
  if (step) step = snap(*step);
  if (step == cursor) return;
  cursor = step;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    const bool shown = cursor && figure && i < figure->panels.size();
    charts[i]->set_cursor(shown ? std::optional(place_in(figure->panels[i], *cursor)) : std::nullopt);
  }
  const bool path = figure && std::any_of(figure->panels.begin(), figure->panels.end(),
                                          [](const Panel& panel) { return !panel.quadrants.empty(); });
  if (reveal && path) schedule(true);
  if (cursor) {
    Q_EMIT page->cursorMoved(*cursor);
  } else {
    Q_EMIT page->cursorCleared();
  }
}

XAxis DynamicsView::Impl::x_axis() const {
  const auto has = [this](const RunDataPtr& run) { return has_x_axis(*run, options.x_axis); };
  return std::ranges::all_of(runs, has) ? options.x_axis : XAxis::step;
}

std::string DynamicsView::Impl::x_key() const { return std::string(x_axis_row(x_axis()).name); }

RunDataPtr DynamicsView::Impl::longest() const {
  const auto last = std::ranges::max_element(runs, {}, [](const RunDataPtr& run) { return run->last_step(); });
  return last == runs.end() ? nullptr : *last;
}

double DynamicsView::Impl::last_place() const {
  double last = 0;
  for (const auto& run : runs) last = std::max(last, StepPlaces(run, x_axis()).at(run->last_step()));
  return last;
}

double DynamicsView::Impl::place_in(const Panel& panel, double step) const {
  const RunDataPtr run = longest();
  return run && panel.x.course ? StepPlaces(run, x_axis()).at(step) : step;
}

double DynamicsView::Impl::step_in(const Panel& panel, double place) const {
  const RunDataPtr run = longest();
  return run && panel.x.course ? StepPlaces(run, x_axis()).step_at(place) : place;
}

std::optional<double> DynamicsView::Impl::step_at(const ChartView& chart, const QPointF& position) const {
  const auto place = chart.step_at(position);
  return place && chart.panel() ? std::optional(step_in(*chart.panel(), *place)) : place;
}

void DynamicsView::Impl::go_to_event(bool forward) {
  std::optional<double> target;
  const double from = cursor.value_or(forward ? -HUGE_VAL : HUGE_VAL);
  for (const auto& run : runs) {
    if (!run) continue;
    for (const EventRow& event : run->events) {
      const double step = static_cast<double>(event.step);
      // The cursor stands on recorded steps; so does what it is compared with, or it would never leave an event.
      const double at = snap(step);
      if (forward ? at <= from || (target && at >= *target) : at >= from || (target && at <= *target)) continue;
      target = at;
    }
  }
  if (target) set_cursor(target);
}

}  // namespace bandscope::viz
