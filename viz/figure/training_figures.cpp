// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtCore/qglobal.h>

#include "viz/figure/derived.h"
#include "viz/figure/panel_parts.h"
#include "viz/figure/run_figures.h"

namespace bandscope::viz {
namespace {

void place(Panel& panel, int row, int column) {
  panel.row = row;
  panel.column = column;
}

struct Quantity {
  const char* part;
  Column column;
  const char *symbol, *title, *y_title;
  double unit = 1;  ///< what is shown is the recorded value divided by it
};

Panel quantity_panel(const Quantity& quantity, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Panel panel = step_panel("training", options.say(quantity.title), options.say(quantity.y_title), options);
  panel.part = panel.y.key = quantity.part;
  for (const auto& drawn : runs) {
    Line line = step_line(drawn, quantity.column, quantity.symbol, 1.0, options);
    if (quantity.column == Column::tokens) {
      line.column = "tokens_per_second";
      line.y = rates(line.y, drawn.run->column(Column::seconds));
    }
    if (quantity.unit != 1) line.y = scaled(line.y, 1 / quantity.unit);
    if (options.smoothing.active()) line.smooth = smoothed(line.y, options.smoothing);
    panel.lines.push_back(std::move(line));
  }
  explain_if_empty(panel, runs, options, QT_TRANSLATE_NOOP("Figure", "This is not in the record."));
  add_events(panel, runs, options);
  return panel;
}

/// A curve over the probe's own steps.
Line probe_line(const DrawnRun& drawn, double ProbeRow::*member, std::string symbol, std::string column,
                double strength) {
  std::vector<double> steps, values;
  for (const ProbeRow& row : drawn.run->probe) {
    steps.push_back(static_cast<double>(row.step));
    values.push_back(row.*member);
  }
  Line line;
  line.run = drawn.run->name;
  line.symbol = std::move(symbol);
  line.column = std::move(column);
  line.steps = line.x = Samples(std::move(steps));
  line.y = Samples(std::move(values));
  line.color = at(drawn.hue, strength);
  line.dashed = drawn.dashed;
  return line;
}

}  // namespace

Figure training_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  static constexpr Quantity quantities[] = {
      {"loss", Column::loss, QT_TRANSLATE_NOOP("Figure", "loss"), QT_TRANSLATE_NOOP("Figure", "Loss"),
       QT_TRANSLATE_NOOP("Figure", "loss — mean over the step's pairs")},
      {"accuracy", Column::accuracy, QT_TRANSLATE_NOOP("Figure", "acc"), QT_TRANSLATE_NOOP("Figure", "Accuracy"),
       QT_TRANSLATE_NOOP("Figure", "accuracy — share of pairs with effective margin > 0")},
      {"learning-rate", Column::learning_rate, "η", QT_TRANSLATE_NOOP("Figure", "Learning rate"),
       QT_TRANSLATE_NOOP("Figure", "η — learning rate")},
      {"grad-norm", Column::grad_norm, "‖g‖", QT_TRANSLATE_NOOP("Figure", "Gradient norm"),
       QT_TRANSLATE_NOOP("Figure", "‖g‖ — before clipping")},
      {"speed", Column::tokens, "v", QT_TRANSLATE_NOOP("Figure", "Speed"),
       QT_TRANSLATE_NOOP("Figure", "speed (tokens/s)")},
      {"memory", Column::memory, "M", QT_TRANSLATE_NOOP("Figure", "Memory"),
       QT_TRANSLATE_NOOP("Figure", "peak memory (GiB)"), 1024.0 * 1024.0 * 1024.0}};
  Figure figure;
  figure.columns = 3;
  figure.rows = 2;
  for (const Quantity& quantity : quantities) {
    const int index = static_cast<int>(figure.panels.size());
    figure.panels.push_back(quantity_panel(quantity, runs, options));
    place(figure.panels.back(), index / 3, index % 3);
  }
  return figure;
}

Figure probe_figure(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  Figure figure;
  figure.columns = 3;
  Panel likelihood = step_panel("probe", options.say(QT_TRANSLATE_NOOP("Figure", "Probe set: z_w, z_l")),
                                likelihood_title(runs, options), options);
  Panel margin = step_panel("probe", options.say(QT_TRANSLATE_NOOP("Figure", "Probe set: margin")),
                            options.say(QT_TRANSLATE_NOOP("Figure", "m — margin z_w − z_l (nats)")), options);
  Panel accuracy = step_panel(
      "probe", options.say(QT_TRANSLATE_NOOP("Figure", "Probe set: accuracy")),
      options.say(QT_TRANSLATE_NOOP("Figure", "accuracy — share of pairs with effective margin > 0")), options);
  likelihood.part = likelihood.y.key = "probe-likelihood";
  margin.part = margin.y.key = "probe-margin";
  accuracy.part = accuracy.y.key = "probe-accuracy";
  likelihood.y.log = margin.y.log = false;
  for (const auto& drawn : runs) {
    likelihood.lines.push_back(probe_line(drawn, &ProbeRow::z_l, "z_l", "probe_z_l", options.theme.rejected));
    likelihood.lines.push_back(probe_line(drawn, &ProbeRow::z_w, "z_w", "probe_z_w", 1.0));
    margin.lines.push_back(probe_line(drawn, &ProbeRow::margin, "m", "probe_margin", 1.0));
    accuracy.lines.push_back(probe_line(drawn, &ProbeRow::accuracy, "acc", "probe_accuracy", 1.0));
  }
  explain_strengths(likelihood, runs, options, "z_w", "z_l");
  figure.panels = {std::move(likelihood), std::move(margin), std::move(accuracy)};
  for (int i = 0; i < 3; ++i) {
    Panel& panel = figure.panels[static_cast<std::size_t>(i)];
    place(panel, 0, i);
    explain_if_empty(
        panel, runs, options,
        QT_TRANSLATE_NOOP("Figure", "No probe set was evaluated. Give the spec [data] probe and [probe] every."));
    add_events(panel, runs, options);
  }
  return figure;
}

}  // namespace bandscope::viz
