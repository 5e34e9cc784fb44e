// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/panels.h"

#include <QtCore/qglobal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "viz/figure/derived.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/run_styles.h"

namespace bandscope::viz {

bool Panel::empty() const {
  double least, greatest;
  const auto any = [&](const Samples& samples) { return samples.extremes(0, samples.size(), &least, &greatest); };
  if (table) return table->rows.empty();
  return std::none_of(lines.begin(), lines.end(), [&](const Line& line) { return any(line.y); }) &&
         std::none_of(bands.begin(), bands.end(), [&](const BandArea& band) { return any(band.lower); }) &&
         !(strip &&
           std::any_of(strip->rows.begin(), strip->rows.end(), [&](const StripRow& run) { return any(run.codes); }));
}

std::vector<DrawnRun> color_runs(const std::vector<RunDataPtr>& runs, const Theme& theme) {
  std::vector<DrawnRun> drawn;
  std::vector<RunKind> kinds;
  for (const auto& run : runs) {
    if (!run) continue;
    drawn.push_back({run, {}});
    kinds.push_back({run->objective, run->pair_key, run->calibrated});
  }
  const auto looks = run_styles(kinds, theme);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    drawn[i].hue = looks[i].hue;
    drawn[i].dashed = looks[i].dashed;
    drawn[i].spec = looks[i].spec;
    drawn[i].group = looks[i].group;
  }
  return drawn;
}

Panel band_panel(const DrawnRun& shown, bool calibrated, const FigureOptions& options) {
  DrawnRun drawn = shown;
  drawn.dashed = false;  // the panel is of one run, and says which
  Panel panel = step_panel(
      "band",
      options.say(calibrated ? QT_TRANSLATE_NOOP("Figure", "Band w/ RC") : QT_TRANSLATE_NOOP("Figure", "Band w/o RC")),
      options.say(QT_TRANSLATE_NOOP("Figure", "log r — log incentive ratio")), options);
  panel.part = calibrated ? "band-with" : "band-without";
  panel.y.log = false;
  panel.zero_line = true;
  if (!drawn.run) {
    panel.empty_text = options.say(
        calibrated
            ? QT_TRANSLATE_NOOP("Figure", "No run with reward calibration is open. Open or start the same spec w/ RC.")
            : QT_TRANSLATE_NOOP("Figure",
                                "No run without reward calibration is open. Open or start the same spec w/o RC."));
    return panel;
  }
  const RunData& run = *drawn.run;
  const Theme& theme = options.theme;
  BandArea band{run.name,
                "band_lower",
                "band_upper",
                run.steps,
                run.column(Column::band_lower),
                run.column(Column::band_upper),
                at(drawn.hue, 0.18),
                at(drawn.hue, 0.45)};
  // With smoothing the band of the means stands before the raw one, as every mean before its raw curve.
  if (options.smoothing.active()) {
    BandArea raw = band;
    raw.fill = at(drawn.hue, 0.06);
    raw.edge = at(drawn.hue, 0.11);
    panel.bands.push_back(raw);
    band.lower = smoothed(band.lower, options.smoothing);
    band.upper = smoothed(band.upper, options.smoothing);
    band.lower_column += " (smoothed)";
    band.upper_column += " (smoothed)";
  }
  panel.bands.push_back(band);

  Line centre = step_line({drawn.run, theme.centre}, Column::log_r_star, "log r*", 1.0, options);
  centre.width = 1.0;
  panel.lines.push_back(centre);
  const bool differ = ratio_changed(run);
  if (differ) {
    Line line = step_line(drawn, Column::log_r, "log r", options.theme.rejected, options);
    line.width = 1.0;
    panel.lines.push_back(line);
  }
  panel.lines.push_back(step_line(drawn, Column::log_r_applied, differ ? "log α²r" : "log r", 1.0, options));
  panel.ticks.push_back({run.name, "outside_band", outside_band(run), drawn.hue});

  panel.legend = {{differ ? "log α²r" : "log r", drawn.hue}};
  if (differ) panel.legend.push_back({"log r", at(drawn.hue, options.theme.rejected), LegendEntry::Kind::line, 1.0});
  panel.legend.push_back({"log r*", theme.centre, LegendEntry::Kind::line, 1.0});
  panel.legend.push_back(
      {options.say(QT_TRANSLATE_NOOP("Figure", "band")), at(drawn.hue, 0.30), LegendEntry::Kind::area});
  panel.legend.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "outside")), drawn.hue, LegendEntry::Kind::tick});
  explain_if_empty(panel, {drawn}, options,
                   QT_TRANSLATE_NOOP("Figure", "The ratio r and the band are undefined at every step of this run."));
  add_events(panel, {drawn}, options);
  return panel;
}

Panel likelihood_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel = step_panel("likelihood", options.say(QT_TRANSLATE_NOOP("Figure", "Log-likelihood z_w, z_l")),
                           likelihood_title(runs, options), options);
  panel.y.log = false;
  return pair_panel(std::move(panel), runs, Column::z_w, Column::z_l, "z",
                    QT_TRANSLATE_NOOP("Figure", "The likelihoods z_w and z_l are not in this record."), options);
}

