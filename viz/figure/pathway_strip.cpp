// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/pathway_strip.h"

#include <QString>
#include <algorithm>

#include "viz/figure/panel_parts.h"
#include "viz/figure/pathway_codes.h"

namespace bandscope::viz {
namespace {

constexpr std::size_t kMostRuns = 2;

}  // namespace

Panel strip_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel;
  panel.figure = panel.part = "pathway-strip";
  panel.title = options.say(QT_TRANSLATE_NOOP("Figure", "Pathways"));
  panel.x = {.title = options.say(QT_TRANSLATE_NOOP("Figure", "optimizer step")),
             .key = "step",
             .whole = true,
             .log = options.log_x,
             .course = true,
             .reading = options.say(QT_TRANSLATE_NOOP("Figure", "step %1"))};
  panel.y = {.title = "", .key = panel.figure};
  if (runs.size() > kMostRuns) {
    panel.title += QString::fromStdString(options.say(QT_TRANSLATE_NOOP("Figure", " · %1 and %2 of %3 runs")))
                       .arg(QString::fromStdString(runs[0].run->name), QString::fromStdString(runs[1].run->name))
                       .arg(runs.size())
                       .toStdString();
  }
  if (std::ranges::all_of(runs, [](const DrawnRun& drawn) { return drawn.run->same_pairs; }) && !runs.empty())
    panel.title += options.say(QT_TRANSLATE_NOOP("Figure", " · same pairs"));
  const Theme& theme = options.theme;
  Strip strip;
  // In the order of bandscope::Pathway, which is that of the codes.
  strip.kinds = {{{options.say(QT_TRANSLATE_NOOP("Figure", "(i) both rise")), theme.both_rise},
                  {options.say(QT_TRANSLATE_NOOP("Figure", "(ii) both fall")), theme.both_fall},
                  {options.say(QT_TRANSLATE_NOOP("Figure", "(iii) disentangled")), theme.disentangled},
                  {options.say(QT_TRANSLATE_NOOP("Figure", "reversed")), theme.muted}}};
  strip.agreement_text = options.say(QT_TRANSLATE_NOOP("Figure", "%1 agree in view, %2 of all"));
  strip.note =
      options.say(QT_TRANSLATE_NOOP("Figure", "predicted of this step, realised to the next: different pairs"));
  strip.short_note = options.say(QT_TRANSLATE_NOOP("Figure", "different pairs"));
  for (std::size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    const RunData& run = *runs[i].run;
    // Where predicted is of this step's pairs and realised of the change to the next step's, how often the two are the
    // same says nothing about the prediction.
    const Samples agreement = run.same_pairs ? agreement_codes(run) : Samples();
    strip.rows.push_back({run.name, "predicted_pathway", options.say(QT_TRANSLATE_NOOP("Figure", "predicted")),
                          run.steps, predicted_codes(run), agreement, runs[i].hue});
    strip.rows.push_back({run.name, "realised_pathway", options.say(QT_TRANSLATE_NOOP("Figure", "realised")), run.steps,
                          realised_codes(run), Samples(), runs[i].hue});
  }
  for (const StripKind& kind : strip.kinds) {
    panel.legend.push_back({kind.name, kind.color, LegendEntry::Kind::area});
  }
  panel.strip = std::move(strip);
  explain_if_empty(panel, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "No step has a pathway: it takes two steps and scores."));
  if (!panel.empty_text.empty()) panel.legend.clear();
  return panel;
}

void add_strips(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  if (runs.empty() || figure.panels.empty()) return;
  for (const Panel& panel : figure.panels) {
    if (!panel.x.course || panel.strip) return;
  }
  // Under the pair's two columns each run's strip stands below that run's band.
  const bool apart = figure.columns == 2 && runs.size() == 2 && !runs[0].run->calibrated && runs[1].run->calibrated;
  // Colours are named once, beside the runs.
  for (const LegendEntry& entry : strip_panel(runs, options).legend) figure.marks.push_back(entry);
  const int row = figure.rows++;
  for (std::size_t i = 0; i < (apart ? 2u : 1u); ++i) {
    Panel panel = strip_panel(apart ? std::vector<DrawnRun>{runs[i]} : runs, options);
    panel.legend.clear();
    panel.row = row;
    panel.column = static_cast<int>(i);
    panel.column_span = apart ? 1 : figure.columns;
    figure.panels.push_back(std::move(panel));
  }
}

}  // namespace bandscope::viz
