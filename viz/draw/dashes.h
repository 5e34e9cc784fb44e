// SPDX-License-Identifier: GPL-3.0-or-later
// Dashes as pieces of a curve. A pen's own dashes are measured along the curve: on a noisy one they look like a paler
// line, and Qt takes seconds for them (100,000 points: 3 s). Along x they are gaps in whatever the curve does.
#pragma once

#include <QPointF>
#include <span>
#include <vector>

namespace bandscope::viz {

/// Lengths in pixels of the screen design.
inline constexpr double dash_on = 7, dash_off = 4;

/// The pieces of a curve over ascending x within the dashes of a ruler that starts at `origin`.
std::vector<std::vector<QPointF>> dashes_along_x(std::span<const QPointF> points, double origin, double on, double off);
/// The pieces of a path, dashes measured along it.
std::vector<std::vector<QPointF>> dashes_along_path(std::span<const QPointF> points, double on, double off);
/// Whether x lies in a dash.
bool in_dash(double x, double origin, double on, double off);

}  // namespace bandscope::viz
