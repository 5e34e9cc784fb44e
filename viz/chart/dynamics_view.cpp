// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/dynamics_view.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QPixmap>
#include <algorithm>
#include <cmath>

#include "viz/chart/cursor_overlay.h"
#include "viz/chart/page.h"
#include "viz/draw/painter_canvas.h"
#include "viz/export/figure_csv.h"
#include "viz/figure/figures.h"

namespace bandscope::viz {
namespace {

constexpr int least_height = 160;
constexpr int lines_above = 3;  ///< of text, for the legend over the panels

}  // namespace

DynamicsView::DynamicsView(QWidget* parent) : QWidget(parent), impl_(std::make_unique<Impl>(this)) {
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(240, least_height);
  setAttribute(Qt::WA_OpaquePaintEvent);
  connect(impl_->zoom, &ZoomState::changed, impl_.get(), [this] { impl_->schedule(false); });
  impl_->rebuild();
}

DynamicsView::~DynamicsView() = default;

void DynamicsView::setRuns(std::vector<RunDataPtr> runs) {
  std::erase(runs, nullptr);
  const double before = impl_->last_place();
  impl_->runs = std::move(runs);
  const double now = impl_->last_place();
  if (const auto range = impl_->zoom->x(impl_->x_key()); impl_->follow && range && now > before) {
    impl_->zoom->set_x(impl_->x_key(), Range{range->least + now - range->greatest, now}, false);
  }
  impl_->schedule(true);
}

void DynamicsView::setFigure(const QString& name) {
  const std::string wanted = name.toStdString();
  figure_columns(wanted);  // throws for an unknown one
  if (wanted == impl_->name) return;
  impl_->name = wanted;
  impl_->options.parts.clear();
  impl_->maximised.reset();
  impl_->schedule(true);
}

QString DynamicsView::figure() const { return QString::fromStdString(impl_->name); }

void DynamicsView::setSmoothing(const Smoothing& smoothing) {
  ViewSettings next = settings();
  next.smoothing = smoothing;
  setSettings(next);
}

ViewSettings DynamicsView::settings() const {
  const FigureOptions& options = impl_->options;
  return {options.smoothing,  options.log_x, options.log_y, options.x_axis,
          options.seed_means, options.strip, options.parts};
}

void DynamicsView::setSettings(const ViewSettings& wanted) {
  if (wanted == settings()) return;
  FigureOptions& options = impl_->options;
  const bool smoother = wanted.smoothing != options.smoothing;
  // A part that the figure does not have, as of an earlier version's session, is not asked for.
  std::vector<std::string> parts;
  for (const auto& part : wanted.parts) {
    if (has_part(impl_->name, part)) parts.push_back(part);
  }
  if (parts.size() == figure_parts(impl_->name).size()) parts.clear();
  if (parts != options.parts) impl_->maximised.reset();
  options.smoothing = wanted.smoothing;
  options.log_x = wanted.log_x;
  options.log_y = wanted.log_y;
  options.x_axis = wanted.x_axis;
  options.seed_means = wanted.seed_means;
  options.strip = wanted.strip;
  options.parts = std::move(parts);
  impl_->schedule(true);
  if (smoother) Q_EMIT smoothingChanged(wanted.smoothing);
  Q_EMIT settingsChanged();
}

Smoothing DynamicsView::smoothing() const { return impl_->options.smoothing; }

void DynamicsView::setTheme(const Theme& theme) {
  impl_->options.theme = theme;
  impl_->schedule(true);
}

void DynamicsView::setLogX(bool on) {
  ViewSettings next = settings();
  next.log_x = on;
  setSettings(next);
}

void DynamicsView::setLogY(bool on) {
  ViewSettings next = settings();
  next.log_y = on;
  setSettings(next);
}

void DynamicsView::setStrip(bool on) {
  ViewSettings next = settings();
  next.strip = on;
  setSettings(next);
}

void DynamicsView::setXAxis(XAxis axis) {
  ViewSettings next = settings();
  next.x_axis = axis;
  setSettings(next);
}

void DynamicsView::setSeedMeans(bool on) {
  ViewSettings next = settings();
  next.seed_means = on;
  setSettings(next);
}

void DynamicsView::setParts(const std::vector<std::string>& parts) {
  ViewSettings next = settings();
  next.parts = parts;
  setSettings(next);
}

void DynamicsView::setTasks(const std::optional<std::vector<std::string>>& tasks) {
  if (tasks == impl_->options.tasks) return;
  impl_->options.tasks = tasks;
  impl_->schedule(true);
}

void DynamicsView::setLeastRow(int pixels) {
  impl_->least_row = pixels;
  impl_->ask_for_height();
}

void DynamicsView::Impl::ask_for_height() {
  constexpr int few = 3, usual_row = 130;
  const int above = lines_above * page->fontMetrics().lineSpacing();
  const int row = least_row > 0 ? least_row : figure && figure->rows > few ? usual_row : 0;
  page->setMinimumHeight(row > 0 && figure ? std::max(least_height, figure->rows * row + above) : least_height);
}

void DynamicsView::setEmptyText(const QString& text) {
  impl_->empty_text = text;
  impl_->schedule(true);
}

void DynamicsView::setEventWords(std::function<QString(const QString& kind, const Message& message)> words) {
  impl_->event_words = std::move(words);
  impl_->schedule(true);
}

void DynamicsView::setPanelHelp(std::function<QString(const QString& part)> help) {
  impl_->panel_help = std::move(help);
}

void DynamicsView::setFollow(bool on) {
  if (on == impl_->follow) return;
  impl_->follow = on;
  const double last = impl_->last_place();
  if (const auto range = impl_->zoom->x(impl_->x_key()); on && range && range->greatest < last) {
    impl_->zoom->set_x(impl_->x_key(), Range{last - range->width(), last});
  }
  Q_EMIT followChanged(on);
}

bool DynamicsView::follow() const { return impl_->follow; }

void DynamicsView::setCursor(double step) { impl_->set_cursor(step); }
void DynamicsView::clearCursor() { impl_->set_cursor(std::nullopt); }
std::optional<double> DynamicsView::cursor() const { return impl_->cursor; }

std::vector<CursorValue> DynamicsView::cursorValues() const {
  std::vector<CursorValue> values;
  if (!impl_->cursor || !impl_->figure) return values;
  for (const Panel& panel : impl_->figure->panels) {
    for (const Line& line : panel.lines) {
      std::size_t row = 0;
      const auto find = panel.quadrants.empty() ? row_at : row_held_at;
      if (!find(line.steps, impl_->place_in(panel, *impl_->cursor), &row) || row >= line.y.size()) continue;
      CursorValue value{QString::fromStdString(line.run),
                        QString::fromStdString(line.symbol),
                        line.color,
                        impl_->step_in(panel, line.steps[row]),
                        line.y[row],
                        std::nullopt};
      bool again = false;
      for (const CursorValue& other : values) {
        again = again || (other.run == value.run && other.symbol == value.symbol);
        if (other.symbol == value.symbol && other.run != value.run && !value.difference && other.step == value.step) {
          value.difference = value.value - other.value;
        }
      }
      if (!again) values.push_back(std::move(value));
    }
  }
  return values;
}

void DynamicsView::setReveal(bool on) {
  impl_->reveal = on;
  impl_->schedule(true);
}

void DynamicsView::nextEvent() { impl_->go_to_event(true); }
void DynamicsView::previousEvent() { impl_->go_to_event(false); }

Ranges DynamicsView::shownRanges() const {
  impl_->update_now();
  return impl_->shown().value_or(Ranges{});
}

ZoomState* DynamicsView::zoom() const { return impl_->zoom; }

void DynamicsView::setZoom(ZoomState* zoom) {
  if (!zoom || zoom == impl_->zoom) return;
  impl_->zoom->disconnect(impl_.get());
  if (impl_->zoom->parent() == this) impl_->zoom->deleteLater();
  impl_->zoom = zoom;
  connect(zoom, &ZoomState::changed, impl_.get(), [this] { impl_->schedule(false); });
  impl_->schedule(false);
}

QPixmap DynamicsView::picture() {
  impl_->update_now();
  return grab();
}

QString DynamicsView::drawnCsv() const {
  impl_->update_now();
  std::vector<PanelPlan> plans;
  for (std::size_t i = 0; i < impl_->figure->panels.size(); ++i) plans.push_back(impl_->charts[i]->plan());
  return QString::fromStdString(drawn_csv(*impl_->figure, plans));
}

DynamicsView::Counts DynamicsView::counts() const {
  impl_->update_now();
  return impl_->counts;
}

int DynamicsView::redraws() const {
  int count = 0;
  for (const ChartView* chart : impl_->charts) count += chart->redraws();
  return count;
}

void DynamicsView::resetRedraws() {
  for (ChartView* chart : impl_->charts) chart->reset_redraws();
}

void DynamicsView::showAll() { impl_->zoom->show_all(); }
void DynamicsView::zoomBack() { impl_->zoom->back(); }
void DynamicsView::copyPicture() { QGuiApplication::clipboard()->setPixmap(picture()); }
void DynamicsView::copyData() { QGuiApplication::clipboard()->setText(drawnCsv()); }

void DynamicsView::keyPressEvent(QKeyEvent* event) {
  if (!impl_->key(event)) QWidget::keyPressEvent(event);
}

void DynamicsView::resizeEvent(QResizeEvent*) { impl_->update_now(); }

void DynamicsView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) impl_->schedule(false);
  if (event->type() == QEvent::LanguageChange) impl_->schedule(true);
  QWidget::changeEvent(event);
}

/// The strip over the charts: hues of the runs, and how much is drawn.
void DynamicsView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = impl_->options.theme;
  painter.fillRect(rect(), theme.background);
  const Metrics metrics = impl_->metrics();
  PainterCanvas canvas(painter, metrics.text, 1.0);
  const double baseline = metrics.font * 1.6;
  draw_run_legend(canvas, *impl_->figure, {Impl::legend_left, baseline}, impl_->legend_room(), metrics);
  metrics.text.draw(canvas, {width() - 12.0, baseline}, impl_->hidden_text, metrics.font * 0.95, theme.muted,
                    Align::right);
  if (!hasFocus()) return;
  canvas.fill(QRectF(0, 0, 2, height()), theme.with_rc);  // where the keys go
}

}  // namespace bandscope::viz
