// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader chooses for a page of charts, beside its zoom: kept over sessions, and undone as one.
#pragma once

#include <string>
#include <vector>

#include "viz/figure/figure.h"
#include "viz/figure/smoothing.h"

namespace bandscope::viz {

struct ViewSettings {
  Smoothing smoothing;
  bool log_x = false, log_y = false;
  XAxis x_axis = XAxis::step;
  bool seed_means = false;         ///< as FigureOptions
  bool strip = false;              ///< strips of pathways under charts over steps
  std::vector<std::string> parts;  ///< of figure_parts(), those shown; empty: all
  bool operator==(const ViewSettings&) const = default;
};

}  // namespace bandscope::viz
