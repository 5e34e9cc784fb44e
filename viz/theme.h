// SPDX-License-Identifier: GPL-3.0-or-later
// Colours per role, for the screen (light, dark) and for paper. Okabe and Ito's palette, so that hues stay apart for
// colour-blind readers; run is hue, response is strength.
#pragma once

#include <QColor>
#include <array>

namespace bandscope::viz {

struct Theme {
  QColor background;  ///< of the page
  QColor plot;        ///< of a chart
  QColor text;        ///< titles and values
  QColor muted;       ///< tick labels, counts
  QColor grid;        ///< with its 12 %
  QColor zero;        ///< with its 30 %
  QColor centre;      ///< log r*
  QColor cursor;
  QColor event;
  QColor selection;  ///< box while zooming
  QColor without_rc;
  QColor with_rc;
  std::array<QColor, 5> further;  ///< third and later runs, repeated
  QColor both_rise, both_fall, disentangled;
  double rejected = 0.55;  ///< strength of the rejected response's line
  bool is_dark = false;

  static Theme light();
  static Theme dark();
  static Theme paper();
  /// The same with greys for print: runs differ in lightness.
  static Theme grey();
  /// This theme of the screen with greys: runs, and pathways, differ in lightness alone.
  Theme in_greys() const;
};

/// `front` as it looks on an opaque `back`.
QColor over(const QColor& front, const QColor& back);
/// `color` as text on `ground`: made darker, or lighter on a dark ground, until the contrast is 4.5 to 1 (WCAG AA).
QColor legible(const QColor& color, const QColor& ground);
/// Contrast of two opaque colours, from 1 to 21, as the Web Content Accessibility Guidelines define it.
double contrast(const QColor& a, const QColor& b);
/// `color` at `share` (0 to 1) of its strength, as transparency.
QColor at(QColor color, double share);

}  // namespace bandscope::viz
