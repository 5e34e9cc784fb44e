// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/x_axis.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace bandscope::viz {
namespace {

constexpr double kPerMinute = 1.0 / 60;

/// Derived curves of a column are kept under a number each (derived.cpp has 1 to 7).
enum Kept { kept_sums = 20, kept_places = 21 };

/// A place is no less than the one before it; where none is recorded, it is the one before.
std::vector<double> ascending(std::span<const double> values, double factor) {
  std::vector<double> out;
  out.reserve(values.size());
  double now = 0;
  for (const double value : values) {
    if (std::isfinite(value)) now = std::max(now, value * factor);
    out.push_back(now);
  }
  return out;
}

Samples places_of(const RunData& run, XAxis axis) {
  const Samples column = run.column(x_axis_row(axis).columns.front());
  if (axis == XAxis::tokens) {
    return column.derive(kept_sums, 0, [&] {
      std::vector<double> out;
      double sum = 0;
      for (const double tokens : column.values()) out.push_back(sum += std::isfinite(tokens) ? tokens : 0);
      return out;
    });
  }
  const double factor = axis == XAxis::time ? kPerMinute : 1;
  return column.derive(kept_places, factor, [&] { return ascending(column.values(), factor); });
}

bool is_finite_somewhere(const Samples& column) {
  double least = 0, greatest = 0;
  return column.extremes(0, column.size(), &least, &greatest);
}

}  // namespace

std::span<const XAxisRow> x_axes() {
  static const std::vector<XAxisRow> rows = {{XAxis::step,
                                              "step",
                                              QT_TRANSLATE_NOOP("Figure", "Steps"),
                                              QT_TRANSLATE_NOOP("Figure", "optimizer step"),
                                              QT_TRANSLATE_NOOP("Figure", "step %1"),
                                              {}},
                                             {XAxis::epoch,
                                              "epoch",
                                              QT_TRANSLATE_NOOP("Figure", "Epochs"),
                                              QT_TRANSLATE_NOOP("Figure", "epoch"),
                                              QT_TRANSLATE_NOOP("Figure", "epoch %1"),
                                              {Column::epoch}},
                                             {XAxis::tokens,
                                              "tokens",
                                              QT_TRANSLATE_NOOP("Figure", "Tokens"),
                                              QT_TRANSLATE_NOOP("Figure", "tokens processed"),
                                              QT_TRANSLATE_NOOP("Figure", "%1 tokens"),
                                              {Column::tokens}},
                                             {XAxis::time,
                                              "time",
                                              QT_TRANSLATE_NOOP("Figure", "Time"),
                                              QT_TRANSLATE_NOOP("Figure", "time of training (min)"),
                                              QT_TRANSLATE_NOOP("Figure", "%1 min"),
                                              {Column::time}}};
  return rows;
}

const XAxisRow& x_axis_row(XAxis axis) { return x_axes()[static_cast<std::size_t>(axis)]; }

XAxis x_axis_named(std::string_view name) {
  std::string known;
  for (const XAxisRow& row : x_axes()) {
    if (row.name == name) return row.axis;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  throw SpecError(Message::tr("There is no x axis \"%1\"; the axes are %2.", name, known));
}

bool has_x_axis(const RunData& run, XAxis axis) {
  return std::ranges::all_of(x_axis_row(axis).columns, [&](Column column) {
    return run.steps.empty() || is_finite_somewhere(run.column(column));
  });
}

StepPlaces::StepPlaces(const RunDataPtr& run, XAxis axis)
    : run_(run), axis_(axis), places_(axis == XAxis::step ? run->steps : places_of(*run, axis)) {}

double StepPlaces::at(double step) const {
  if (axis_ == XAxis::step) return step;
  const auto row = run_->row_of(step);
  return row && !places_.empty() ? places_[std::min(*row, places_.size() - 1)] : 0;
}

double StepPlaces::step_at(double place) const {
  if (axis_ == XAxis::step) return place;
  const auto values = places_.values();
  const auto after = std::ranges::upper_bound(values, place);
  const auto row = static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, after - values.begin())) - 1;
  return row < run_->steps.size() ? run_->steps[row] : 0;
}

Samples StepPlaces::of(const Samples& steps) const {
  if (axis_ == XAxis::step) return steps;
  if (steps.values().data() == run_->steps.values().data() && steps.size() == places_.size()) return places_;
  std::vector<double> out;
  out.reserve(steps.size());
  for (const double step : steps.values()) out.push_back(at(step));
  return Samples(std::move(out));
}

void set_x_axis(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const XAxis axis = options.x_axis;
  if (axis == XAxis::step || runs.empty()) return;
  if (!std::ranges::all_of(runs, [&](const DrawnRun& drawn) { return has_x_axis(*drawn.run, axis); })) return;
  std::vector<StepPlaces> places;
  for (const DrawnRun& drawn : runs) places.emplace_back(drawn.run, axis);
  // What is of no single run, as a difference of two, follows the first.
  const auto of_run = [&](const std::string& name) -> const StepPlaces& {
    const auto found = std::ranges::find_if(runs, [&](const DrawnRun& drawn) { return drawn.run->name == name; });
    return places[found == runs.end() ? 0 : static_cast<std::size_t>(found - runs.begin())];
  };
  const XAxisRow& row = x_axis_row(axis);
  for (Panel& panel : figure.panels) {
    if (!panel.x.course) continue;
    panel.x.title = options.say(row.title);
    panel.x.reading = options.say(row.reading);
    panel.x.key = row.name;
    panel.x.whole = axis == XAxis::tokens;
    for (Line& line : panel.lines) line.steps = line.x = of_run(line.run).of(line.steps);
    for (BandArea& band : panel.bands) band.steps = of_run(band.run).of(band.steps);
    for (Ticks& ticks : panel.ticks) ticks.steps = of_run(ticks.run).of(ticks.steps);
    for (EventMark& event : panel.events) event.step = of_run(event.run).at(event.step);
    if (!panel.strip) continue;
    for (StripRow& strip : panel.strip->rows) strip.steps = of_run(strip.run).of(strip.steps);
  }
  figure.x_column = row.name;
}

}  // namespace bandscope::viz
