// SPDX-License-Identifier: GPL-3.0-or-later
// Writes SVG: one element per curve, text as text, so that a figure stays small and can be edited.
#pragma once

#include <QByteArray>

#include "viz/draw/canvas.h"

namespace bandscope::viz {

class SvgCanvas : public Canvas {
 public:
  /// Size in millimetres; the canvas' unit is a point.
  SvgCanvas(double width_mm, double height_mm, const QString& title, const TextSetter& text);
  /// The whole document.
  QByteArray finish();

  void fill(const QRectF& rect, const QColor& color) override;
  void polygon(std::span<const QPointF> points, const QColor& fill) override;
  void polyline(std::span<const QPointF> points, const QColor& color, double width) override;
  void polylines(std::span<const std::vector<QPointF>> pieces, const QColor& color, double width) override;
  void bars(std::span<const QRectF> rects, const QColor& color) override;
  void circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) override;
  void text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color, double turn) override;
  void clip(const QRectF& rect) override;
  void unclip() override;

 private:
  QByteArray out_;
  QByteArray family_;
  int clips_ = 0;
};

}  // namespace bandscope::viz
