// SPDX-License-Identifier: GPL-3.0-or-later
// Draws with a QPainter: on the screen, into an image, into a PDF.
#pragma once

#include <QPainter>

#include "viz/draw/canvas.h"

namespace bandscope::viz {

class PainterCanvas : public Canvas {
 public:
  /// The painter's unit is the canvas' unit already. `bar_width` > 0 for the screen: see Canvas::bar_width.
  PainterCanvas(QPainter& painter, const TextSetter& text, double bar_width = 0, bool smooth = true);

  void fill(const QRectF& rect, const QColor& color) override;
  void polygon(std::span<const QPointF> points, const QColor& fill) override;
  void polyline(std::span<const QPointF> points, const QColor& color, double width) override;
  void bars(std::span<const QRectF> rects, const QColor& color) override;
  void circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) override;
  void text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color, double turn) override;
  void clip(const QRectF& rect) override;
  void unclip() override;
  double bar_width() const override { return bar_width_; }

 private:
  QPainter& painter_;
  TextSetter text_;
  double bar_width_;
  bool smooth_;
};

}  // namespace bandscope::viz
