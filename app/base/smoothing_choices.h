// SPDX-License-Identifier: GPL-3.0-or-later
// What is offered as smoothing of curves, in the charts and in the settings.
#pragma once

#include <QString>
#include <utility>
#include <vector>

#include "viz/figure/smoothing.h"

namespace bandscope::app {

/// By its name for people; the first is none.
std::vector<std::pair<QString, viz::Smoothing>> smoothing_choices();

}  // namespace bandscope::app
