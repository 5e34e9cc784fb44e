// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/figures.h"

#include <QString>
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/panels.h"
#include "viz/figure/paper_figures.h"
#include "viz/figure/pathway_codes.h"
#include "viz/figure/pathway_strip.h"
#include "viz/figure/run_figures.h"

namespace bandscope::viz {
namespace {

using Runs = std::vector<DrawnRun>;

/// The run of each half of the pair, if any, with its hue.
struct DrawnPair {
  DrawnRun without, with;
};

/// The first spec of which both runs are there, else what there is of the first.
DrawnPair first_pair(const Runs& drawn) {
  std::map<std::size_t, DrawnPair> pairs;
  for (const DrawnRun& run : drawn) (run.run->calibrated ? pairs[run.spec].with : pairs[run.spec].without) = run;
  const auto whole = std::find_if(pairs.begin(), pairs.end(),
                                  [](const auto& pair) { return pair.second.without.run && pair.second.with.run; });
  return whole != pairs.end() ? whole->second : pairs.empty() ? DrawnPair{} : pairs.begin()->second;
}

void place(Panel& panel, int row, int column, int span = 1) {
  panel.row = row;
  panel.column = column;
  panel.column_span = span;
}

/// Which run's band it is, and that other runs have theirs elsewhere, where there are more than a pair.
void say_which(Panel& panel, const Runs& runs, const FigureOptions& options) {
  if (runs.size() < 3 || panel.bands.empty()) return;
  panel.title += QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", " · %1, one of %2 runs")))
                     .arg(QString::fromStdString(panel.bands.front().run))
                     .arg(runs.size())
                     .toStdString();
}

/// The paper's figure: bands above, likelihoods and margin below. A lone run has one band, over the whole width, and of
/// two runs that are no pair each has its own.
Figure dynamics(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.rows = figure.columns = 2;
  const DrawnPair pair = first_pair(runs);
  const bool whole = pair.without.run && pair.with.run;
  if (runs.size() == 2 && !whole) {
    // Two runs of one kind, or of two specs: each has its own band, by its name.
    for (std::size_t i = 0; i < 2; ++i) {
      const bool with = runs[i].run->calibrated;
      figure.panels.push_back(band_panel(runs[i], with, options));
      figure.panels.back().title += " · " + runs[i].run->name;
      place(figure.panels.back(), 0, static_cast<int>(i));
    }
  } else if (runs.size() != 1) {
    figure.panels = {band_panel(pair.without, false, options), band_panel(pair.with, true, options)};
    place(figure.panels[1], 0, 1);
  } else {
    figure.panels = {band_panel(runs[0], runs[0].run->calibrated, options)};
    place(figure.panels[0], 0, 0, 2);
  }
  for (Panel& panel : figure.panels) say_which(panel, runs, options);
  figure.panels.push_back(likelihood_panel(runs, options));
  place(figure.panels.back(), 1, 0);
  figure.panels.push_back(margin_panel(runs, options));
  place(figure.panels.back(), 1, 1);
  return figure;
}

/// One band per run, those of a spec side by side: two in a row, four where there are many.
Figure bands(const Runs& runs, const FigureOptions& options) {
  constexpr std::size_t few = 4;
  Figure figure;
  Runs order = runs;
  std::stable_sort(order.begin(), order.end(), [](const DrawnRun& a, const DrawnRun& b) {
    return std::pair(a.spec, a.run->calibrated) < std::pair(b.spec, b.run->calibrated);
  });
  if (order.empty()) order.emplace_back();
  figure.columns = order.size() > few ? 4 : order.size() > 1 ? 2 : 1;
  bool calibrated = false;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool with = order[i].run && order[i].run->calibrated;
    Panel panel = band_panel(order[i], with, options);
    if (order[i].run && order.size() > 2) {
      panel.title = order[i].run->name + " · " +
                    options.say(with ? QT_TRANSLATE_NOOP("Figure", "w/ RC") : QT_TRANSLATE_NOOP("Figure", "w/o RC"));
    }
    if (order.size() > few) {
      panel.legend.clear();
      panel.y.title = "log r";
    }
    calibrated = calibrated || with;
    place(panel, static_cast<int>(i) / figure.columns, static_cast<int>(i) % figure.columns);
    figure.panels.push_back(std::move(panel));
  }
  if (order.size() > few) figure.marks = band_marks(calibrated, options);
  figure.rows = figure.panels.back().row + 1;
  return figure;
}

Figure overlay(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  figure.panels = {likelihood_panel(runs, options), margin_panel(runs, options)};
  place(figure.panels[1], 0, 1);
  return figure;
}

template <Panel (*panel)(const Runs&, const FigureOptions&)>
Figure single(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.panels = {panel(runs, options)};
  return figure;
}

struct Entry {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> parts;
  Figure (*make)(const Runs&, const FigureOptions&);
};

const std::vector<Entry>& table() {
  using enum Column;
  static const std::vector<Column> ratio = {log_r, log_r_applied, log_r_star, band_lower, band_upper};
  static const std::vector<Column> all_four = {z_w,           z_l,        margin,     log_r,
                                               log_r_applied, log_r_star, band_lower, band_upper};
  static const std::vector<std::string> four = {"band-without", "band-with", "likelihood", "margin"};
  static const std::vector<Entry> entries = {
      {"dynamics", all_four, four, dynamics},
      {"band", ratio, {"band-without", "band-with"}, bands},
      {"likelihood", {z_w, z_l}, {"likelihood"}, single<likelihood_panel>},
      {"margin", {margin}, {"margin"}, single<margin_panel>},
      {"pathway-plane", {z_w, z_l, z_w_ref, z_l_ref}, {"pathway-plane"}, single<plane_panel>},
      {"cosine", {rho}, {"cosine"}, single<cosine_panel>},
      {"incentives", {d_w, d_l}, {"incentives"}, single<incentives_panel>},
      {"scores", {score_norm_w, score_norm_l}, {"scores"}, single<scores_panel>},
      {"overlay", {z_w, z_l, margin}, {"likelihood", "margin"}, overlay},
      {"pathway-strip", pathway_columns(), {"pathway-strip"}, single<strip_panel>},
      {"calibration", {alpha, ema_log_r, ema_log_r_star}, {"alpha", "emas"}, calibration_figure},
      {"slack", {slack}, {"slack"}, slack_figure},
      {"predicted-margin",
       {z_w, z_l, z_w_ref, z_l_ref, margin, d_w, d_l, score_norm_w, score_norm_l, score_dot, alpha, learning_rate},
       {"predicted-margin"},
       predicted_margin_figure},
      {"training",
       {loss, accuracy, learning_rate, grad_norm, tokens, seconds, memory},
       {"loss", "accuracy", "learning-rate", "grad-norm", "speed", "memory"},
       training_figure},
      {"probe", {}, {"probe-likelihood", "probe-margin", "probe-accuracy"}, probe_figure},
      {"difference", {z_w, z_l, margin}, {"difference-likelihood", "difference-margin"}, difference_figure},
      {"figure2", {z_w, z_l, margin}, {"likelihood", "margin"}, figure2},
      {"figure3",
       {rho, z_w, z_l, log_r, log_r_applied, log_r_star, band_lower, band_upper},
       {"cosine", "likelihood", "band"},
       figure3},
      {"scope-comparison", ratio, {"output", "all", "both"}, scope_comparison},
      {"dynamics-grid", all_four, four, dynamics_grid},
  };
  return entries;
}

const Entry& entry(std::string_view name) {
  std::string known;
  for (const auto& candidate : table()) {
    if (candidate.name == name) return candidate;
    known += (known.empty() ? "" : ", ") + candidate.name;
  }
  throw SpecError(Message::tr("There is no figure \"%1\"; the figures are %2.", name, known));
}

/// Leaves the wanted panels only, closing up rows and columns.
void keep_parts(Figure& figure, const Entry& chosen, const std::vector<std::string>& parts) {
  if (parts.empty()) return;
  for (const auto& part : parts) {
    if (std::find(chosen.parts.begin(), chosen.parts.end(), part) != chosen.parts.end()) continue;
    std::string known;
    for (const auto& name : chosen.parts) known += (known.empty() ? "" : ", ") + name;
    throw SpecError(Message::tr("The figure %1 has no part \"%2\"; its parts are %3.", chosen.name, part, known));
  }
  std::erase_if(figure.panels,
                [&](const Panel& panel) { return std::find(parts.begin(), parts.end(), panel.part) == parts.end(); });
  std::set<int> rows;
  for (const Panel& panel : figure.panels) rows.insert(panel.row);
  int row = 0, columns = 1;
  for (const int old : rows) {
    int column = 0;
    for (Panel& panel : figure.panels) {
      if (panel.row != old) continue;
      panel.row = row;
      panel.column = column++;
      panel.column_span = 1;
    }
    ++row;
    columns = std::max(columns, column);
  }
  figure.rows = std::max(1, row);
  figure.columns = columns;
  std::vector<int> in_row(static_cast<std::size_t>(figure.rows), 0);
  for (const Panel& panel : figure.panels) ++in_row[static_cast<std::size_t>(panel.row)];
  for (Panel& panel : figure.panels) {
    if (in_row[static_cast<std::size_t>(panel.row)] == 1) panel.column_span = columns;
  }
}

/// Runs of one name, as two seeds in two folders may be, are told apart: their curves share a legend and a CSV.
std::vector<RunDataPtr> with_own_names(std::vector<RunDataPtr> runs) {
  std::set<std::string> names;
  for (auto& run : runs) {
    if (!run || names.insert(run->name).second) continue;
    auto renamed = std::make_shared<RunData>(*run);
    for (int count = 2; !names.insert(renamed->name = run->name + " (" + std::to_string(count) + ")").second;) ++count;
    run = std::move(renamed);
  }
  return runs;
}

}  // namespace

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& candidate : table()) out.push_back(candidate.name);
    return out;
  }();
  return names;
}

