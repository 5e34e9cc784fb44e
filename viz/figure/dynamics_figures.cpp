// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/dynamics_figures.h"

#include <QString>
#include <algorithm>
#include <map>
#include <utility>

#include "viz/figure/panel_parts.h"

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

}  // namespace

/// The paper's figure: bands above, likelihoods and margin below. A lone run has one band, over the whole width, and of
/// two runs that are no pair each has its own.
Figure dynamics_figure(const Runs& runs, const FigureOptions& options) {
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
Figure band_figure(const Runs& runs, const FigureOptions& options) {
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

Figure overlay_figure(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  figure.panels = {likelihood_panel(runs, options), margin_panel(runs, options)};
  place(figure.panels[1], 0, 1);
  return figure;
}

}  // namespace bandscope::viz
