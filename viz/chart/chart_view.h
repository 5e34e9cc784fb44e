// SPDX-License-Identifier: GPL-3.0-or-later
// One panel on the screen. Curves are drawn into a picture once per change; a moved cursor only draws over it.
#pragma once

#include <QChartView>
#include <QPixmap>
#include <memory>
#include <optional>
#include <vector>

#include "viz/draw/draw_panel.h"
#include "viz/figure/figure.h"

class QLineSeries;
class QValueAxis;

namespace bandscope::viz {

/// Mouse events never reach QChartView's own handlers, which crash where nothing lies under the mouse (QTBUG-118669).
class ChartView : public QChartView {
  Q_OBJECT

 public:
  explicit ChartView(QWidget* parent = nullptr);

  /// What to draw; `layout` is in this widget's coordinates. The panel is kept alive by `figure`.
  void show_panel(std::shared_ptr<const Figure> figure, std::size_t panel, const PanelLayout& layout,
                  const Metrics& metrics);
  const viz::Panel* panel() const { return figure_ ? &figure_->panels[index_] : nullptr; }
  const PanelLayout& layout_of_panel() const { return layout_; }
  const PanelPlan& plan() const { return plan_; }

  /// Step under the cursor line; unset hides it.
  void set_cursor(std::optional<double> step);
  /// The box being drawn by the mouse, in widget coordinates; an empty rectangle hides it.
  void set_box(const QRectF& box);
  int redraws() const { return redraws_; }
  void reset_redraws() { redraws_ = 0; }
  /// The step under a position: by x, or on a path the nearest drawn row; unset where there is none.
  std::optional<double> step_at(const QPointF& position) const;

 Q_SIGNALS:
  void hovered(const QPointF& position);
  void pressed(QMouseEvent* event);
  void dragged(QMouseEvent* event);
  void released(QMouseEvent* event);
  void double_clicked(QMouseEvent* event);
  void wheeled(QWheelEvent* event);
  /// The mouse rests at `position`.
  void rested(const QPointF& position, const QPoint& global);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void fill_series();
  bool by_series(const DrawnRows& rows) const;
  PanelDrawing drawing(Canvas& canvas) const;
  void draw_overlay(QPainter& painter) const;

  std::shared_ptr<const Figure> figure_;
  std::size_t index_ = 0;
  PanelLayout layout_;
  PanelPlan plan_;
  Metrics metrics_;
  QValueAxis* axis_x_;
  QValueAxis* axis_y_;
  std::vector<QLineSeries*> series_;
  QPixmap picture_;
  bool dirty_ = true;
  int redraws_ = 0;
  std::optional<double> cursor_;
  std::optional<QPointF> mouse_;
  QRectF box_;
};

}  // namespace bandscope::viz
