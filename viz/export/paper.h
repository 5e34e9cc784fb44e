// SPDX-License-Identifier: GPL-3.0-or-later
// A figure's page: its area in points and the sizes on it. Drawing and CSV both start from here.
#pragma once

#include "viz/draw/panel_layout.h"

namespace bandscope::viz {

QRectF paper_area(const Figure& figure);
Metrics paper_metrics(const Figure& figure);

}  // namespace bandscope::viz
