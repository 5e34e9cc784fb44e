// SPDX-License-Identifier: GPL-3.0-or-later
// What figures are drawn on. Lengths are in the canvas' unit: a pixel on the screen, a point (1/72 inch) on paper.
#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QRectF>
#include <QString>
#include <span>
#include <vector>

namespace bandscope::viz {

enum class Align { left, centre, right };

class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void fill(const QRectF& rect, const QColor& color) = 0;
  virtual void polygon(std::span<const QPointF> points, const QColor& fill) = 0;
  virtual void polyline(std::span<const QPointF> points, const QColor& color, double width) = 0;
  /// The pieces of one curve, as its dashes.
  virtual void polylines(std::span<const std::vector<QPointF>> pieces, const QColor& color, double width) {
    for (const auto& piece : pieces) polyline(piece, color, width);
  }
  /// One column of a dense curve each: rectangles side by side, in one colour.
  virtual void bars(std::span<const QRectF> rects, const QColor& color) = 0;
  virtual void circle(const QPointF& centre, double radius, const QColor& fill, const QColor& edge, double width) = 0;
  /// One run of text in one size with its baseline's left end at `at`, turned by `turn` degrees.
  virtual void text(const QPointF& at, const QString& text, double size, bool bold, const QColor& color,
                    double turn) = 0;
  /// Everything drawn until unclip() stays inside.
  virtual void clip(const QRectF& rect) = 0;
  virtual void unclip() = 0;
  /// Width of one column of a dense curve; 0 when curves are drawn as lines however dense they are.
  virtual double bar_width() const { return 0; }

  void line(const QPointF& from, const QPointF& to, const QColor& color, double width) {
    const QPointF points[] = {from, to};
    polyline(points, color, width);
  }
};

/// Sets text in a font, with symbols' subscripts: "z_w", "x_{ab}".
class TextSetter {
 public:
  /// `scale`: the font is measured at so many times its size; 1 where the font's hinted widths are what is drawn.
  TextSetter(QFont font, double scale) : font_(std::move(font)), scale_(scale) {}
  const QFont& font() const { return font_; }
  double scale() const { return scale_; }
  QFont sized(double size, bool bold) const;

  double width(const QString& text, double size, bool bold = false, bool symbols = true) const;
  void draw(Canvas& canvas, const QPointF& baseline, const QString& text, double size, const QColor& color,
            Align align = Align::left, bool bold = false, double turn = 0, bool symbols = true) const;
  /// The text, cut with an ellipsis where it is wider than `room`.
  QString elided(const QString& text, double size, double room, bool bold = false) const;

 private:
  QFont font_;
  double scale_;
};

/// Sizes of everything that is not data, in canvas units.
struct Metrics {
  TextSetter text;
  double font = 10;  ///< size of labels
  double px = 1;     ///< a pixel of the screen design
};

/// The same font wherever a figure is exported: DejaVu Sans, else Liberation Sans, else what there is.
QFont figure_font();

}  // namespace bandscope::viz
