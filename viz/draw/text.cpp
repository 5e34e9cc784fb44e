// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QTransform>
#include <cmath>

#include "viz/draw/canvas.h"

namespace bandscope::viz {
namespace {

struct Run {
  QString text;
  bool subscript = false;
};

/// Splits "‖s_w‖ chosen" into "‖s", subscript "w", "‖ chosen". An underscore that no single letter or brace follows
/// stays: "acc_norm" is a name.
std::vector<Run> split(const QString& text, bool symbols) {
  std::vector<Run> runs;
  QString plain;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const bool mark = symbols && text[i] == u'_' && i + 1 < text.size() && i > 0;
    const qsizetype close = mark && text[i + 1] == u'{' ? text.indexOf(u'}', i) : -1;
    const bool letter = mark && text[i + 1].isLetter() &&
                        (i + 2 == text.size() || !(text[i + 2].isLetterOrNumber() || text[i + 2] == u'_'));
    if (close > 0 || letter) {
      if (!plain.isEmpty()) runs.push_back({std::exchange(plain, QString())});
      runs.push_back({close > 0 ? text.mid(i + 2, close - i - 2) : text.mid(i + 1, 1), true});
      i = close > 0 ? close : i + 1;
    } else {
      plain += text[i];
    }
  }
  if (!plain.isEmpty()) runs.push_back({plain});
  return runs;
}

constexpr double kSubscript = 0.72, kDrop = 0.18;  // of the text's size

}  // namespace

QFont figure_font() {
  const QStringList families = QFontDatabase::families();
  QFont font;
  for (const char* family : {"DejaVu Sans", "Liberation Sans"}) {
    if (!families.contains(QLatin1String(family))) continue;
    font = QFont(QLatin1String(family));
    break;
  }
  font.setHintingPreference(QFont::PreferNoHinting);
  font.setStyleStrategy(QFont::PreferAntialias);
  return font;
}

QFont TextSetter::sized(double size, bool bold) const {
  QFont font = font_;
  font.setPixelSize(std::max(1, static_cast<int>(std::lround(size * scale_))));
  font.setBold(bold);
  return font;
}

double TextSetter::width(const QString& text, double size, bool bold, bool symbols) const {
  double width = 0;
  for (const Run& run : split(text, symbols)) {
    width += QFontMetricsF(sized(run.subscript ? size * kSubscript : size, bold)).horizontalAdvance(run.text) / scale_;
  }
  return width;
}

void TextSetter::draw(Canvas& canvas, const QPointF& baseline, const QString& text, double size, const QColor& color,
                      Align align, bool bold, double turn, bool symbols) const {
  double along = 0;
  if (align != Align::left) along = -width(text, size, bold, symbols) * (align == Align::centre ? 0.5 : 1.0);
  const QTransform turned = QTransform().translate(baseline.x(), baseline.y()).rotate(turn);
  for (const Run& run : split(text, symbols)) {
    const double run_size = run.subscript ? size * kSubscript : size;
    canvas.text(turned.map(QPointF(along, run.subscript ? size * kDrop : 0)), run.text, run_size, bold, color, turn);
    along += QFontMetricsF(sized(run_size, bold)).horizontalAdvance(run.text) / scale_;
  }
}

QString TextSetter::elided(const QString& text, double size, double room, bool bold) const {
  if (width(text, size, bold) <= room) return text;
  for (qsizetype keep = text.size() - 1; keep > 0; --keep) {
    const QString cut = text.left(keep).trimmed() + u'…';
    if (width(cut, size, bold) <= room) return cut;
  }
  return {};
}

}  // namespace bandscope::viz
