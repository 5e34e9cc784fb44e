// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtCore/qglobal.h>

#include <QString>
#include <algorithm>
#include <cmath>

#include "core/band/band.h"
#include "viz/figure/derived.h"
#include "viz/figure/nan.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/run_figures.h"

namespace bandscope::viz {
namespace {

constexpr int kMarginChange = 20, kMarginPredicted = 21, kMarginMoved = 22;  // kinds of Samples::derive

double value(const Samples& samples, std::size_t row) { return row < samples.size() ? samples[row] : kNan; }

/// (z_w − z_w_ref) − (z_l − z_l_ref), from its first defined value on: the level of each step's pairs cancels.
Samples margin_change(const RunData& run) {
  const Samples z_w = run.column(Column::z_w);
  return z_w.derive(kMarginChange, columns_there(run, {Column::z_l, Column::z_w_ref, Column::z_l_ref}), [&] {
    const Samples z_l = run.column(Column::z_l), z_w_ref = run.column(Column::z_w_ref),
                  z_l_ref = run.column(Column::z_l_ref);
    std::vector<double> out(z_w.size());
    double origin = kNan;
    for (std::size_t row = 0; row < out.size(); ++row) {
      const double w = value(z_w_ref, row), l = value(z_l_ref, row);
      out[row] = z_w[row] - value(z_l, row) - ((std::isfinite(w) ? w : 0) - (std::isfinite(l) ? l : 0));
      if (std::isnan(origin)) origin = out[row];
      out[row] -= origin;
    }
    return out;
  });
}

/// Sum, before each step, of what the updates did to the margin of their own pairs: what Corollary 3.2 is about. An
/// update whose pairs were not looked at afterwards adds nothing.
Samples margin_moved(const RunData& run) {
  const Samples z_w = run.column(Column::z_w);
  return z_w.derive(kMarginMoved, columns_there(run, {Column::z_l, Column::z_w_after, Column::z_l_after}), [&] {
    const Samples z_l = run.column(Column::z_l), w_after = run.column(Column::z_w_after),
                  l_after = run.column(Column::z_l_after);
    std::vector<double> out(z_w.size());
    double sum = 0;
    for (std::size_t row = 0; row < out.size(); ++row) {
      out[row] = sum;
      const double moved = (value(w_after, row) - z_w[row]) - (value(l_after, row) - value(z_l, row));
      if (std::isfinite(moved)) sum += moved;
    }
    return out;
  });
}

/// Σ η ṁ before each step, with the incentives as calibrated; steps whose scores are undefined add nothing.
Samples margin_predicted(const RunData& run) {
  const Samples d_w = run.column(Column::d_w);
  const double there = columns_there(run, {Column::d_l, Column::score_norm_w, Column::score_norm_l, Column::score_dot,
                                           Column::alpha, Column::learning_rate});
  return d_w.derive(kMarginPredicted, there, [&] {
    const Samples d_l = run.column(Column::d_l), norm_w = run.column(Column::score_norm_w),
                  norm_l = run.column(Column::score_norm_l), dot = run.column(Column::score_dot),
                  alpha = run.column(Column::alpha), rate = run.column(Column::learning_rate);
    std::vector<double> out(d_w.size(), kNan);
    double sum = 0;
    bool any = false;
    for (std::size_t row = 0; row < out.size(); ++row) {
      const double factor = std::isfinite(value(alpha, row)) ? alpha[row] : 1.0;
      const double margin = likelihood_velocity(d_w[row] * factor, value(d_l, row) / factor,
                                                {value(norm_w, row), value(norm_l, row), value(dot, row)})
                                .margin() *
                            (std::isfinite(value(rate, row)) ? rate[row] : 1.0);
      any = any || std::isfinite(margin);
      if (any) out[row] = sum;
      if (std::isfinite(margin)) sum += margin;
    }
    return out;
  });
}

/// The factor that brings `from` nearest to `to`, both starting at 0; NaN where it is undefined.
double fitted(const Samples& from, const Samples& to) {
  double squares = 0, products = 0;
  for (std::size_t row = 0; row < std::min(from.size(), to.size()); ++row) {
    if (!std::isfinite(from[row]) || !std::isfinite(to[row])) continue;
    squares += from[row] * from[row];
    products += from[row] * to[row];
  }
  return squares > 0 ? products / squares : kNan;
}

}  // namespace

Figure calibration_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 2;
  Panel alpha = step_panel("calibration", options.say(QT_TRANSLATE_NOOP("Figure", "Calibration factor α")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "α — factor on d_w, its inverse on d_l")), options);
  alpha.part = alpha.y.key = "alpha";
  for (const auto& drawn : runs) alpha.lines.push_back(step_line(drawn, Column::alpha, "α", 1.0, options));
  explain_if_empty(alpha, runs, options, QT_TRANSLATE_NOOP("Figure", "The factor α is not in this record."));
  add_events(alpha, runs, options);

  Panel means = step_panel("calibration", options.say(QT_TRANSLATE_NOOP("Figure", "Means of log r and log r*")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "log r, log r* — moving means")), options);
  means.part = means.y.key = "emas";
  means.column = 1;
  means.y.log = false;
  means.zero_line = true;
  const QColor hue = runs.size() == 1 ? runs[0].hue : options.theme.text;
  for (const auto& drawn : runs) {
    means.lines.push_back(step_line(drawn, Column::ema_log_r_star, QT_TRANSLATE_NOOP("Figure", "log r* mean"),
                                    options.theme.rejected, options));
    means.lines.push_back(step_line(drawn, Column::ema_log_r, QT_TRANSLATE_NOOP("Figure", "log r mean"), 1.0, options));
  }
  means.legend = {{"log r", hue}, {"log r*", at(hue, options.theme.rejected)}};
  explain_if_empty(means, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "The moving means of log r and log r* are not in this record."));
  add_events(means, runs, options);
  figure.panels = {std::move(alpha), std::move(means)};
  return figure;
}