Panel margin_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel = step_panel("margin", options.say(QT_TRANSLATE_NOOP("Figure", "Margin z_w − z_l")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "m — preference margin (nats)")), options);
  panel.y.log = false;
  panel.zero_line = true;
  for (const auto& drawn : runs) panel.lines.push_back(step_line(drawn, Column::margin, "m", 1.0, options));
  explain_if_empty(panel, runs, options, QT_TRANSLATE_NOOP("Figure", "The margin is not in this record."));
  add_events(panel, runs, options);
  return panel;
}

Panel plane_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel;
  panel.figure = panel.part = "pathway-plane";
  panel.off_scale_text = options.say(QT_TRANSLATE_NOOP("Figure", "%1 off scale"));
  panel.title = options.say(QT_TRANSLATE_NOOP("Figure", "Pathway plane"));
  // Against the reference on the same rows, a step shows training alone; against the first step also which rows it
  // happened to have. The reference must be there for all runs, since they share the axes.
  double least, greatest;
  const bool reference = !runs.empty() && std::all_of(runs.begin(), runs.end(), [&](const DrawnRun& drawn) {
    const Samples z = drawn.run->column(Column::z_w_ref), l = drawn.run->column(Column::z_l_ref);
    return z.extremes(0, z.size(), &least, &greatest) && l.extremes(0, l.size(), &least, &greatest);
  });
  panel.x = {
      .title = options.say(reference ? QT_TRANSLATE_NOOP("Figure", "Δz_l — rejected, against the reference (nats)")
                                     : QT_TRANSLATE_NOOP("Figure", "Δz_l — rejected, since the first step (nats)")),
      .key = "delta_z_l"};
  panel.y = {
      .title = options.say(reference ? QT_TRANSLATE_NOOP("Figure", "Δz_w — chosen, against the reference (nats)")
                                     : QT_TRANSLATE_NOOP("Figure", "Δz_w — chosen, since the first step (nats)")),
      .key = "delta_z_w"};
  // Steps on different rows scatter so much that only a smoothed path shows where a run goes.
  const Smoothing smoothing = options.smoothing.active() ? options.smoothing : Smoothing{Smoothing::Kind::ema, 0.9};
  for (const auto& drawn : runs) {
    const RunData& run = *drawn.run;
    Line line;
    line.run = run.name;
    line.symbol = "Δz_w";
    line.x_column = "delta_z_l";
    line.column = "delta_z_w";
    line.steps = run.steps;
    const auto change = [&](Column of, Column from) {
      return reference ? differences(run.column(of), run.column(from)) : changes(run.column(of));
    };
    line.x = change(Column::z_l, Column::z_l_ref);
    line.y = change(Column::z_w, Column::z_w_ref);
    line.smooth_x = smoothed(line.x, smoothing);
    line.smooth = smoothed(line.y, smoothing);
    line.color = drawn.hue;
    line.dashed = drawn.dashed;
    line.by_step = false;
    panel.lines.push_back(line);
  }
  if (!options.smoothing.active()) {
    explain_smoothing(panel.legend, smoothing, runs.size() == 1 ? runs[0].hue : options.theme.text, runs, options);
  }
  panel.quadrants = {{options.say(QT_TRANSLATE_NOOP("Figure", "(i) both rise")), options.theme.both_rise, 0},
                     {options.say(QT_TRANSLATE_NOOP("Figure", "(ii) both fall")), options.theme.both_fall, 1},
                     {options.say(QT_TRANSLATE_NOOP("Figure", "(iii) disentangled")), options.theme.disentangled, 2}};
  explain_if_empty(panel, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "The likelihoods z_w and z_l are not in this record."));
  if (!panel.empty_text.empty()) {
    panel.quadrants.clear();
    panel.legend.clear();
  }
  return panel;
}

Panel cosine_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel = step_panel("cosine", options.say(QT_TRANSLATE_NOOP("Figure", "Cosine of the scores")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "ρ — cosine of s_w and s_l")), options);
  panel.y.log = false;
  panel.zero_line = true;
  for (const auto& drawn : runs) panel.lines.push_back(step_line(drawn, Column::rho, "ρ", 1.0, options));
  explain_if_empty(panel, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "The cosine ρ is undefined at every step of this run."));
  add_events(panel, runs, options);
  return panel;
}

Panel incentives_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  return pair_panel(step_panel("incentives", options.say(QT_TRANSLATE_NOOP("Figure", "Incentives d_w, d_l")),
                               options.say(QT_TRANSLATE_NOOP("Figure", "d — incentive")), options),
                    runs, Column::d_w, Column::d_l, "d",
                    QT_TRANSLATE_NOOP("Figure", "The incentives d_w and d_l are not in this record."), options);
}

Panel scores_panel(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel = step_panel("scores", options.say(QT_TRANSLATE_NOOP("Figure", "Score norms ‖s_w‖, ‖s_l‖")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "‖s‖ — norm of the score")), options);
  for (const auto& drawn : runs) {
    panel.lines.push_back(step_line(drawn, Column::score_norm_l, "‖s_l‖", options.theme.rejected, options));
    panel.lines.push_back(step_line(drawn, Column::score_norm_w, "‖s_w‖", 1.0, options));
  }
  explain_strengths(panel, runs, options, "‖s_w‖", "‖s_l‖");
  explain_if_empty(panel, runs, options, QT_TRANSLATE_NOOP("Figure", "The score norms are not in this record."));
  add_events(panel, runs, options);
  return panel;
}

}  // namespace bandscope::viz
