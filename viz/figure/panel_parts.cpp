// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/panel_parts.h"

#include <QtCore/qglobal.h>

#include <algorithm>

#include "viz/figure/derived.h"

namespace bandscope::viz {

namespace {

std::string column_name(Column column) { return std::string(column_names[static_cast<std::size_t>(column)]); }

}  // namespace

Line step_line(const DrawnRun& drawn, Column column, std::string symbol, double strength,
               const FigureOptions& options) {
  Line line;
  line.run = drawn.run->name;
  line.symbol = std::move(symbol);
  line.column = column_name(column);
  line.steps = line.x = drawn.run->steps;
  line.y = drawn.run->column(column);
  if (options.smoothing.active()) line.smooth = smoothed(line.y, options.smoothing);
  line.color = at(drawn.hue, strength);
  return line;
}

void add_events(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  if (!options.events) return;
  for (const auto& drawn : runs) {
    for (const auto& event : drawn.run->events) {
      // Checkpoints and notes are many and change nothing that is drawn.
      if (event.kind == "checkpoint" || event.kind == "note") continue;
      panel.events.push_back({static_cast<double>(event.step), event.kind, event.message, drawn.run->name, drawn.hue});
    }
  }
}

Panel step_panel(std::string figure, std::string title, std::string y_title, const FigureOptions& options) {
  Panel panel;
  panel.figure = panel.part = std::move(figure);
  panel.off_scale_text = options.say(QT_TRANSLATE_NOOP("Figure", "%1 off scale"));
  panel.title = std::move(title);
  panel.x = {.title = options.say(QT_TRANSLATE_NOOP("Figure", "optimizer step")),
             .key = "step",
             .whole = true,
             .log = options.log_x};
  panel.y = {.title = std::move(y_title), .key = panel.figure, .log = options.log_y};
  return panel;
}

void explain_if_empty(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options,
                      const char* undefined) {
  if (!panel.empty()) return;
  if (runs.empty()) {
    panel.empty_text = options.say(QT_TRANSLATE_NOOP("Figure", "No run is open. Open a run record to see it here."));
    return;
  }
  const bool rows =
      std::any_of(runs.begin(), runs.end(), [](const DrawnRun& drawn) { return !drawn.run->steps.empty(); });
  panel.empty_text = options.say(
      rows ? undefined
           : QT_TRANSLATE_NOOP("Figure", "No step recorded yet. The first appears when the run has taken it."));
}

void explain_strengths(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options,
                       const std::string& chosen, const std::string& rejected) {
  const QColor hue = runs.size() == 1 ? runs[0].hue : options.theme.text;
  panel.legend.push_back({chosen + " " + options.say(QT_TRANSLATE_NOOP("Figure", "chosen")), hue});
  panel.legend.push_back(
      {rejected + " " + options.say(QT_TRANSLATE_NOOP("Figure", "rejected")), at(hue, options.theme.rejected)});
}

std::string likelihood_title(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const bool sum = !runs.empty() && std::all_of(runs.begin(), runs.end(),
                                                [](const DrawnRun& drawn) { return drawn.run->likelihood == "sum"; });
  return options.say(sum ? QT_TRANSLATE_NOOP("Figure", "z — log-probability (nats)")
                         : QT_TRANSLATE_NOOP("Figure", "z — mean log-probability per token (nats)"));
}

Panel pair_panel(Panel panel, const std::vector<DrawnRun>& runs, Column chosen, Column rejected,
                 const std::string& symbol, const char* missing, const FigureOptions& options) {
  for (const auto& drawn : runs) {
    panel.lines.push_back(step_line(drawn, rejected, symbol + "_l", options.theme.rejected, options));
    panel.lines.push_back(step_line(drawn, chosen, symbol + "_w", 1.0, options));
  }
  explain_strengths(panel, runs, options, symbol + "_w", symbol + "_l");
  explain_if_empty(panel, runs, options, missing);
  add_events(panel, runs, options);
  return panel;
}

}  // namespace bandscope::viz
