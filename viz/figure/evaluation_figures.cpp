// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/evaluation_figures.h"

#include <QString>
#include <algorithm>
#include <cmath>
#include <map>

#include "viz/figure/benchmark_table.h"
#include "viz/figure/benchmark_text.h"
#include "viz/figure/evaluation_words.h"
#include "viz/figure/panel_parts.h"

namespace bandscope::viz {
namespace {

using Runs = std::vector<DrawnRun>;

constexpr std::size_t kMostPanels = 6;

/// A number and its standard error, in per cent, over the steps of the evaluations.
struct Course {
  std::vector<double> steps, values, errors;
};

Course course_of(const RunData& run, const BenchmarkKey& key) {
  Course course;
  for (const EvaluationRow& row : run.evaluation) {
    if (row.task != key.task || row.metric != key.metric || row.filter != key.filter) continue;
    course.steps.push_back(static_cast<double>(row.step));
    course.values.push_back(100 * row.value);
    course.errors.push_back(100 * row.error);
  }
  return course;
}

/// The mean at the steps that all have; its error as of independent numbers.
Course mean_of(const RunData& run, const std::vector<BenchmarkKey>& keys) {
  std::map<double, std::pair<std::size_t, std::pair<double, double>>> sums;  // count, (sum, sum of squared errors)
  for (const BenchmarkKey& key : keys) {
    const Course course = course_of(run, key);
    for (std::size_t i = 0; i < course.steps.size(); ++i) {
      auto& [count, sum] = sums[course.steps[i]];
      ++count;
      sum.first += course.values[i];
      sum.second += course.errors[i] * course.errors[i];
    }
  }
  Course mean;
  const auto size = static_cast<double>(keys.size());
  for (const auto& [step, entry] : sums) {
    if (entry.first != keys.size()) continue;
    mean.steps.push_back(step);
    mean.values.push_back(entry.second.first / size);
    mean.errors.push_back(std::sqrt(entry.second.second) / size);
  }
  return mean;
}

void add_course(Panel& panel, const DrawnRun& drawn, const Course& course, const std::string& symbol,
                const std::string& column, double strength) {
  Line line;
  line.run = drawn.run->name;
  line.symbol = symbol;
  line.column = column;
  line.steps = line.x = Samples(course.steps);
  line.y = Samples(course.values);
  line.color = drawn.hue;
  line.dashed = drawn.dashed;
  line.dots = true;
  BandArea band{line.run, column + " - stderr",    column + " + stderr", line.steps, {},
                {},       at(drawn.hue, strength), at(drawn.hue, 0.0)};
  std::vector<double> lower, upper;
  for (std::size_t i = 0; i < course.steps.size(); ++i) {
    lower.push_back(course.values[i] - course.errors[i]);
    upper.push_back(course.values[i] + course.errors[i]);
  }
  band.lower = Samples(std::move(lower));
  band.upper = Samples(std::move(upper));
  panel.bands.push_back(std::move(band));
  panel.lines.push_back(std::move(line));
}

/// "exact_match — strict-match": what stands behind the dash is left out where there is no room for it.
std::string axis_metric(const BenchmarkEntry& entry) {
  return entry.metric() == entry.key.metric ? entry.key.metric : entry.key.metric + " — " + entry.key.filter;
}

Panel benchmark_panel(const std::string& title, const std::string& metric, const std::string& key,
                      const FigureOptions& options) {
  Panel panel = step_panel("evaluation", title, metric + " (%)", options);
  panel.part = "benchmarks";
  panel.y.key = "evaluation/" + key;
  panel.y.log = false;
  return panel;
}

/// Numbers that never change stand in the middle of a range that reads as such.
void fit_range(Panel& panel) {
  constexpr double kLeast = 10;
  double least = HUGE_VAL, greatest = -HUGE_VAL;
  for (const BandArea& band : panel.bands) {
    double low = 0, high = 0;
    for (const Samples* edge : {&band.lower, &band.upper}) {
      if (!edge->extremes(0, edge->size(), &low, &high)) continue;
      least = std::min(least, low);
      greatest = std::max(greatest, high);
    }
  }
  for (const Line& line : panel.lines) {
    double low = 0, high = 0;
    if (!line.y.extremes(0, line.y.size(), &low, &high)) continue;
    least = std::min(least, low);
    greatest = std::max(greatest, high);
  }
  if (!(greatest - least < 1)) return;
  const double from = std::clamp((least + greatest - kLeast) / 2, -1.0, 101 - kLeast);
  panel.y.range = {from, from + kLeast};
}

/// Without numbers none were taken, or none are wanted.
void explain(Panel& panel, const BenchmarkTable& table, const Runs& runs, const FigureOptions& options) {
  explain_if_empty(panel, runs, options, table.empty() ? kNoBenchmarks : kNoMatch);
  add_events(panel, runs, options);
}

void place_all(Figure& figure, const FigureOptions& options) {
  const int count = static_cast<int>(figure.panels.size());
  figure.columns = count <= 2 ? count : count <= 4 ? (count == 3 ? 3 : 2) : count <= 6 ? 3 : 4;
  constexpr double kNarrow = 110;  // millimetres in which three panels have no room for the labels of their axes
  if (options.width_mm > 0 && options.width_mm < kNarrow) figure.columns = std::min(figure.columns, 2);
  figure.rows = (count + figure.columns - 1) / figure.columns;
  for (int i = 0; i < count; ++i) {
    Panel& panel = figure.panels[static_cast<std::size_t>(i)];
    panel.row = i / figure.columns;
    panel.column = i % figure.columns;
  }
  // The likelihoods have what is left of the last row.
  figure.panels.back().column_span = figure.columns - figure.panels.back().column;
}

std::vector<RunDataPtr> data_of(const Runs& runs) {
  std::vector<RunDataPtr> data;
  for (const DrawnRun& drawn : runs) data.push_back(drawn.run);
  return data;
}

}  // namespace

Figure evaluation_figure(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  const BenchmarkTable table = benchmark_table(data_of(runs));
  const std::vector<std::size_t> columns = table.columns(options.tasks);
  // Many bands lie over each other.
  const double strength = runs.size() > 2 ? 0.06 : 0.14;
  const auto add = [&](Panel panel, const auto& course, const std::string& symbol, const std::string& column) {
    for (const DrawnRun& drawn : runs) add_course(panel, drawn, course(*drawn.run), symbol, column, strength);
    fit_range(panel);
    explain(panel, table, runs, options);
    figure.panels.push_back(std::move(panel));
  };
  std::vector<BenchmarkKey> keys;
  for (const std::size_t i : columns) keys.push_back(table.entries[i].key);
  if (columns.size() > 1) {
    Panel panel = benchmark_panel(options.say(QT_TRANSLATE_NOOP("Figure", "Average")),
                                  options.say(QT_TRANSLATE_NOOP("Figure", "mean")), "average", options);
    if (columns.size() > kMostPanels)
      panel.title_note = QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", "of %1 benchmarks")))
                             .arg(columns.size())
                             .toStdString();
    add(
        std::move(panel), [&](const RunData& run) { return mean_of(run, keys); }, "mean", "average");
  }
  for (std::size_t k = 0; k < std::min(columns.size(), columns.size() > kMostPanels ? kMostPanels - 1 : kMostPanels);
       ++k) {
    const BenchmarkEntry& entry = table.entries[columns[k]];
    add(
        benchmark_panel(entry.title, axis_metric(entry), entry.key.task, options),
        [&](const RunData& run) { return course_of(run, entry.key); }, entry.title,
        entry.key.task + "/" + entry.key.metric);
  }
  if (columns.empty()) {
    Panel panel = benchmark_panel(options.say(QT_TRANSLATE_NOOP("Figure", "Benchmarks")),
                                  options.say(QT_TRANSLATE_NOOP("Figure", "accuracy")), "", options);
    explain(panel, table, runs, options);
    figure.panels.push_back(std::move(panel));
  }
  if (!columns.empty())
    figure.marks = {{options.say(QT_TRANSLATE_NOOP("Figure", "± standard error")), at(options.theme.text, 0.2),
                     LegendEntry::Kind::area}};
  figure.panels.push_back(likelihood_panel(runs, options));
  place_all(figure, options);
  return figure;
}

Figure evaluation_table_figure(const Runs& runs, const FigureOptions& options) {
  const BenchmarkTable numbers = tested_table(data_of(runs));
  Figure figure;
  Panel panel;
  panel.figure = panel.part = "evaluation-table";
  panel.x.key = panel.y.key = "table";
  panel.table = paper_table(numbers, options);
  panel.table->csv = benchmarks_csv(numbers, options.tasks);
  panel.table->latex = benchmarks_latex(numbers, options.tasks);
  explain(panel, numbers, runs, options);
  panel.events.clear();
  if (panel.table->rows.empty()) panel.table.reset();
  figure.panels = {std::move(panel)};
  return figure;
}

}  // namespace bandscope::viz
