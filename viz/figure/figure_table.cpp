// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/figure_table.h"

#include <algorithm>

#include "core/error.h"
#include "viz/figure/dynamics_figures.h"
#include "viz/figure/evaluation_figures.h"
#include "viz/figure/panels.h"
#include "viz/figure/paper_figures.h"
#include "viz/figure/pathway_codes.h"
#include "viz/figure/pathway_strip.h"
#include "viz/figure/run_figures.h"
#include "viz/figure/sweep_table.h"
#include "viz/figure/translation.h"

namespace bandscope::viz {
namespace {

using Runs = std::vector<DrawnRun>;

template <Panel (*panel)(const Runs&, const FigureOptions&)>
Figure single(const Runs& runs, const FigureOptions& options) {
  Figure figure;
  figure.panels = {panel(runs, options)};
  return figure;
}

/// The quantities that need no benchmark, and all benchmarks together.
std::vector<FigurePart> sweep_parts() {
  std::vector<FigurePart> parts;
  for (const SweepQuantity& quantity : sweep_quantities()) parts.push_back({quantity.name, quantity.title.c_str()});
  parts.push_back({kSweepBenchmarks, QT_TRANSLATE_NOOP("Figure", "Benchmarks")});
  return parts;
}

}  // namespace

std::span<const FigureRow> figure_table() {
  using enum Column;
  static const std::vector<Column> ratio = {log_r, log_r_applied, log_r_star, band_lower, band_upper};
  static const std::vector<Column> all_four = {z_w,           z_l,        margin,     log_r,
                                               log_r_applied, log_r_star, band_lower, band_upper};
  static const FigurePart likelihood = {"likelihood", QT_TRANSLATE_NOOP("Figure", "Likelihoods")};
  static const FigurePart margins = {"margin", QT_TRANSLATE_NOOP("Figure", "Margin")};
  static const FigurePart band_without = {"band-without", QT_TRANSLATE_NOOP("Figure", "Band w/o RC")};
  static const FigurePart band_with = {"band-with", QT_TRANSLATE_NOOP("Figure", "Band w/ RC")};
  static const FigurePart cosine = {"cosine", QT_TRANSLATE_NOOP("Figure", "Cosine")};
  static const std::vector<FigureRow> rows = {
      {"dynamics",
       QT_TRANSLATE_NOOP("Figure", "Dynamics"),
       QT_TRANSLATE_NOOP("Figure", "Dynamics: bands, likelihoods, margin"),
       {FigureTab::dynamics},
       all_four,
       {band_without, band_with, likelihood, margins},
       dynamics_figure},
      {"overlay",
       QT_TRANSLATE_NOOP("Figure", "Overlay"),
       nullptr,
       {FigureTab::compare},
       {z_w, z_l, margin},
       {likelihood, margins},
       overlay_figure},
      {"band",
       QT_TRANSLATE_NOOP("Figure", "Band"),
       nullptr,
       {FigureTab::dynamics, FigureTab::compare},
       ratio,
       {band_without, band_with},
       band_figure},
      {"likelihood",
       likelihood.title,
       nullptr,
       {FigureTab::dynamics, FigureTab::compare},
       {z_w, z_l},
       {likelihood},
       single<likelihood_panel>},
      {"margin",
       margins.title,
       nullptr,
       {FigureTab::dynamics, FigureTab::compare},
       {margin},
       {margins},
       single<margin_panel>},
      {"pathway-plane",
       QT_TRANSLATE_NOOP("Figure", "Pathway plane"),
       nullptr,
       {FigureTab::pathways},
       {z_w, z_l, z_w_ref, z_l_ref},
       {{"pathway-plane", QT_TRANSLATE_NOOP("Figure", "Pathway plane")}},
       single<plane_panel>},
      {"cosine", cosine.title, nullptr, {FigureTab::pathways}, {rho}, {cosine}, single<cosine_panel>},
      {"scores",
       QT_TRANSLATE_NOOP("Figure", "Score norms"),
       nullptr,
       {FigureTab::scores},
       {score_norm_w, score_norm_l},
       {{"scores", QT_TRANSLATE_NOOP("Figure", "Score norms")}},
       single<scores_panel>},
      {"incentives",
       QT_TRANSLATE_NOOP("Figure", "Incentives"),
       nullptr,
       {FigureTab::scores},
       {d_w, d_l},
       {{"incentives", QT_TRANSLATE_NOOP("Figure", "Incentives")}},
       single<incentives_panel>},
      {"pathway-strip",
       QT_TRANSLATE_NOOP("Figure", "Pathway strip"),
       nullptr,
       {},
       pathway_columns(),
       {{"pathway-strip", QT_TRANSLATE_NOOP("Figure", "Pathway strip")}},
       single<strip_panel>},
      {"calibration",
       QT_TRANSLATE_NOOP("Figure", "Calibration"),
       nullptr,
       {FigureTab::scores},
       {alpha, ema_log_r, ema_log_r_star},
       {{"alpha", QT_TRANSLATE_NOOP("Figure", "Factor α")},
        {"emas", QT_TRANSLATE_NOOP("Figure", "Means of log r, log r*")}},
       calibration_figure},
      {"slack",
       QT_TRANSLATE_NOOP("Figure", "Slack"),
       nullptr,
       {FigureTab::scores},
       {slack},
       {{"slack", QT_TRANSLATE_NOOP("Figure", "Slack")}},
       slack_figure},
      {"predicted-margin",
       QT_TRANSLATE_NOOP("Figure", "Predicted margin"),
       nullptr,
       {FigureTab::pathways},
       {z_w, z_l, z_w_ref, z_l_ref, margin, d_w, d_l, score_norm_w, score_norm_l, score_dot, alpha, learning_rate,
        z_w_after, z_l_after},
       {{"predicted-margin", QT_TRANSLATE_NOOP("Figure", "Predicted margin")}},
       predicted_margin_figure},
      {"training",
       QT_TRANSLATE_NOOP("Figure", "Training"),
       nullptr,
       {FigureTab::training},
       {loss, accuracy, learning_rate, grad_norm, tokens, seconds, memory},
       {{"loss", QT_TRANSLATE_NOOP("Figure", "Loss")},
        {"accuracy", QT_TRANSLATE_NOOP("Figure", "Accuracy")},
        {"learning-rate", QT_TRANSLATE_NOOP("Figure", "Learning rate")},
        {"grad-norm", QT_TRANSLATE_NOOP("Figure", "Gradient norm")},
        {"speed", QT_TRANSLATE_NOOP("Figure", "Speed")},
        {"memory", QT_TRANSLATE_NOOP("Figure", "Memory")}},
       training_figure},
      {"probe",
       QT_TRANSLATE_NOOP("Figure", "Probe set"),
       nullptr,
       {FigureTab::training},
       {},
       {{"probe-likelihood", QT_TRANSLATE_NOOP("Figure", "Probe: likelihoods")},
        {"probe-margin", QT_TRANSLATE_NOOP("Figure", "Probe: margin")},
        {"probe-accuracy", QT_TRANSLATE_NOOP("Figure", "Probe: accuracy")}},
       probe_figure},
      {"evaluation",
       QT_TRANSLATE_NOOP("Figure", "Benchmarks"),
       QT_TRANSLATE_NOOP("Figure", "Benchmarks over the steps, and likelihoods"),
       {FigureTab::evaluation},
       {z_w, z_l},
       {{"benchmarks", QT_TRANSLATE_NOOP("Figure", "Benchmarks")}, likelihood},
       evaluation_figure},
      {"evaluation-table",
       QT_TRANSLATE_NOOP("Figure", "Table of benchmarks"),
       QT_TRANSLATE_NOOP("Figure", "Paper 4: table of benchmarks"),
       {},
       {},
       {{"evaluation-table", QT_TRANSLATE_NOOP("Figure", "Table of benchmarks")}},
       evaluation_table_figure,
       KeptScores::items},
      {"sweep-table",
       QT_TRANSLATE_NOOP("Figure", "Table of a sweep"),
       QT_TRANSLATE_NOOP("Figure", "Table of a sweep: w/o RC, w/ RC, Δ"),
       {},
       sweep_columns(),
       sweep_parts(),
       sweep_table_figure},
      {"columns",
       QT_TRANSLATE_NOOP("Figure", "Columns"),
       QT_TRANSLATE_NOOP("Figure", "Recorded columns, a panel each"),
       {FigureTab::training},
       every_column(),
       column_parts(),
       columns_figure},
      {"difference",
       QT_TRANSLATE_NOOP("Figure", "Difference"),
       nullptr,
       {FigureTab::compare},
       {z_w, z_l, margin},
       {{"difference-likelihood", QT_TRANSLATE_NOOP("Figure", "Δ likelihoods")},
        {"difference-margin", QT_TRANSLATE_NOOP("Figure", "Δ margin")}},
       difference_figure},
      {"figure2",
       QT_TRANSLATE_NOOP("Figure", "Paper 2: objectives, likelihoods and margin"),
       nullptr,
       {},
       {z_w, z_l, margin},
       {likelihood, margins},
       figure2},
      {"figure3",
       QT_TRANSLATE_NOOP("Figure", "Paper 3: objectives, cosine, likelihoods, bands"),
       nullptr,
       {},
       {rho, z_w, z_l, log_r, log_r_applied, log_r_star, band_lower, band_upper},
       {cosine, likelihood, {"band", QT_TRANSLATE_NOOP("Figure", "Band")}},
       figure3},
      {"scope-comparison",
       QT_TRANSLATE_NOOP("Figure", "Paper 5, 6: band by score scope"),
       nullptr,
       {},
       ratio,
       {{"output", QT_TRANSLATE_NOOP("Figure", "Output scope")},
        {"all", QT_TRANSLATE_NOOP("Figure", "All parameters")},
        {"both", QT_TRANSLATE_NOOP("Figure", "Both scopes")}},
       scope_comparison},
      {"dynamics-grid",
       QT_TRANSLATE_NOOP("Figure", "Grid"),
       QT_TRANSLATE_NOOP("Figure", "Paper 4, 7–14: dynamics, an objective a row"),
       {FigureTab::compare},
       all_four,
       {band_without, band_with, likelihood, margins},
       dynamics_grid},
  };
  return rows;
}

const FigureRow& figure_row(std::string_view name) {
  std::string known;
  for (const auto& row : figure_table()) {
    if (row.name == name) return row;
    known += (known.empty() ? "" : ", ") + row.name;
  }
  throw SpecError(Message::tr("There is no figure \"%1\"; the figures are %2.", name, known));
}

}  // namespace bandscope::viz
