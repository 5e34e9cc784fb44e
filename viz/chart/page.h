// SPDX-License-Identifier: GPL-3.0-or-later
// The insides of DynamicsView: its charts, what they show, and what the mouse does to them.
#pragma once

#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "core/message/message.h"
#include "viz/chart/chart_view.h"
#include "viz/chart/dynamics_view.h"
#include "viz/figure/figures.h"

namespace bandscope::viz {

class DynamicsView::Impl : public QObject {
  Q_OBJECT

 public:
  explicit Impl(DynamicsView* page);

  /// Makes the figure anew (other runs, figure, smoothing, theme, axes), then lays out.
  void rebuild();
  /// Lays out the charts in the page and gives each its panel (other zoom or size). Changes of one event loop turn
  /// are drawn once.
  void schedule(bool figure_too);
  void update_now();
  void ask_for_height();
  void layout();
  Metrics metrics() const;
  QRectF charts_area() const;
  /// Width of the legend of the runs, left of how much is drawn.
  double legend_room() const;
  static constexpr double legend_left = 18;
  std::optional<Ranges> shown() const { return shown_; }

  void set_cursor(std::optional<double> step);
  /// The axis that charts over steps run along: the chosen one, or steps where a run lacks it.
  XAxis x_axis() const;
  std::string x_key() const;
  /// Where the last step lies on it; 0 without one.
  double last_place() const;
  /// Where a step lies in a panel, by the longest run, and which step lies at a place of it. Planes go by steps.
  double place_in(const Panel& panel, double step) const;
  double step_in(const Panel& panel, double place) const;
  std::optional<double> step_at(const ChartView& chart, const QPointF& position) const;
  /// The recorded step nearest to `step`.
  double snap(double step) const;
  void go_to_event(bool forward);
  void count();

  // What the mouse and the keys do; positions are in the chart's coordinates.
  void connect_chart(ChartView* chart);
  void zoom_x(const ChartView& chart, double at, double factor);
  void zoom_y(const ChartView& chart, double at, double factor);
  void pan(const ChartView& chart, double share_x, double share_y, bool remember);
  void press(ChartView* chart, QMouseEvent* event);
  void drag(ChartView* chart, QMouseEvent* event);
  void release(ChartView* chart, QMouseEvent* event);
  void wheel(ChartView* chart, QWheelEvent* event);
  bool key(QKeyEvent* event);
  void open_menu(const QPoint& global, ChartView* chart);
  ChartView* active() const;
  void check_follow();

  DynamicsView* page;
  QPointer<ZoomState> zoom;
  std::vector<RunDataPtr> runs;
  std::string name = "dynamics";
  FigureOptions options;
  QString empty_text;
  std::function<QString(const QString& kind, const Message& message)> event_words;
  std::function<QString(const QString& part)> panel_help;
  bool follow = false, reveal = false;
  int least_row = 0;
  std::optional<double> cursor;
  std::shared_ptr<const Figure> figure;
  std::vector<ChartView*> charts;
  std::optional<std::size_t> maximised;
  DynamicsView::Counts counts;
  QString hidden_text;  ///< how many are undefined or off the scale

 private:
  RunDataPtr longest() const;
  std::optional<Ranges> shown_;
  QTimer timer_;
  bool rebuild_ = false;
  struct Drag {
    ChartView* chart = nullptr;
    QPointF start, last;
    bool box = false, moved = false, right = false;
  } drag_;
  ChartView* hovered_ = nullptr;
};

}  // namespace bandscope::viz
