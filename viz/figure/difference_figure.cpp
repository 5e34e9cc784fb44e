// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtCore/qglobal.h>

#include <QString>
#include <utility>

#include "viz/figure/panel_parts.h"
#include "viz/figure/run_figures.h"
#include "viz/figure/ticks.h"

namespace bandscope::viz {
namespace {

/// Rows of both runs that record the same step.
struct Matched {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;
  std::size_t only_first = 0, only_second = 0;
};

Matched match(const RunData& first, const RunData& second) {
  Matched out;
  std::size_t a = 0, b = 0;
  while (a < first.steps.size() && b < second.steps.size()) {
    const double left = first.steps[a], right = second.steps[b];
    if (left == right) {
      out.rows.emplace_back(static_cast<std::uint32_t>(a++), static_cast<std::uint32_t>(b++));
    } else if (left < right) {
      ++a, ++out.only_first;
    } else {
      ++b, ++out.only_second;
    }
  }
  out.only_first += first.steps.size() - a;
  out.only_second += second.steps.size() - b;
  return out;
}

Line difference_line(const DrawnRun& first, const DrawnRun& second, const Matched& matched, const Samples& steps,
                     Column column, std::string symbol, double strength, const FigureOptions& options) {
  const Samples from = first.run->column(column), to = second.run->column(column);
  std::vector<double> values;
  values.reserve(matched.rows.size());
  for (const auto& [a, b] : matched.rows) {
    if (a >= from.size() || b >= to.size()) break;
    values.push_back(to[b] - from[a]);
  }
  Line line;
  line.run = second.run->name + " − " + first.run->name;
  line.symbol = "Δ" + std::move(symbol);
  line.column = "difference_" + std::string(column_names[static_cast<std::size_t>(column)]);
  line.steps = line.x = steps;
  if (options.smoothing.active()) line.smooth = Samples(smooth(values, options.smoothing));
  line.y = Samples(std::move(values));
  line.color = at(second.hue, strength);
  return line;
}

}  // namespace

Figure difference_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  Panel likelihood =
      step_panel("difference", options.say(QT_TRANSLATE_NOOP("Figure", "Difference of z_w, z_l")),
                 options.say(QT_TRANSLATE_NOOP("Figure", "Δz — second run minus first (nats)")), options);
  Panel margin = step_panel("difference", options.say(QT_TRANSLATE_NOOP("Figure", "Difference of the margin")),
                            options.say(QT_TRANSLATE_NOOP("Figure", "Δm — second run minus first (nats)")), options);
  likelihood.part = likelihood.y.key = "difference-likelihood";
  margin.part = margin.y.key = "difference-margin";
  margin.column = 1;
  for (Panel* panel : {&likelihood, &margin}) {
    panel->y.log = false;
    panel->zero_line = true;
  }
  if (runs.size() == 2) {
    const DrawnRun &first = runs[0], &second = runs[1];
    const Matched matched = match(*first.run, *second.run);
    std::vector<double> numbers;
    numbers.reserve(matched.rows.size());
    for (const auto& [a, b] : matched.rows) numbers.push_back(first.run->steps[a]);
    const Samples steps(std::move(numbers));
    const auto line = [&](Column column, const char* symbol, double strength) {
      return difference_line(first, second, matched, steps, column, symbol, strength, options);
    };
    likelihood.lines = {line(Column::z_l, "z_l", options.theme.rejected), line(Column::z_w, "z_w", 1.0)};
    margin.lines = {line(Column::margin, "m", 1.0)};
    likelihood.legend = {{"Δz_w", second.hue}, {"Δz_l", at(second.hue, options.theme.rejected)}};
    const auto number = [](std::size_t n) { return QString::fromStdString(format_count(n)); };
    QString said = QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", "%1 common steps")))
                       .arg(number(matched.rows.size()));
    if (const std::size_t alone = matched.only_first + matched.only_second; alone > 0) {
      said +=
          QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", ", %1 without a match"))).arg(number(alone));
    }
    for (Panel* panel : {&likelihood, &margin}) panel->title_note = said.toStdString();
    if (matched.rows.empty() && !first.run->steps.empty() && !second.run->steps.empty()) {
      for (Panel* panel : {&likelihood, &margin}) {
        panel->empty_text = options.say(QT_TRANSLATE_NOOP("Figure", "The two runs have no step in common."));
      }
    }
    add_events(likelihood, runs, options);
    add_events(margin, runs, options);
  } else {
    likelihood.empty_text = margin.empty_text =
        options.say(QT_TRANSLATE_NOOP("Figure", "Select two runs to see how they differ."));
  }
  for (Panel* panel : {&likelihood, &margin}) {
    if (panel->empty_text.empty()) {
      explain_if_empty(*panel, runs, options,
                       QT_TRANSLATE_NOOP("Figure", "The likelihoods z_w and z_l are not in this record."));
    }
  }
  figure.panels = {std::move(likelihood), std::move(margin)};
  return figure;
}

}  // namespace bandscope::viz
