// SPDX-License-Identifier: GPL-3.0-or-later
// A canvas that keeps where texts were written, so that a test can read a drawing.
#pragma once

#include <QRectF>
#include <QString>
#include <vector>

#include "viz/draw/canvas.h"

namespace bandscope::viz::testing {

/// Keeps where texts were written.
struct TextRecorder : Canvas {
  struct Text {
    QRectF box;
    QString words;
    double size = 0;
    bool turned = false;  ///< upwards, as titles of y axes
  };
  explicit TextRecorder(const TextSetter& of_texts) : setter(of_texts) {}
  void fill(const QRectF&, const QColor&) override {}
  void polygon(std::span<const QPointF>, const QColor&) override {}
  void polyline(std::span<const QPointF>, const QColor&, double) override {}
  void bars(std::span<const QRectF>, const QColor&) override {}
  void circle(const QPointF&, double, const QColor&, const QColor&, double) override {}
  void text(const QPointF& at, const QString& words, double size, bool bold, const QColor&, double turn) override {
    const double width = setter.width(words, size, bold, false);
    const QRectF level(at.x(), at.y() - size * 0.7, width, size);
    const QRectF upwards(at.x() - size * 0.7, at.y() - width, size, width);
    texts.push_back({turn == 0 ? level : upwards, words, size, turn != 0});
  }
  void clip(const QRectF&) override {}
  void unclip() override {}
  TextSetter setter;
  std::vector<Text> texts;
};

}  // namespace bandscope::viz::testing
