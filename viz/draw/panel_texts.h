// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of laid out panels: which labels of an axis stay apart, and the sizes that titles and legends have in common.
#pragma once

#include <vector>

#include "viz/draw/panel_layout.h"

namespace bandscope::viz {

/// Height of a line of a panel's legend, in sizes of the font.
inline constexpr double kLegendLine = 1.3;
/// Entries of a panel's legend that stand beside each other.
struct LegendLine {
  std::size_t first = 0, last = 0;  ///< `last` excluded
  double letters = 0, gaps = 0;     ///< widths at the usual size
};
/// The legend in one line, or in two about as long as each other.
std::vector<LegendLine> legend_lines(const Panel& panel, int lines, const Metrics& metrics);
/// Whether the legend fits into a line of this room with the smallest letters and gaps there are.
bool legend_fits(const Panel& panel, double room, const Metrics& metrics);
/// Width of a panel's legend in one line.
double legend_width(const Panel& panel, const Metrics& metrics);
/// "z — mean log-probability per token (nats)", or "z (nats)" where even small letters are too long for it.
QString y_title_that_fits(const Panel& panel, const PanelLayout& layout, const Metrics& metrics);
/// As many as stay apart. Where even the fewest of a scale do not, some keep their line without a label.
std::vector<Tick> y_ticks_that_fit(const PanelLayout& layout, bool log, const Metrics& metrics);
/// Sizes that every panel has room for. Gaps give way before letters, and a title begins over the labels of the axis
/// before it gets smaller.
void size_texts(const Figure& figure, std::vector<PanelLayout>& layouts, const Metrics& metrics);

}  // namespace bandscope::viz
