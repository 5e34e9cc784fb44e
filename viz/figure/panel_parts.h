// SPDX-License-Identifier: GPL-3.0-or-later
// What panels over steps are put together from.
#pragma once

#include <string>
#include <vector>

#include "viz/figure/panels.h"

namespace bandscope::viz {

/// The column over the run's steps, smoothed where the options ask for it.
Line step_line(const DrawnRun& drawn, Column column, std::string symbol, double strength, const FigureOptions& options);
/// Marks of the runs' events.
void add_events(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// A panel over steps with its titles; `figure` is its name, its part and the key of its y axis.
Panel step_panel(std::string figure, std::string title, std::string y_title, const FigureOptions& options);
/// Why there is nothing to draw, in words that say what to do; `undefined` where there are rows but no values.
void explain_if_empty(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options,
                      const char* undefined);
/// The response's two strengths, in the run's hue when there is but one.
void explain_strengths(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options,
                       const std::string& chosen, const std::string& rejected);
/// The marks of a band panel, explained once for several small ones.
std::vector<LegendEntry> band_marks(bool calibrated, const FigureOptions& options);
/// The run in the legend: a square of its hue, or a line where its dash tells it from another.
LegendEntry run_entry(std::string label, const DrawnRun& drawn);
/// What the faint and the strong curve of a smoothed line are, and of which run the window is longer than the run.
void explain_smoothing(std::vector<LegendEntry>& legend, const Smoothing& smoothing, const QColor& ink,
                       const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// The legend of the runs. Of overlaid pairs each hue is named once, and what a dash means beside them.
void explain_runs(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// "z — …": a sum over the response or a mean per token.
std::string likelihood_title(const std::vector<DrawnRun>& runs, const FigureOptions& options);
/// Both responses' columns of every run.
Panel pair_panel(Panel panel, const std::vector<DrawnRun>& runs, Column chosen, Column rejected,
                 const std::string& symbol, const char* missing, const FigureOptions& options);

}  // namespace bandscope::viz
