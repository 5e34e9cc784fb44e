// SPDX-License-Identifier: GPL-3.0-or-later
// A figure described apart from its runs: what the figure dialog shows and saves, and what `bandscope export
// --template` reads. The same template and records give the same bytes.
//
//   [figure]  kind, parts, language, strip                   [page]   width ("icml", …, "own") or width_mm, height_mm,
//   [curves]  smoothing, amount, log_x, log_y, x, seeds                font_pt, palette, legend, events, dpi
//   [range.x] and [range.y]  AXIS = [least, greatest]   [runs]   select, objectives, names
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viz/data/run_data.h"
#include "viz/figure/figure.h"

namespace bandscope::viz {

/// Which of the given runs a figure draws, and in which order.
struct RunRule {
  std::string select = "all";           ///< all | pairs (both halves are there) | without | with (reward calibration)
  std::vector<std::string> objectives;  ///< in this order; empty: any, in the order given
  std::vector<std::string> names;       ///< [run] names, in this order; empty: any
  bool operator==(const RunRule&) const = default;
};

struct FigureTemplate {
  std::string kind = "dynamics";      ///< of figure_names()
  std::vector<std::string> parts;     ///< of figure_parts(kind); empty: all
  std::string language = "en";        ///< en | zh_CN: of titles and legends
  std::string width = "own";          ///< of width_presets(), "own" for the figure's own, "mm" for width_mm
  double width_mm = 0;                ///< 20 to 2,000 with width "mm"
  double height_mm = 0;               ///< 15 to 2,000; 0: from the panels
  double font_pt = 7;                 ///< 3 to 40
  std::string palette = "okabe-ito";  ///< okabe-ito | grey
  bool legend = true, events = false, strip = false, log_x = false, log_y = false;
  XAxis x_axis = XAxis::step;  ///< by its name of x_axis.h
  bool seed_means = false;     ///< means over seeds with their spread
  double dpi = 300;            ///< of a PNG, 36 to 2,400
  Smoothing smoothing;
  std::map<std::string, std::pair<double, double>> x_ranges, y_ranges;  ///< by axis key; absent: full
  RunRule runs;
  bool operator==(const FigureTemplate&) const = default;
};

/// A journal's column width in millimetres.
struct WidthPreset {
  std::string_view name;  ///< "icml", "icml-wide", "neurips", "acl", "acl-wide"
  double width_mm;
};
const std::vector<WidthPreset>& width_presets();

/// Reads a template. Throws SpecError naming the file, the line, the key, what is allowed, and for an unknown key the
/// nearest one, or the path and the system's reason.
FigureTemplate read_template(const std::filesystem::path& file);
/// The same from text; `file` names it in messages.
FigureTemplate parse_template(std::string_view toml, const std::string& file);
/// The text that parse_template reads back as the same template.
std::string template_text(const FigureTemplate& figure);
/// Throws RunError with the path and the system's reason.
void write_template(const FigureTemplate& figure, const std::filesystem::path& file);

/// What make_figure needs of it; texts are English.
FigureOptions template_options(const FigureTemplate& figure);
/// Columns of the record that it draws.
std::vector<Column> template_columns(const FigureTemplate& figure);
/// The runs that the rule takes, in its order. Throws SpecError when it leaves none of several.
std::vector<RunDataPtr> select_runs(const std::vector<RunDataPtr>& runs, const RunRule& rule);

}  // namespace bandscope::viz
