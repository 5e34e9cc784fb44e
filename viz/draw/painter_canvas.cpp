// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/painter_canvas.h"

#include <QImage>
#include <QPaintEngine>
#include <QVarLengthArray>
#include <algorithm>
#include <cmath>

namespace bandscope::viz {

PainterCanvas::PainterCanvas(QPainter& painter, const TextSetter& text, double bar_width, bool smooth)
    : painter_(painter), text_(text), bar_width_(bar_width), smooth_(smooth) {
  painter_.setRenderHint(QPainter::Antialiasing, smooth);
  painter_.setRenderHint(QPainter::TextAntialiasing, true);
}

void PainterCanvas::fill(const QRectF& rect, const QColor& color) { painter_.fillRect(rect, color); }

void PainterCanvas::polygon(std::span<const QPointF> points, const QColor& fill) {
  painter_.setPen(Qt::NoPen);
  painter_.setBrush(fill);
  // Filling a ragged area smoothly takes ten times as long; on the screen its edges are drawn over it.
  const bool crisp = bar_width_ > 0 && points.size() > 16;
  if (crisp) painter_.setRenderHint(QPainter::Antialiasing, false);
  painter_.drawPolygon(points.data(), static_cast<int>(points.size()));
  if (crisp) painter_.setRenderHint(QPainter::Antialiasing, smooth_);
}

void PainterCanvas::polyline(std::span<const QPointF> points, const QColor& color, double width) {
  painter_.setBrush(Qt::NoBrush);
  QPen pen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
  if (bar_width_ <= 0 || points.size() < 3) {
    if (bar_width_ <= 0 && points.size() > 2) pen.setJoinStyle(Qt::RoundJoin);
    painter_.setPen(pen);
    painter_.drawPolyline(points.data(), static_cast<int>(points.size()));
    return;
  }
  // On the screen a stroke of many points is found slow where it crosses itself (91 ms for five noisy curves of
  // 2,200 points), the same segments one by one are not (4 ms), and colours there are opaque.
  pen.setCapStyle(Qt::RoundCap);
  if (!smooth_) pen = QPen(color, 0);
  painter_.setPen(pen);
  QVarLengthArray<QLineF, 256> segments;
  for (std::size_t i = 1; i < points.size(); ++i) segments.append(QLineF(points[i - 1], points[i]));
  painter_.drawLines(segments.constData(), static_cast<int>(segments.size()));
}

void PainterCanvas::bars(std::span<const QRectF> rects, const QColor& color) {
  if (bar_width_ <= 0 && painter_.paintEngine()->type() == QPaintEngine::Raster) {
    // Two neighbours that each cover half of a pixel would let the ground through between them.
    const QTransform to_pixels = painter_.deviceTransform(), back = to_pixels.inverted();
    painter_.setRenderHint(QPainter::Antialiasing, false);
    for (const QRectF& rect : rects) {
      const QRectF exact = to_pixels.mapRect(rect);
      QRectF whole(QPointF(std::round(exact.left()), std::round(exact.top())),
                   QPointF(std::round(exact.right()), std::round(exact.bottom())));
      whole.setSize(whole.size().expandedTo(QSizeF(1, 1)));
      painter_.fillRect(back.mapRect(whole), color);
    }
    painter_.setRenderHint(QPainter::Antialiasing, smooth_);
    return;
  }
  if (bar_width_ <= 0 || rects.size() < 16) {
    painter_.setRenderHint(QPainter::Antialiasing, bar_width_ <= 0);
    for (const QRectF& rect : rects) painter_.fillRect(rect, color);
    painter_.setRenderHint(QPainter::Antialiasing, smooth_);
    return;
  }
  // QPainter hands each tall transparent rectangle to a pool of threads, which costs more than filling it: a thousand
  // bars are written into one picture instead, and that is drawn.
  QRectF around = rects[0];
  for (const QRectF& rect : rects) around |= rect;
  if (painter_.hasClipping()) around &= painter_.clipBoundingRect();
  const double ratio = painter_.device()->devicePixelRatioF();
  const int left = static_cast<int>(std::floor(around.left() * ratio)),
            top = static_cast<int>(std::floor(around.top() * ratio));
  const int width = static_cast<int>(std::ceil(around.right() * ratio)) - left;
  const int height = static_cast<int>(std::ceil(around.bottom() * ratio)) - top;
  if (width <= 0 || height <= 0) return;
  QImage layer(width, height, QImage::Format_ARGB32_Premultiplied);
  if (layer.isNull()) return;
  layer.fill(Qt::transparent);
  const QRgb ink = qPremultiply(color.rgba());
  auto* const pixels = reinterpret_cast<QRgb*>(layer.bits());
  const qsizetype stride = layer.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
  for (const QRectF& rect : rects) {
    const int from_x = std::max(0, static_cast<int>(std::lround(rect.left() * ratio)) - left);
    const int to_x = std::min(width, static_cast<int>(std::lround(rect.right() * ratio)) - left);
    const int from_y = std::max(0, static_cast<int>(std::lround(rect.top() * ratio)) - top);
    const int to_y = std::min(height, std::max(from_y + 1, static_cast<int>(std::lround(rect.bottom() * ratio)) - top));
    for (int y = from_y; y < to_y; ++y)
      std::fill(pixels + y * stride + from_x, pixels + y * stride + std::max(from_x, to_x), ink);
  }
  layer.setDevicePixelRatio(ratio);
  painter_.drawImage(QPointF(left / ratio, top / ratio), layer);
}

void PainterCanvas::circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) {
  painter_.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
  painter_.setPen(width > 0 ? QPen(edge, width) : QPen(Qt::NoPen));
  painter_.drawEllipse(centre, radius, radius);
}

void PainterCanvas::text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color,
                         double turn) {
  painter_.save();
  painter_.translate(at);
  painter_.rotate(turn);
  painter_.scale(1 / text_.scale(), 1 / text_.scale());
  painter_.setFont(text_.sized(size, bold));
  painter_.setPen(color);
  painter_.drawText(QPointF(0, 0), text);
  painter_.restore();
}

void PainterCanvas::clip(const QRectF& rect) {
  painter_.save();
  painter_.setClipRect(rect, Qt::IntersectClip);
}

void PainterCanvas::unclip() { painter_.restore(); }

}  // namespace bandscope::viz
