// SPDX-License-Identifier: GPL-3.0-or-later
// Colours per role, for the screen (light, dark) and for paper. Okabe and Ito's palette, so that hues stay apart for
// colour-blind readers; run is hue, response is strength. No hue of a run is also a pathway's.
#pragma once

#include <QColor>
#include <array>
#include <cstddef>

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
  /// Of the specs where more than one pair is shown, a hue each: Okabe and Ito's that are no pathway's, then those
  /// farthest from all before them, also as colour-blind readers see them.
  std::array<QColor, 12> further;
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

/// Hue of the `index`th spec of an overlay; behind the last one they come again, nearer to the text's colour.
QColor spec_hue(const Theme& theme, std::size_t index);

/// `front` as it looks on an opaque `back`.
QColor over(const QColor& front, const QColor& back);
/// `color` as text on `ground`: made darker, or lighter on a dark ground, until the contrast is 4.5 to 1 (WCAG AA).
QColor legible(const QColor& color, const QColor& ground);
/// Contrast of two opaque colours, from 1 to 21, as the Web Content Accessibility Guidelines define it.
double contrast(const QColor& a, const QColor& b);
/// `color` at `share` (0 to 1) of its strength, as transparency.
QColor at(QColor color, double share);

}  // namespace bandscope::viz
