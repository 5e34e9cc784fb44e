// SPDX-License-Identifier: GPL-3.0-or-later
// What curves run over: steps, or what passes with them. A figure is made over steps; along another axis each step of a
// run stands at what had passed by then, and everything that is drawn follows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"
#include "viz/figure/panels.h"

namespace bandscope::viz {

/// Every axis: its name in files and on the command line, what it is called, and the columns of the record that it
/// needs beside the steps.
struct XAxisRow {
  XAxis axis;
  std::string_view name;  ///< "step", "epoch", "tokens", "time"
  const char* choice;     ///< in a list to choose from; English, in the translation context "Figure"
  const char* title;      ///< of the axis, the same
  const char* reading;    ///< of a place on it: "step %1"
  std::vector<Column> columns;
};
std::span<const XAxisRow> x_axes();
const XAxisRow& x_axis_row(XAxis axis);
/// Throws SpecError with the names there are.
XAxis x_axis_named(std::string_view name);

/// Whether the run's rows, as far as they are loaded, say where they lie on the axis.
bool has_x_axis(const RunData& run, XAxis axis);

/// Where the steps of a run lie on an axis: epochs, tokens since the start, or minutes of training. Ascends.
class StepPlaces {
 public:
  StepPlaces(const RunDataPtr& run, XAxis axis);
  /// Of the last row at or before the step; 0 before the first.
  double at(double step) const;
  /// The step of the last row at or before the place; the first row's where there is none.
  double step_at(double place) const;
  /// Of each of these steps.
  Samples of(const Samples& steps) const;

 private:
  RunDataPtr run_;
  XAxis axis_;
  Samples places_;
};

/// Puts the figure's panels over steps along `options.x_axis`, where every run has it; else they stay over steps.
void set_x_axis(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options);

}  // namespace bandscope::viz
