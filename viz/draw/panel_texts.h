// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of laid out panels: which labels of an axis stay apart, and the sizes that titles and legends have in common.
#pragma once

#include <vector>

#include "viz/draw/panel_layout.h"

namespace bandscope::viz {

/// Width of a panel's legend in one line.
double legend_width(const Panel& panel, const Metrics& metrics);
/// Room of the gaps and samples in it.
double legend_gaps(const Panel& panel, const Metrics& metrics);
/// "z — mean log-probability per token (nats)", or "z (nats)" where even small letters are too long for it.
QString y_title_that_fits(const Panel& panel, const PanelLayout& layout, const Metrics& metrics);
/// As many as stay apart. Where even the fewest of a scale do not, some keep their line without a label.
std::vector<Tick> y_ticks_that_fit(const PanelLayout& layout, bool log, const Metrics& metrics);
/// Sizes that every panel has room for. Gaps give way before letters, and a title begins over the labels of the axis
/// before it gets smaller.
void size_texts(const Figure& figure, std::vector<PanelLayout>& layouts, const Metrics& metrics);

}  // namespace bandscope::viz