std::vector<Column> figure_columns(std::string_view name) { return entry(name).columns; }

const std::vector<std::string>& figure_parts(std::string_view name) { return entry(name).parts; }

Figure make_figure(std::string_view name, const std::vector<RunDataPtr>& runs, const FigureOptions& options) {
  const Entry& chosen = entry(name);
  const Runs drawn = color_runs(with_own_names(runs), options.theme);
  Figure figure = chosen.make(drawn, options);
  keep_parts(figure, chosen, options.parts);
  const int rows = figure.rows;
  if (options.strip) add_strips(figure, drawn, options);
  figure.name = chosen.name;
  figure.theme = options.theme;
  figure.font_pt = options.font_pt;
  figure.legend = options.legend;
  figure.width_mm = options.width_mm > 0 ? options.width_mm : figure.columns > 1 ? 171.5 : 84.0;
  // A golden-ratio panel reads well; a plane is nearly square, since its axes have one unit; small ones need height
  // for their labels.
  const double panel_width = figure.width_mm / figure.columns;
  const double aspect = name == "pathway-plane"   ? 0.85
                        : name == "pathway-strip" ? 0.36
                        : figure.columns > 3      ? 0.75
                        : figure.columns > 2      ? 0.68
                                                  : 0.58;
  const double line = 25.4 / 72 * figure.font_pt;
  // Titles, legends and labels of the steps take their lines in narrow figures, too.
  constexpr double kStripFrame = 9.5, kLeastPanel = 13, kStripRow = 1.25, kNarrow = 55;
  const auto strip_rows = [&] {
    const auto& strip = figure.panels.back().strip;
    return strip ? static_cast<double>(std::max<std::size_t>(2, strip->rows.size())) : 0;
  };
  const double least = name == "pathway-strip" ? kStripFrame + kStripRow * strip_rows() : kLeastPanel;
  figure.height_mm = options.height_mm > 0 ? options.height_mm : rows * std::max(panel_width * aspect, least * line);
  // Strips under other panels: a title, a line for each row, and one for what the title has no room for.
  if (figure.rows > rows && options.height_mm <= 0) {
    figure.height_mm += (1.8 + 1.2 * strip_rows() + (panel_width < kNarrow ? 1.35 : 0)) * line + 4;
  }
  figure.reveal_to = options.reveal_to;
  figure.more_text = options.say(QT_TRANSLATE_NOOP("Figure", "+ %1 more"));
  if (figure.runs.empty()) explain_runs(figure, drawn, options);
  if (std::any_of(figure.panels.begin(), figure.panels.end(), [](const Panel& panel) {
        return std::any_of(panel.lines.begin(), panel.lines.end(),
                           [](const Line& line) { return !line.smooth.empty(); });
      })) {
    explain_smoothing(figure.marks, options.smoothing, options.theme.text, drawn, options);
  }
  // Said once, the page keeping its shape.
  if (drawn.empty() && !figure.panels.empty()) {
    for (auto& panel : figure.panels) panel.empty_text = " ";
    figure.panels[0].empty_text =
        options.say(QT_TRANSLATE_NOOP("Figure", "No run is open. Open a run record to see it here."));
  }
  for (auto& panel : figure.panels) {
    if (panel.x.key == "step") panel.x.range = options.x_range;
    if (figure.panels.size() == 1) panel.y.range = options.y_range;
    if (const auto range = options.x_ranges.find(panel.x.key); range != options.x_ranges.end()) {
      panel.x.range = range->second;
    }
    if (const auto range = options.y_ranges.find(panel.y.key); range != options.y_ranges.end()) {
      panel.y.range = range->second;
    }
  }
  return figure;
}

}  // namespace bandscope::viz
