// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/svg_canvas.h"

namespace bandscope::viz {
namespace {

/// Hundredths of a point are finer than any printer; locale-independent.
QByteArray number(double value) {
  QByteArray text = QByteArray::number(value, 'f', 2);
  while (text.endsWith('0')) text.chop(1);
  if (text.endsWith('.')) text.chop(1);
  return text == "-0" ? QByteArray("0") : text;
}

QByteArray paint(const char* what, const QColor& color) {
  QByteArray out = QByteArray(" ") + what + "=\"" + color.name(QColor::HexRgb).toLatin1() + '"';
  if (color.alpha() < 255) out += QByteArray(" ") + what + "-opacity=\"" + number(color.alphaF()) + '"';
  return out;
}

QByteArray path(std::span<const QPointF> points) {
  QByteArray out = " points=\"";
  for (const QPointF& point : points) out += number(point.x()) + ',' + number(point.y()) + ' ';
  if (out.endsWith(' ')) out.chop(1);
  return out + '"';
}

QByteArray box(const QRectF& rect) {
  return " x=\"" + number(rect.x()) + "\" y=\"" + number(rect.y()) + "\" width=\"" + number(rect.width()) +
         "\" height=\"" + number(rect.height()) + '"';
}

}  // namespace

SvgCanvas::SvgCanvas(double width_mm, double height_mm, const QString& title, const TextSetter& text)
    : family_(text.font().family().toHtmlEscaped().toUtf8()) {
  constexpr double kPoints = 72.0 / 25.4;
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
         number(width_mm) + "mm\" height=\"" + number(height_mm) + "mm\" viewBox=\"0 0 " + number(width_mm * kPoints) +
         ' ' + number(height_mm * kPoints) + "\" font-family=\"'" + family_ + "', sans-serif\">\n<title>" +
         title.toHtmlEscaped().toUtf8() + "</title>\n";
}

QByteArray SvgCanvas::finish() { return out_ + "</svg>\n"; }

void SvgCanvas::fill(const QRectF& rect, const QColor& color) {
  out_ += "<rect" + box(rect) + paint("fill", color) + "/>\n";
}

void SvgCanvas::polygon(std::span<const QPointF> points, const QColor& fill) {
  out_ += "<polygon" + path(points) + paint("fill", fill) + "/>\n";
}

void SvgCanvas::polyline(std::span<const QPointF> points, const QColor& color, double width) {
  out_ += "<polyline" + path(points) + " fill=\"none\"" + paint("stroke", color) + " stroke-width=\"" + number(width) +
          "\" stroke-linejoin=\"round\"/>\n";
}

void SvgCanvas::polylines(std::span<const std::vector<QPointF>> pieces, const QColor& color, double width) {
  QByteArray steps;
  for (const auto& piece : pieces) {
    char command = 'M';
    for (const QPointF& point : piece) {
      steps += command + number(point.x()) + ' ' + number(point.y());
      command = 'L';
    }
  }
  if (steps.isEmpty()) return;
  out_ += "<path d=\"" + steps + "\" fill=\"none\"" + paint("stroke", color) + " stroke-width=\"" + number(width) +
          "\" stroke-linejoin=\"round\"/>\n";
}

void SvgCanvas::bars(std::span<const QRectF> rects, const QColor& color) {
  for (const QRectF& rect : rects) fill(rect, color);
}

void SvgCanvas::circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) {
  out_ += "<circle cx=\"" + number(centre.x()) + "\" cy=\"" + number(centre.y()) + "\" r=\"" + number(radius) + '"' +
          (fill.isValid() ? paint("fill", fill) : QByteArray(" fill=\"none\""));
  if (width > 0) out_ += paint("stroke", edge) + " stroke-width=\"" + number(width) + '"';
  out_ += "/>\n";
}

void SvgCanvas::text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color, double turn) {
  out_ += "<text x=\"" + number(at.x()) + "\" y=\"" + number(at.y()) + "\" font-size=\"" + number(size) + '"' +
          (bold ? " font-weight=\"bold\"" : "") + paint("fill", color);
  if (turn != 0) out_ += " transform=\"rotate(" + number(turn) + ' ' + number(at.x()) + ' ' + number(at.y()) + ")\"";
  out_ += " xml:space=\"preserve\">" + text.toHtmlEscaped().toUtf8() + "</text>\n";
}

void SvgCanvas::clip(const QRectF& rect) {
  const QByteArray id = "c" + QByteArray::number(++clips_);
  out_ += "<clipPath id=\"" + id + "\"><rect" + box(rect) + "/></clipPath>\n<g clip-path=\"url(#" + id + ")\">\n";
}

void SvgCanvas::unclip() { out_ += "</g>\n"; }

}  // namespace bandscope::viz
