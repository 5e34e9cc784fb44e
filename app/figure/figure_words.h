// SPDX-License-Identifier: GPL-3.0-or-later
// A figure file's language, and the names of figures and their parts for people.
#pragma once

#include <QString>
#include <string>

#include "viz/figure/words.h"

namespace bandscope::app {

/// Translates a figure's texts into "en" or "zh_CN", whatever language the window speaks. Throws RunError when the
/// translation is not built in.
viz::Words figure_words(const std::string& language);
/// "Paper's figure 2: likelihoods and margin of objectives".
QString kind_title(const std::string& kind);
/// "Band w/o RC".
QString part_title(const std::string& part);

}  // namespace bandscope::app
