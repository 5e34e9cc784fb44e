// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/theme.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {
namespace {

/// Relative luminance, WCAG 2.1.
double luminance(const QColor& color) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

}  // namespace

QColor at(QColor color, double share) {
  color.setAlphaF(static_cast<float>(color.alphaF() * share));
  return color;
}

QColor spec_hue(const Theme& theme, std::size_t index) {
  const QColor& hue = theme.further[index % theme.further.size()];
  return index < theme.further.size() ? hue : over(at(theme.text, 0.35), hue);
}

QColor over(const QColor& front, const QColor& back) {
  const float share = front.alphaF();
  const auto mix = [share](float a, float b) { return share * a + (1 - share) * b; };
  return QColor::fromRgbF(mix(front.redF(), back.redF()), mix(front.greenF(), back.greenF()),
                          mix(front.blueF(), back.blueF()));
}

double contrast(const QColor& a, const QColor& b) {
  const auto [low, high] = std::minmax({luminance(a), luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

QColor legible(const QColor& color, const QColor& ground) {
  constexpr double wanted = 4.5;
  const bool dark = luminance(ground) < 0.18;
  QColor text = over(color, ground);
  // Towards black or white in small steps: the hue stays what it says.
  for (int step = 0; step < 50 && contrast(text, ground) < wanted; ++step) {
    text = over(at(dark ? Qt::white : Qt::black, 0.04), text);
  }
  return text;
}

Theme Theme::light() {
  Theme theme;
  theme.background = QColor(0xF6, 0xF6, 0xF5);
  theme.plot = Qt::white;
  theme.text = QColor(0x1C, 0x1C, 0x1C);
  theme.muted = QColor(0x5C, 0x5C, 0x5C);
  theme.grid = at(Qt::black, 0.12);
  theme.zero = at(Qt::black, 0.30);
  theme.centre = QColor(0x80, 0x80, 0x80);
  theme.cursor = QColor(0x30, 0x30, 0x30);
  theme.event = QColor(0x6A, 0x51, 0x8C);
  theme.selection = at(QColor(0x00, 0x72, 0xB2), 0.15);
  theme.without_rc = QColor(0xD5, 0x5E, 0x00);
  theme.with_rc = QColor(0x00, 0x72, 0xB2);
  theme.further = {QColor(0xCC, 0x79, 0xA7), QColor(0x56, 0xB4, 0xE9), QColor(0xD5, 0x5E, 0x00),
                   QColor(0x00, 0x72, 0xB2), QColor(0x00, 0x00, 0x00), QColor(0x8F, 0xA6, 0x5A),
                   QColor(0x10, 0x10, 0xC0), QColor(0xB8, 0x48, 0x48), QColor(0x00, 0x4D, 0x00),
                   QColor(0x78, 0x78, 0xF0), QColor(0x55, 0x20, 0x6E), QColor(0x00, 0x5A, 0x5A)};
  theme.both_rise = QColor(0xE6, 0x9F, 0x00);
  theme.both_fall = QColor(0x88, 0x22, 0x55);
  theme.disentangled = QColor(0x00, 0x9E, 0x73);
  return theme;
}

Theme Theme::dark() {
  Theme theme = light();
  theme.background = QColor(0x1E, 0x1F, 0x21);
  theme.plot = QColor(0x26, 0x27, 0x2A);
  theme.text = QColor(0xEC, 0xEC, 0xEC);
  theme.muted = QColor(0xA6, 0xA8, 0xAB);
  theme.grid = at(Qt::white, 0.12);
  theme.zero = at(Qt::white, 0.30);
  theme.centre = QColor(0x9A, 0x9A, 0x9A);
  theme.cursor = QColor(0xD8, 0xD8, 0xD8);
  theme.event = QColor(0xB9, 0xA3, 0xDC);
  theme.selection = at(QColor(0x56, 0xB4, 0xE9), 0.20);
  // Light enough to be read on a dark page at half strength, too.
  theme.further = {QColor(0xCC, 0x79, 0xA7), QColor(0x56, 0xB4, 0xE9), QColor(0xE8, 0x74, 0x18),
                   QColor(0x3D, 0x7B, 0xD9), QColor(0xFF, 0xFF, 0xFF), QColor(0xE8, 0xE8, 0x5A),
                   QColor(0x9F, 0xE7, 0xB7), QColor(0xD9, 0x4A, 0x4A), QColor(0xFF, 0xB3, 0xA0),
                   QColor(0x9A, 0x6B, 0xE0), QColor(0xB7, 0xB7, 0x6F), QColor(0x57, 0xCF, 0xCF)};
  theme.both_fall = QColor(0xC2, 0x40, 0x7E);
  theme.without_rc = QColor(0xE8, 0x74, 0x18);
  theme.with_rc = QColor(0x2E, 0x97, 0xD8);
  theme.rejected = 0.62;
  theme.is_dark = true;
  return theme;
}

Theme Theme::paper() {
  Theme theme = light();
  theme.background = Qt::white;
  theme.text = Qt::black;
  theme.muted = QColor(0x40, 0x40, 0x40);
  return theme;
}

Theme Theme::grey() {
  Theme theme = paper();
  theme.without_rc = QColor(0x80, 0x80, 0x80);
  theme.with_rc = Qt::black;
  constexpr int levels[] = {0x50, 0xA8, 0x00, 0xC0, 0x80, 0x30, 0x98, 0x68, 0xB4, 0x18, 0x74, 0x40};
  for (std::size_t i = 0; i < theme.further.size(); ++i) theme.further[i] = QColor(levels[i], levels[i], levels[i]);
  theme.event = QColor(0x60, 0x60, 0x60);
  theme.both_rise = QColor(0xA0, 0xA0, 0xA0);
  theme.both_fall = QColor(0x60, 0x60, 0x60);
  theme.disentangled = Qt::black;
  return theme;
}

Theme Theme::in_greys() const {
  Theme theme = *this;
  const auto grey = [this](int on_white, int on_dark) {
    const int level = is_dark ? on_dark : on_white;
    return QColor(level, level, level);
  };
  theme.without_rc = grey(0x80, 0x8C);
  theme.with_rc = grey(0x00, 0xFF);
  theme.further = {grey(0x50, 0xC8), grey(0xA0, 0x70), grey(0x00, 0xFF), grey(0xB4, 0x60),
                   grey(0x80, 0x8C), grey(0x38, 0xE0), grey(0x94, 0x98), grey(0x66, 0xAA),
                   grey(0xAA, 0x68), grey(0x1C, 0xF0), grey(0x74, 0xB8), grey(0x44, 0xD4)};
  theme.event = grey(0x60, 0xB0);
  theme.selection = at(grey(0x00, 0xFF), 0.15);
  // Beside the grey of reversed steps, which is that of muted texts.
  theme.both_rise = grey(0xC0, 0x50);
  theme.both_fall = grey(0x8E, 0x78);
  theme.disentangled = grey(0x00, 0xFF);
  return theme;
}

}  // namespace bandscope::viz
