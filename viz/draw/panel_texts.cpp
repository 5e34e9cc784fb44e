// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/panel_texts.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {

double legend_width(const Panel& panel, const Metrics& metrics) {
  double width = 0;
  for (const LegendEntry& entry : panel.legend) {
    width += 26 * metrics.px + metrics.text.width(QString::fromStdString(entry.label), metrics.font);
  }
  return width;
}

namespace {

constexpr double kSmallest = 0.74;       ///< of the usual size of a text
constexpr double kSmallestLegend = 0.7;  ///< of a legend's, and
constexpr double kTightest = 0.6;        ///< of its gaps

LegendLine legend_line(const Panel& panel, std::size_t first, std::size_t last, const Metrics& metrics) {
  LegendLine line{first, last, 0, 26 * metrics.px * static_cast<double>(last - first)};
  for (std::size_t i = first; i < last; ++i)
    line.letters += metrics.text.width(QString::fromStdString(panel.legend[i].label), metrics.font);
  return line;
}

}  // namespace

std::vector<LegendLine> legend_lines(const Panel& panel, int lines, const Metrics& metrics) {
  const std::size_t all = panel.legend.size();
  if (lines < 2 || all < 2) return {legend_line(panel, 0, all, metrics)};
  std::vector<LegendLine> best;
  double longest = HUGE_VAL;
  for (std::size_t split = 1; split < all; ++split) {
    std::vector<LegendLine> tried{legend_line(panel, 0, split, metrics), legend_line(panel, split, all, metrics)};
    const double width = std::max(tried[0].letters + tried[0].gaps, tried[1].letters + tried[1].gaps);
    if (width >= longest) continue;
    longest = width;
    best = std::move(tried);
  }
  return best;
}

bool legend_fits(const Panel& panel, double room, const Metrics& metrics) {
  const LegendLine line = legend_line(panel, 0, panel.legend.size(), metrics);
  return line.letters * kSmallestLegend + line.gaps * kTightest <= room;
}

void size_texts(const Figure& figure, std::vector<PanelLayout>& layouts, const Metrics& metrics) {
  const double font = metrics.font;
  double title = 1, title_from_plot = 1, y_title = 1, legend = 1, tight = 1;
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const Panel& panel = figure.panels[i];
    const PanelLayout& layout = layouts[i];
    const double wide = std::max(1.0, metrics.text.width(QString::fromStdString(panel.title), font * 1.05, true));
    title_from_plot = std::min(title_from_plot, (layout.outer.right() - layout.plot.left()) / wide);
    title = std::min(title, (layout.outer.width() - 2 * metrics.px) / wide);
    if (panel.legend.empty()) continue;
    // Under the title the room above the tick labels is taken, too, up to the title of the axis.
    const double room =
        layout.outer.right() - (layout.legend_below ? layout.outer.left() + 1.9 * font : layout.plot.left());
    for (const LegendLine& line : legend_lines(panel, layout.legend_lines, metrics)) {
      const double letters = std::max(1.0, line.letters);
      tight = std::min(tight, std::clamp((room - letters) / line.gaps, kTightest, 1.0));
      legend = std::min(legend, (room - line.gaps * tight) / letters);
    }
  }
  const bool from_plot = title_from_plot >= 1;
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    PanelLayout& layout = layouts[i];
    // Where the title begins over the axis, that of the axis ends below it.
    layout.y_title_top = layout.outer.top() + (from_plot ? 0 : 1.7 * font);
    const QString y = y_title_that_fits(figure.panels[i], layout, metrics);
    if (!y.isEmpty()) {
      y_title = std::min(y_title, 0.97 * (layout.outer.bottom() - layout.y_title_top) / metrics.text.width(y, font));
    }
  }
  for (PanelLayout& layout : layouts) {
    layout.title_left = from_plot ? layout.plot.left() - layout.outer.left() : 2 * metrics.px;
    layout.title_size = font * 1.05 * (from_plot ? 1 : std::clamp(title, kSmallest, 1.0));
    layout.y_title_size = font * std::clamp(y_title, kSmallest, 1.0);
    layout.legend_size = font * std::clamp(legend, kSmallestLegend, 1.0);
    layout.legend_tight = tight;
  }
}

QString y_title_that_fits(const Panel& panel, const PanelLayout& layout, const Metrics& metrics) {
  const QString title = QString::fromStdString(panel.y.title);
  const qsizetype dash = title.indexOf(QStringLiteral(" — ")), unit = title.lastIndexOf(QStringLiteral(" ("));
  const double room = 0.97 * (layout.outer.bottom() - layout.y_title_top);
  if (metrics.text.width(title, metrics.font * kSmallest) <= room || dash < 0) return title;
  return title.left(dash) + (unit > dash ? title.mid(unit) : QString());
}

std::vector<Tick> y_ticks_that_fit(const PanelLayout& layout, bool log, const Metrics& metrics) {
  Scale scale = layout.y;
  scale.from = layout.plot.height();
  scale.to = 0;
  const double line = metrics.font * 1.2;
  const auto without_crowded = [&](std::vector<Tick> ticks, int* left_out) {
    double last = HUGE_VAL;
    *left_out = 0;
    for (Tick& tick : ticks) {
      if (tick.label.empty()) continue;
      if (last - scale(tick.value) < line) {
        tick.label.clear();
        ++*left_out;
      } else {
        last = scale(tick.value);
      }
    }
    return ticks;
  };
  int wanted = std::max(5, static_cast<int>(layout.plot.height() / (metrics.font * 2.4))), left_out = 0;
  auto ticks = make_ticks(layout.y.range, log, false, wanted);
  auto clear = without_crowded(ticks, &left_out);
  while (wanted > 1 && left_out > 0) {
    ticks = make_ticks(layout.y.range, log, false, --wanted);
    if (ticks.size() < 2) break;
    clear = without_crowded(ticks, &left_out);
  }
  return clear;
}

}  // namespace bandscope::viz
