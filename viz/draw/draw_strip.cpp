// SPDX-License-Identifier: GPL-3.0-or-later
// Strips of pathways. A cell reaches half-way to its neighbours; where a column of pixels holds several steps it is
// divided by how often each pathway occurs there, and what occurs at all gets a pixel at least, so that one step among
// thousands is seen.
#include <algorithm>
#include <cmath>

#include "viz/draw/draw_panel.h"
#include "viz/draw/strip_words.h"

namespace bandscope::viz {
namespace {

/// Beside the title or under it, as much as there is room for: both shares of every run, those in view, or these
/// without a word. No run is left out while another's is said.
void draw_agreement(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const PanelPlan& plan,
                    const Metrics& metrics, const Theme& theme) {
  const double font = metrics.font, right = layout.outer.right();
  double x = layout.plot.left(), least = layout.outer.left(), baseline = layout.outer.top() + font * 1.3;
  if (layout.words_below) {
    baseline += strip_words_line(metrics);
  } else {
    x = layout.outer.left() + layout.title_left +
        metrics.text.width(QString::fromStdString(panel.title), layout.title_size, true) + font;
    least = x;
  }
  const auto forms = agreement_forms(*panel.strip, plan.strips);
  const auto line = std::find_if(forms.begin(), forms.end(),
                                 [&](const auto& form) { return words_width(form, metrics) <= right - least; });
  if (line == forms.end()) return;
  // Under the title it may reach into the room beside the plot.
  x = std::max(least, std::min(x, right - words_width(*line, metrics)));
  for (const StripWords& said : *line) {
    if (said.hue.isValid()) {
      canvas.fill(QRectF(x, baseline - font * 0.72, font * 0.7, font * 0.7), said.hue);
      x += font;
    }
    metrics.text.draw(canvas, {x, baseline}, said.words, font * 0.95, theme.text);
    x += metrics.text.width(said.words, font * 0.95) + font * 1.2;
  }
}

/// Height of each pathway's part of a cell.
std::array<double, 4> heights(const CodeCounts& counts, double height, double least) {
  std::array<double, 4> out{};
  const double total = static_cast<double>(counts.total());
  double spare = height, weight = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const double share = height * static_cast<double>(counts.of[k]) / total;
    if (counts.of[k] > 0 && share < least) {
      out[k] = least;
      spare -= least;
    } else {
      weight += share;
    }
  }
  for (std::size_t k = 0; k < 4; ++k) {
    const double share = height * static_cast<double>(counts.of[k]) / total;
    if (share >= least && weight > 0) out[k] = share / weight * spare;
  }
  return out;
}

}  // namespace

QRectF strip_row(const PanelLayout& layout, std::size_t rows, std::size_t index) {
  const double each = layout.plot.height() / static_cast<double>(std::max<std::size_t>(1, rows));
  const double gap = std::min(2.0, each * 0.12);
  // Rows of one run stand closer together than rows of two.
  const double above = index % 2 == 1 ? 0.5 * gap : index == 0 ? 0 : 1.5 * gap;
  const double below = index % 2 == 0 ? 0.5 * gap : index + 1 == rows ? 0 : 1.5 * gap;
  return {layout.plot.left(), layout.plot.top() + each * static_cast<double>(index) + above, layout.plot.width(),
          each - above - below};
}

void PanelDrawing::strip() const {
  if (!panel.strip || !panel.empty_text.empty()) return;
  const Strip& strip = *panel.strip;
  const double pixel = canvas.bar_width() > 0 ? canvas.bar_width() : 0.35 * metrics.px;
  std::array<std::vector<QRectF>, 4> rects;
  std::vector<QRectF> undefined_rects;
  for (std::size_t i = 0; i < strip.rows.size() && i < plan.strips.size(); ++i) {
    const QRectF row = strip_row(layout, strip.rows.size(), i);
    for (const StripCell& cell : plan.strips[i].cells) {
      const double width = cell.right - cell.left;
      if (cell.counts.total() == 0) {
        undefined_rects.emplace_back(cell.left, row.center().y() - 0.5 * metrics.px, width, metrics.px);
        continue;
      }
      const auto parts = heights(cell.counts, row.height(), pixel);
      double top = row.top();
      for (std::size_t k = 0; k < 4; ++k) {
        if (parts[k] <= 0) continue;
        rects[k].emplace_back(cell.left, top, width, parts[k]);
        top += parts[k];
      }
    }
  }
  for (std::size_t k = 0; k < 4; ++k) canvas.bars(rects[k], strip.kinds[k].color);
  canvas.bars(undefined_rects, over(at(theme.muted, 0.5), theme.plot));
}

void draw_strip_frame(Canvas& canvas, const Panel& panel, const PanelLayout& layout, const PanelPlan& plan,
                      const Metrics& metrics, const Theme& theme) {
  if (!panel.strip || !panel.empty_text.empty()) return;
  const Strip& strip = *panel.strip;
  const double px = metrics.px, size = metrics.font * 0.95;
  for (std::size_t i = 0; i < strip.rows.size() && i < plan.strips.size(); ++i) {
    const QRectF row = strip_row(layout, strip.rows.size(), i);
    metrics.text.draw(canvas, {layout.plot.left() - 8 * px, row.center().y() + size * 0.36},
                      metrics.text.elided(QString::fromStdString(strip.rows[i].label), size,
                                          layout.plot.left() - layout.outer.left() - 9 * px),
                      size, theme.muted, Align::right);
    canvas.fill(QRectF(layout.plot.left() - 5 * px, row.top(), 3 * px, row.height()), strip.rows[i].hue);
  }
  draw_agreement(canvas, panel, layout, plan, metrics, theme);
}

}  // namespace bandscope::viz
