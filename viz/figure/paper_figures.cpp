// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/paper_figures.h"

#include <QtCore/qglobal.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "viz/figure/panel_parts.h"

namespace bandscope::viz {
namespace {

using Runs = std::vector<DrawnRun>;

void place(Panel& panel, std::size_t row, std::size_t column) {
  panel.row = static_cast<int>(row);
  panel.column = static_cast<int>(column);
}

std::string letter(std::size_t index) { return std::string("(") + static_cast<char>('a' + index % 26) + ") "; }

/// "DPO", "DPO w/ RC"; the run's name too where that does not tell the runs apart.
std::vector<std::string> run_labels(const Runs& runs) {
  std::vector<std::string> labels;
  for (const auto& drawn : runs) {
    labels.push_back(objective_label(*drawn.run) + (drawn.run->calibrated ? " w/ RC" : ""));
  }
  const auto plain = labels;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (std::count(plain.begin(), plain.end(), plain[i]) > 1) labels[i] += " · " + runs[i].run->name;
  }
  return labels;
}

/// Of each pair its objective, or the name of its first run where several pairs have that objective.
std::vector<std::string> row_labels(const std::vector<RunPair>& pairs) {
  const auto any = [](const RunPair& pair) { return pair.without ? pair.without : pair.with; };
  std::vector<std::string> labels;
  for (const RunPair& pair : pairs) labels.push_back(any(pair) ? objective_label(*any(pair)) : "");
  const auto plain = labels;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (any(pairs[i]) && std::count(plain.begin(), plain.end(), plain[i]) > 1) labels[i] = any(pairs[i])->name;
  }
  return labels;
}

void name_by_objective(Figure& figure, const Runs& runs) {
  const auto labels = run_labels(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) figure.runs.push_back(run_entry(labels[i], runs[i]));
}

struct ScopePair {
  std::string label;
  DrawnRun output, all;
};

/// Runs of one objective and calibration, whatever else differs, in order of appearance.
std::vector<ScopePair> scope_pairs(const Runs& runs) {
  std::vector<ScopePair> pairs;
  for (const auto& drawn : runs) {
    const std::string label = objective_label(*drawn.run) + (drawn.run->calibrated ? " w/ RC" : "");
    const bool all = drawn.run->scope == "all";
    const auto open = std::find_if(pairs.begin(), pairs.end(), [&](const ScopePair& pair) {
      return pair.label == label && !(all ? pair.all : pair.output).run;
    });
    ScopePair& pair = open == pairs.end() ? pairs.emplace_back(ScopePair{label, {}, {}}) : *open;
    (all ? pair.all : pair.output) = drawn;
  }
  return pairs;
}

/// The second run's band and centre in front of the first's.
Panel both_scopes(const ScopePair& pair, Panel first, const Panel& second, const FigureOptions& options) {
  first.ticks.clear();
  first.legend.clear();
  std::erase_if(first.lines, [](const Line& line) { return line.symbol != "log r*"; });
  first.bands.insert(first.bands.end(), second.bands.begin(), second.bands.end());
  for (const Line& line : second.lines) {
    if (line.symbol == "log r*") first.lines.push_back(line);
  }
  // Each centre in its run's hue: there are two.
  for (Line& line : first.lines) line.color = line.run == pair.all.run->name ? pair.all.hue : pair.output.hue;
  first.legend.push_back(
      {options.say(QT_TRANSLATE_NOOP("Figure", "output")), at(pair.output.hue, 0.45), LegendEntry::Kind::area});
  first.legend.push_back(
      {options.say(QT_TRANSLATE_NOOP("Figure", "all")), at(pair.all.hue, 0.45), LegendEntry::Kind::area});
  return first;
}

/// The marks of a band panel and a likelihood panel, explained once for a grid of small panels.
std::vector<LegendEntry> grid_marks(bool calibrated, const FigureOptions& options) {
  const QColor ink = options.theme.text;
  auto marks = band_marks(calibrated, options);
  marks.push_back({"z_w", ink});
  marks.push_back({"z_l", at(ink, 0.55)});
  return marks;
}

}  // namespace

std::string objective_label(const RunData& run) {
  static const std::pair<const char*, const char*> mixed[] = {{"simpo", "SimPO"}, {"slic-hf", "SLiC-HF"}};
  for (const auto& [name, label] : mixed) {
    if (run.objective == name) return label;
  }
  std::string label = run.objective.empty() ? run.name : run.objective;
  if (!run.objective.empty()) {
    std::transform(label.begin(), label.end(), label.begin(), [](unsigned char c) { return std::toupper(c); });
  }
  return label;
}

Figure figure2(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  figure.panels = {likelihood_panel(runs, options), margin_panel(runs, options)};
  for (std::size_t i = 0; i < 2; ++i) {
    figure.panels[i].title = letter(i) + figure.panels[i].title;
    place(figure.panels[i], 0, i);
  }
  name_by_objective(figure, runs);
  return figure;
}

