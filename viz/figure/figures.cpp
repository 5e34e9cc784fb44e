// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/figures.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "viz/data/run_names.h"
#include "viz/figure/figure_table.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/panels.h"
#include "viz/figure/pathway_strip.h"
#include "viz/figure/seed_means.h"
#include "viz/figure/x_axis.h"

namespace bandscope::viz {
namespace {

/// Leaves the wanted panels only, closing up rows and columns.
void keep_parts(Figure& figure, const FigureRow& chosen, const std::vector<std::string>& parts) {
  if (parts.empty()) return;
  for (const auto& part : parts) {
    if (std::ranges::find(chosen.parts, part, &FigurePart::name) != chosen.parts.end()) continue;
    std::string known;
    for (const auto& own : chosen.parts) known += (known.empty() ? "" : ", ") + own.name;
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

}  // namespace

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& candidate : figure_table()) out.push_back(candidate.name);
    return out;
  }();
  return names;
}

std::vector<Column> figure_columns(std::string_view name) { return figure_row(name).columns; }

KeptScores figure_scores(std::string_view name) { return figure_row(name).scores; }

const std::vector<FigurePart>& figure_parts(std::string_view name) { return figure_row(name).parts; }

bool has_part(std::string_view figure, std::string_view part) {
  return std::ranges::find(figure_parts(figure), part, &FigurePart::name) != figure_parts(figure).end();
}

std::vector<std::string> tab_figures(FigureTab tab) {
  std::vector<std::string> names;
  for (const auto& row : figure_table()) {
    if (std::ranges::find(row.tabs, tab) != row.tabs.end()) names.push_back(row.name);
  }
  return names;
}

const char* figure_title(std::string_view name) { return figure_row(name).title; }

const char* long_figure_title(std::string_view name) {
  const FigureRow& row = figure_row(name);
  return row.long_title ? row.long_title : row.title;
}

Figure make_figure(std::string_view name, const std::vector<RunDataPtr>& runs, const FigureOptions& options) {
  const FigureRow& chosen = figure_row(name);
  std::vector<RunDataPtr> shown = with_own_names(runs);
  std::vector<SeedMean> means;
  if (options.seed_means && !chosen.name.ends_with("-table") && has_seeds(shown)) {  // tables have spreads
    std::erase(shown, nullptr);
    means = seed_means(shown);
    shown.clear();
    for (const SeedMean& mean : means) shown.push_back(mean.mean);
  }
  const std::vector<DrawnRun> drawn = color_runs(shown, options.theme);
  Figure figure = chosen.make(drawn, options);
  if (!means.empty()) {
    std::vector<DrawnRun> lower = drawn, upper = drawn;
    for (std::size_t i = 0; i < means.size(); ++i) {
      if (means[i].lower) lower[i].run = means[i].lower;
      if (means[i].upper) upper[i].run = means[i].upper;
    }
    add_spreads(figure, chosen.make(lower, options), chosen.make(upper, options), means, drawn, options);
  }
  keep_parts(figure, chosen, options.parts);
  const int rows = figure.rows;
  if (options.strip) add_strips(figure, drawn, options);
  set_x_axis(figure, drawn, options);
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
  const auto& table = figure.panels.front().table;
  if (table && options.width_mm <= 0 && table->head.size() > 5) figure.width_mm = 171.5;
  const double least = name == "pathway-strip" ? kStripFrame + kStripRow * strip_rows() : kLeastPanel;
  figure.height_mm = options.height_mm > 0 ? options.height_mm : rows * std::max(panel_width * aspect, least * line);
  if (table && options.height_mm <= 0) figure.height_mm = std::max(15.0, table->lines() * line + 4);
  // Strips under other panels: a title, a line for each row, and one for what the title has no room for.
  if (figure.rows > rows && options.height_mm <= 0) {
    figure.height_mm += (1.8 + 1.2 * strip_rows() + (panel_width < kNarrow ? 1.35 : 0)) * line + 4;
  }
  figure.reveal_to = options.reveal_to;
  figure.more_text = options.say(QT_TRANSLATE_NOOP("Figure", "+ %1 more"));
  // A table names its runs in its head.
  if (figure.runs.empty() && !figure.panels.front().table) explain_runs(figure, drawn, options);
  if (std::any_of(figure.panels.begin(), figure.panels.end(), [](const Panel& panel) {
        return std::any_of(panel.lines.begin(), panel.lines.end(), [](const Line& one) { return !one.smooth.empty(); });
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
