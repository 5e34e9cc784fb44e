// SPDX-License-Identifier: GPL-3.0-or-later
// A figure file's language, and the names of figures and their parts for people.
#pragma once

#include <QString>
#include <string>

#include "viz/figure/translation.h"

namespace bandscope::app {

/// Translates a figure's texts into "en" or "zh_CN", whatever language the window speaks. Throws RunError when the
/// translation is not built in.
viz::Words figure_language(const std::string& language);
/// A text of the context "Figure" in the window's language.
QString figure_text(const char* text);
/// "Likelihoods": the figure on a button.
QString figure_title(const std::string& name);
/// "Paper 2: objectives, likelihoods and margin": the figure in a list of all.
QString long_figure_title(const std::string& name);

}  // namespace bandscope::app
