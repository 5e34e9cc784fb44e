// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/panel_parts.h"

#include <QString>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "viz/figure/derived.h"
#include "viz/figure/paper_figures.h"

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
  line.dashed = drawn.dashed;
  return line;
}

/// Part of a run's steps within which one flag stands for all alerts.
constexpr double alert_stretch = 0.05;

void add_events(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  if (!options.events) return;
  for (const auto& drawn : runs) {
    double alert = -HUGE_VAL;
    for (const auto& event : drawn.run->events) {
      // Checkpoints and notes are many and change nothing that is drawn.
      if (event.kind == "checkpoint" || event.kind == "note") continue;
      if (event.kind == "alert") {
        // Alerts come in swarms, which would hide the curves: not among many runs, and one for each stretch of steps.
        if (runs.size() > 2 || static_cast<double>(event.step) - alert < alert_stretch * drawn.run->last_step())
          continue;
        alert = static_cast<double>(event.step);
      }
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
             .log = options.log_x,
             .course = true,
             .reading = options.say(QT_TRANSLATE_NOOP("Figure", "step %1"))};
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
  const bool live = std::any_of(runs.begin(), runs.end(), [](const DrawnRun& drawn) { return drawn.run->live(); });
  panel.empty_text = options.say(
      rows   ? undefined
      : live ? QT_TRANSLATE_NOOP("Figure", "No step recorded yet. The first appears when the run has taken it.")
             : QT_TRANSLATE_NOOP("Figure", "The run ended before its first step: there is nothing to draw."));
}

void explain_strengths(Panel& panel, const std::vector<DrawnRun>& runs, const FigureOptions& options,
                       const std::string& chosen, const std::string& rejected) {
  const QColor hue = runs.size() == 1 ? runs[0].hue : options.theme.text;
  panel.legend.push_back({chosen + " " + options.say(QT_TRANSLATE_NOOP("Figure", "chosen")), hue});
  panel.legend.push_back(
      {rejected + " " + options.say(QT_TRANSLATE_NOOP("Figure", "rejected")), at(hue, options.theme.rejected)});
}

std::vector<LegendEntry> band_marks(bool calibrated, const FigureOptions& options) {
  const QColor ink = options.theme.text;
  std::vector<LegendEntry> marks = {
      {options.say(calibrated ? QT_TRANSLATE_NOOP("Figure", "log r (w/ RC: log α²r)") : "log r"), ink}};
  if (calibrated) {
    marks.push_back(
        {options.say(QT_TRANSLATE_NOOP("Figure", "log r before RC")), at(ink, 0.55), LegendEntry::Kind::line, 1.0});
  }
  marks.push_back({"log r*", options.theme.centre, LegendEntry::Kind::line, 1.0});
  marks.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "band")), at(ink, 0.30), LegendEntry::Kind::area});
  return marks;
}

LegendEntry run_entry(std::string label, const DrawnRun& drawn) {
  return {std::move(label), drawn.hue, drawn.dashed ? LegendEntry::Kind::dashed : LegendEntry::Kind::square};
}

void explain_runs(Figure& figure, const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const auto half = [&](bool calibrated) {
    return options.say(calibrated ? QT_TRANSLATE_NOOP("Figure", "w/ RC") : QT_TRANSLATE_NOOP("Figure", "w/o RC"));
  };
  const bool dashes = std::any_of(runs.begin(), runs.end(), [](const DrawnRun& drawn) { return drawn.dashed; });
  const bool overlay = runs.size() > 2 || dashes;
  std::map<std::string, std::set<std::size_t>> groups_of;
  for (const auto& drawn : runs) groups_of[drawn.run->objective].insert(drawn.group);
  // All hues by their objectives, or all by names: a legend that mixes the two would name two kinds of things.
  const bool by_objective =
      std::all_of(groups_of.begin(), groups_of.end(), [](const auto& groups) { return groups.second.size() == 1; });
  std::set<std::size_t> named;
  for (const auto& drawn : runs) {
    if (!overlay) {
      figure.runs.push_back(run_entry(half(drawn.run->calibrated) + " · " + drawn.run->name, drawn));
    } else if (named.insert(drawn.group).second) {
      const bool alone = std::count_if(runs.begin(), runs.end(),
                                       [&](const DrawnRun& other) { return other.group == drawn.group; }) == 1;
      LegendEntry entry = run_entry(by_objective ? objective_label(*drawn.run) : drawn.run->name, drawn);
      if (!alone) entry.kind = LegendEntry::Kind::square;
      figure.runs.push_back(std::move(entry));
    }
  }
  if (!dashes) return;
  const QColor ink = options.theme.text;
  figure.marks.insert(figure.marks.begin(),
                      {{half(false), ink, LegendEntry::Kind::line}, {half(true), ink, LegendEntry::Kind::dashed}});
}

void explain_smoothing(std::vector<LegendEntry>& legend, const Smoothing& smoothing, const QColor& ink,
                       const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  if (!smoothing.active()) return;
  const auto say = [&](const char* text) { return QString::fromStdString(options.say(text)); };
  QString words;
  if (smoothing.kind == Smoothing::Kind::ema) {
    words = say(QT_TRANSLATE_NOOP("Figure", "mean, momentum %1")).arg(smoothing.amount);
  } else {
    words = say(QT_TRANSLATE_NOOP("Figure", "mean over %1 steps")).arg(smoothing.amount, 0, 'f', 0);
    std::vector<RunDataPtr> shorter;
    for (const auto& drawn : runs) {
      if (static_cast<double>(drawn.run->steps.size()) < smoothing.amount) shorter.push_back(drawn.run);
    }
    if (shorter.size() == 1) {
      words += say(QT_TRANSLATE_NOOP("Figure", ", over %2 in %1, which has no more"))
                   .arg(QString::fromStdString(shorter[0]->name))
                   .arg(shorter[0]->steps.size());
    } else if (!shorter.empty()) {
      words += say(QT_TRANSLATE_NOOP("Figure", ", over fewer in %1 shorter runs")).arg(shorter.size());
    }
  }
  legend.push_back({options.say(QT_TRANSLATE_NOOP("Figure", "raw")), at(ink, 0.25), LegendEntry::Kind::line, 1.3});
  legend.push_back({words.toStdString(), ink});
}

std::string likelihood_title(const std::vector<DrawnRun>& runs, const FigureOptions& options) {
  const bool sum = !runs.empty() && std::all_of(runs.begin(), runs.end(),
                                                [](const DrawnRun& drawn) { return drawn.run->likelihood == "sum"; });
  const bool mixed = !sum && std::any_of(runs.begin(), runs.end(),
                                         [](const DrawnRun& drawn) { return drawn.run->likelihood == "sum"; });
  return options.say(sum     ? QT_TRANSLATE_NOOP("Figure", "z — log-probability (nats)")
                     : mixed ? QT_TRANSLATE_NOOP("Figure", "z — log-probability, of some runs per token (nats)")
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
