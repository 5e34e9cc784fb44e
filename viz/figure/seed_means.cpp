// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/seed_means.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>

#include "core/run/seed_family.h"
#include "viz/figure/nan.h"

namespace bandscope::viz {
namespace {

using Seeds = std::vector<RunDataPtr>;

std::vector<Seeds> families(const std::vector<RunDataPtr>& runs) {
  std::vector<Seeds> all;
  std::map<std::pair<std::string, bool>, std::size_t> known;
  for (const RunDataPtr& run : runs) {
    if (!run) continue;
    if (!run->pair_key.empty()) {
      const auto [at, fresh] = known.emplace(std::pair(seed_family(run->pair_key), run->calibrated), all.size());
      if (!fresh) {
        all[at->second].push_back(run);
        continue;
      }
    }
    all.push_back({run});
  }
  return all;
}

/// Mean and sample standard deviation of those that are numbers.
struct Moments {
  double mean = kNan, spread = kNan;
};
Moments moments(const std::vector<double>& values) {
  double sum = 0, squares = 0, count = 0;
  for (const double value : values)
    if (std::isfinite(value)) sum += value, ++count;
  if (count == 0) return {};
  const double mean = sum / count;
  for (const double value : values)
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  return {mean, count < 2 ? kNan : std::sqrt(squares / (count - 1))};
}

std::vector<double> common_steps(const Seeds& runs) {
  std::vector<double> steps(runs[0]->steps.values().begin(), runs[0]->steps.values().end());
  for (const RunDataPtr& run : runs) {
    const auto own = run->steps.values();
    std::vector<double> both;
    std::ranges::set_intersection(steps, own, std::back_inserter(both));
    steps = std::move(both);
  }
  return steps;
}

/// Of the evaluations that all have.
std::vector<EvaluationRow> mean_evaluation(const Seeds& runs) {
  std::map<std::tuple<std::int64_t, std::string, std::string, std::string>, std::vector<const EvaluationRow*>> rows;
  for (const RunDataPtr& run : runs)
    for (const EvaluationRow& row : run->evaluation) rows[{row.step, row.task, row.metric, row.filter}].push_back(&row);
  std::vector<EvaluationRow> out;
  for (const EvaluationRow& row : runs[0]->evaluation) {
    const auto& all = rows[{row.step, row.task, row.metric, row.filter}];
    if (all.size() != runs.size()) continue;
    EvaluationRow mean = row;
    double squares = 0;
    mean.value = 0;
    for (const EvaluationRow* one : all) {
      mean.value += one->value / static_cast<double>(all.size());
      squares += one->error * one->error;
    }
    mean.error = std::sqrt(squares) / static_cast<double>(all.size());
    out.push_back(mean);
  }
  return out;
}

/// At the steps that all have: the mean, and so many standard deviations more.
std::vector<ProbeRow> probe_about(const Seeds& runs, double deviations) {
  std::vector<ProbeRow> out;
  for (ProbeRow about : runs[0]->probe) {
    std::vector<const ProbeRow*> all;
    for (const RunDataPtr& run : runs)
      if (const auto at = std::ranges::find(run->probe, about.step, &ProbeRow::step); at != run->probe.end())
        all.push_back(&*at);
    if (all.size() != runs.size()) continue;
    for (double ProbeRow::*member : {&ProbeRow::z_w, &ProbeRow::z_l, &ProbeRow::margin, &ProbeRow::accuracy}) {
      std::vector<double> values;
      for (const ProbeRow* one : all) values.push_back(one->*member);
      const Moments of = moments(values);
      about.*member = deviations == 0 ? of.mean : of.mean + deviations * of.spread;
    }
    out.push_back(about);
  }
  return out;
}

SeedMean mean_of(const Seeds& runs) {
  if (runs.size() == 1) return {runs[0], nullptr, nullptr, 1};
  auto mean = std::make_shared<RunData>(*runs[0]);
  mean->name += " (n = " + std::to_string(runs.size()) + ")";
  mean->pair_key = seed_family(runs[0]->pair_key);
  mean->events.clear();
  mean->probe = probe_about(runs, 0);
  mean->evaluation = mean_evaluation(runs);
  mean->scores.reset();
  const std::vector<double> steps = common_steps(runs);
  std::vector<std::vector<std::size_t>> rows(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const double step : steps) rows[i].push_back(*runs[i]->row_of(step));
  mean->steps = Samples(steps);
  auto lower = std::make_shared<RunData>(*mean), upper = std::make_shared<RunData>(*mean);
  lower->probe = probe_about(runs, -1);
  upper->probe = probe_about(runs, 1);
  std::vector<double> values(runs.size());
  for (int c = 0; c < column_count; ++c) {
    const auto column = static_cast<Column>(c);
    if (!std::ranges::all_of(runs, [&](const RunDataPtr& run) { return run->has(column); })) continue;
    std::vector<Samples> own;
    for (const RunDataPtr& run : runs) own.push_back(run->column(column));
    std::vector<double> middle, low, high;
    for (auto* all : {&middle, &low, &high}) all->reserve(steps.size());
    for (std::size_t row = 0; row < steps.size(); ++row) {
      for (std::size_t i = 0; i < runs.size(); ++i)
        values[i] = rows[i][row] < own[i].size() ? own[i][rows[i][row]] : kNan;
      const Moments of = moments(values);
      middle.push_back(of.mean);
      low.push_back(of.mean - of.spread);
      high.push_back(of.mean + of.spread);
    }
    mean->set(column, Samples(std::move(middle)));
    lower->set(column, Samples(std::move(low)));
    upper->set(column, Samples(std::move(high)));
  }
  return {mean, lower, upper, runs.size()};
}

}  // namespace

std::vector<SeedMean> seed_means(const std::vector<RunDataPtr>& runs) {
  std::vector<SeedMean> means;
  for (const Seeds& seeds : families(runs)) means.push_back(mean_of(seeds));
  return means;
}

bool has_seeds(const std::vector<RunDataPtr>& runs) {
  return std::ranges::any_of(families(runs), [](const Seeds& seeds) { return seeds.size() > 1; });
}

void add_spreads(Figure& figure, const Figure& lower, const Figure& upper, const std::vector<SeedMean>& means,
                 const std::vector<DrawnRun>& drawn, const FigureOptions& options) {
  const double strength = drawn.size() > 2 ? 0.10 : 0.16;
  bool any = false;
  for (std::size_t p = 0; p < figure.panels.size(); ++p) {
    Panel& panel = figure.panels[p];
    if (p >= lower.panels.size() || p >= upper.panels.size()) break;
    const Panel &below = lower.panels[p], &above = upper.panels[p];
    if (below.lines.size() != panel.lines.size() || above.lines.size() != panel.lines.size()) continue;
    for (std::size_t i = 0; i < panel.lines.size(); ++i) {
      const Line &line = panel.lines[i], &low = below.lines[i], &high = above.lines[i];
      const auto run =
          std::ranges::find_if(drawn, [&](const DrawnRun& one) { return one.run->name == line.run; }) - drawn.begin();
      if (static_cast<std::size_t>(run) >= means.size() || means[static_cast<std::size_t>(run)].seeds < 2) continue;
      if (!line.by_step || low.y.size() != line.y.size() || high.y.size() != line.y.size()) continue;
      if (std::ranges::equal(low.y.values(), line.y.values())) continue;  // drawn with its own errors
      // Of what is computed from several columns the curves of their edges are not the edges of the curve.
      const bool of_one = std::ranges::find(column_names, line.column) != column_names.end();
      if (!of_one && !line.column.starts_with("probe_")) continue;
      const bool smooth = !line.smooth.empty();
      panel.bands.push_back({line.run, line.column + " - spread", line.column + " + spread", line.steps,
                             smooth ? low.smooth : low.y, smooth ? high.smooth : high.y, at(line.color, strength),
                             at(line.color, 0.0)});
      any = true;
    }
  }
  if (any)
    figure.marks.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "mean ± standard deviation over seeds")),
                            at(options.theme.text, 0.2), LegendEntry::Kind::area});
}

}  // namespace bandscope::viz