Figure figure3(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  figure.panels = {cosine_panel(runs, options), likelihood_panel(runs, options)};
  const auto labels = run_labels(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Panel panel = band_panel(runs[i], runs[i].run->calibrated, options);
    panel.title = options.say(QT_TRANSLATE_NOOP("Figure", "Band")) + " · " + labels[i];
    panel.part = "band";
    figure.panels.push_back(std::move(panel));
  }
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    figure.panels[i].title = letter(i) + figure.panels[i].title;
    place(figure.panels[i], i / 2, i % 2);
  }
  figure.rows = figure.panels.back().row + 1;
  name_by_objective(figure, runs);
  return figure;
}

Figure scope_comparison(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 3;
  auto pairs = scope_pairs(runs);
  if (pairs.empty()) pairs.emplace_back();
  // The two hues mean the same in every row.
  const QColor output = options.theme.further[0], all = options.theme.further[1];
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    ScopePair& pair = pairs[row];
    pair.output.hue = output;
    pair.all.hue = all;
    Panel panels[3] = {band_panel(pair.output, pair.output.run && pair.output.run->calibrated, options),
                       band_panel(pair.all, pair.all.run && pair.all.run->calibrated, options),
                       {}};
    if (pair.output.run && pair.all.run) {
      panels[2] = both_scopes(pair, panels[0], panels[1], options);
    } else {
      panels[2] = panels[pair.output.run ? 1 : 0];  // says what is missing
    }
    const std::string start = pair.label.empty() ? "" : pair.label + " · ";
    panels[0].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "output scope"));
    panels[1].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "all parameters"));
    panels[2].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "both"));
    static constexpr const char* kParts[] = {"output", "all", "both"};
    for (std::size_t column = 0; column < 3; ++column) {
      Panel& panel = panels[column];
      if (column < 2 && !(column ? pair.all : pair.output).run) {
        panel.empty_text = options.say(
            column ? QT_TRANSLATE_NOOP("Figure", "No run of this objective has the scores of all parameters.")
                   : QT_TRANSLATE_NOOP("Figure", "No run of this objective has the scores of the output scope."));
      }
      if (column == 2 && !(pair.output.run && pair.all.run)) {
        panel.empty_text = options.say(QT_TRANSLATE_NOOP("Figure", "Needs a run of each scope."));
      }
      panel.part = kParts[column];
      panel.y.key = "band:" + std::to_string(row + 1);  // one range per objective
      panel.events.clear();
      place(panel, row, column);
      figure.panels.push_back(std::move(panel));
    }
  }
  figure.rows = static_cast<int>(pairs.size());
  figure.runs = {{options.say(QT_TRANSLATE_NOOP("Figure", "output scope")), output, LegendEntry::Kind::square},
                 {options.say(QT_TRANSLATE_NOOP("Figure", "all parameters")), all, LegendEntry::Kind::square}};
  return figure;
}

Figure dynamics_grid(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 4;
  std::vector<RunDataPtr> plain;
  for (const auto& drawn : runs) plain.push_back(drawn.run);
  auto pairs = pair_runs(plain);
  if (pairs.empty()) pairs.emplace_back();
  const auto labels = row_labels(pairs);
  bool any[2] = {false, false};
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    // The two hues mean the same in every row: without and with reward calibration.
    const DrawnRun without{pairs[row].without, options.theme.without_rc};
    const DrawnRun with{pairs[row].with, options.theme.with_rc};
    Runs both;
    if (without.run) both.push_back(without), any[0] = true;
    if (with.run) both.push_back(with), any[1] = true;
    Panel panels[4] = {band_panel(without, false, options), band_panel(with, true, options),
                       likelihood_panel(both, options), margin_panel(both, options)};
    const std::string start = labels[row].empty() ? "" : labels[row] + " · ";
    panels[0].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "w/o RC"));
    panels[1].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "w/ RC"));
    panels[2].title = start + "z_w, z_l";
    panels[3].title = start + options.say(QT_TRANSLATE_NOOP("Figure", "margin"));
    const std::string titles[4] = {"log r", "log r", options.say(QT_TRANSLATE_NOOP("Figure", "z (nats)")),
                                   options.say(QT_TRANSLATE_NOOP("Figure", "m (nats)"))};
    for (std::size_t column = 0; column < 4; ++column) {
      Panel& panel = panels[column];
      panel.y.title = titles[column];
      panel.y.key = panel.figure + ":" + std::to_string(row + 1);
      panel.legend.clear();
      panel.events.clear();
      place(panel, row, column);
    }
    if (!without.run) panels[0].empty_text = options.say(QT_TRANSLATE_NOOP("Figure", "No run w/o RC."));
    if (!with.run) panels[1].empty_text = options.say(QT_TRANSLATE_NOOP("Figure", "No run w/ RC."));
    for (Panel& panel : panels) figure.panels.push_back(std::move(panel));
  }
  figure.rows = static_cast<int>(pairs.size());
  using enum LegendEntry::Kind;
  if (any[0])
    figure.runs.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "w/o RC")), options.theme.without_rc, square});
  if (any[1]) figure.runs.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "w/ RC")), options.theme.with_rc, square});
  if (!runs.empty()) figure.marks = grid_marks(any[1], options);
  return figure;
}

}  // namespace bandscope::viz