Figure slack_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  Panel panel = step_panel("slack", options.say(QT_TRANSLATE_NOOP("Figure", "Slack to the band's nearer edge")),
                           options.say(QT_TRANSLATE_NOOP("Figure", "slack — below 0 outside the band")), options);
  panel.y.log = false;
  panel.zero_line = true;
  for (const auto& drawn : runs)
    panel.lines.push_back(step_line(drawn, Column::slack, QT_TRANSLATE_NOOP("Figure", "slack"), 1.0, options));
  explain_if_empty(panel, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "The ratio r and the band are undefined at every step of this run."));
  add_events(panel, runs, options);
  figure.panels = {std::move(panel)};
  return figure;
}

Figure predicted_margin_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  Panel panel =
      step_panel("predicted-margin", options.say(QT_TRANSLATE_NOOP("Figure", "Margin: predicted and realised")),
                 options.say(QT_TRANSLATE_NOOP("Figure", "Δm — change of the margin (nats)")), options);
  panel.y.log = false;
  panel.zero_line = true;
  // Steps on different pairs scatter; the shape is in the mean, as in the plane.
  const Smoothing smoothing = options.smoothing.active() ? options.smoothing : Smoothing{Smoothing::Kind::ema, 0.9};
  const auto on_same = [](const DrawnRun& drawn) { return drawn.run->same_pairs; };
  const bool all_same = !runs.empty() && std::ranges::all_of(runs, on_same),
             none_same = std::ranges::none_of(runs, on_same);
  for (const auto& drawn : runs) {
    const RunData& run = *drawn.run;
    Line realised = step_line(drawn, Column::margin, "Δm", 1.0, options);
    realised.column = run.same_pairs ? "margin_moved" : "margin_change";
    realised.y = run.same_pairs ? margin_moved(run) : margin_change(run);
    realised.smooth = run.same_pairs && !options.smoothing.active() ? Samples() : smoothed(realised.y, smoothing);
    const Samples predicted = margin_predicted(run);
    const double factor = fitted(predicted, realised.y);
    if (std::isfinite(factor) && factor != 0) {
      Line line = step_line(drawn, Column::margin, "c∫ṁ", options.theme.rejected, options);
      line.column = "margin_predicted";
      line.y = scaled(predicted, factor);
      line.smooth = {};
      line.width = 2.2;
      panel.lines.push_back(line);
    }
    panel.lines.push_back(realised);
  }
  const QColor hue = runs.size() == 1 ? runs[0].hue : options.theme.text;
  panel.legend = {{options.say(all_same    ? QT_TRANSLATE_NOOP("Figure", "realised on the same pairs")
                               : none_same ? QT_TRANSLATE_NOOP("Figure", "realised on different pairs")
                                           : QT_TRANSLATE_NOOP("Figure", "realised, on the same pairs where recorded")),
                   hue},
                  {options.say(QT_TRANSLATE_NOOP("Figure", "predicted, c·Σ η ṁ (c fitted)")),
                   at(hue, options.theme.rejected), LegendEntry::Kind::line, 2.2}};
  if (!options.smoothing.active() && !all_same) explain_smoothing(panel.legend, smoothing, hue, runs, options);
  explain_if_empty(panel, runs, options,
                   QT_TRANSLATE_NOOP("Figure", "The likelihoods z_w and z_l are not in this record."));
  add_events(panel, runs, options);
  figure.panels = {std::move(panel)};
  return figure;
}

}  // namespace bandscope::viz
