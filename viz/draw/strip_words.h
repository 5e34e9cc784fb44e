// SPDX-License-Identifier: GPL-3.0-or-later
// What is said about a strip beside its title: how far prediction and outcome agree, of each run.
#pragma once

#include <QColor>
#include <QString>
#include <vector>

#include "viz/draw/canvas.h"
#include "viz/draw/panel_plan.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

/// A part of the line: a square of a run's hue and its words, or words that belong to all runs (no hue).
struct StripWords {
  QColor hue;
  QString words;
};
using StripLine = std::vector<StripWords>;

/// The same in ever fewer words: that the rows are of different pairs, or, where they are of the same, both shares of
/// each run; those in view; "▪ 62 %  ▪ 58 % agree in view"; the shares.
std::vector<StripLine> agreement_forms(const Strip& strip, const std::vector<StripPlan>& plans);
double words_width(const StripLine& line, const Metrics& metrics);
/// Room that shares of every run take with a word to them, whatever they are.
double least_words_width(const Strip& strip, const Metrics& metrics);
/// Height of a line for these words under the title.
double strip_words_line(const Metrics& metrics);

}  // namespace bandscope::viz
