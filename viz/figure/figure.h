// SPDX-License-Identifier: GPL-3.0-or-later
// The figure model: what is drawn, without how. Screen and exporter both draw it.
#pragma once

#include <QColor>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/message/message.h"
#include "viz/data/samples.h"
#include "viz/figure/smoothing.h"
#include "viz/figure/translation.h"
#include "viz/theme.h"

namespace bandscope::viz {

/// What curves run over (x_axis.h).
enum class XAxis { step, epoch, tokens, time };

struct Axis {
  std::string title;         ///< symbol, meaning and unit: "z — mean log-probability per token (nats)"
  std::string key = "step";  ///< axes of the same key share their range
  bool whole = false;        ///< counts, e.g. steps: no ticks between whole numbers
  bool log = false;          ///< values <= 0 are left out and counted
  bool course = false;       ///< steps, or what passes with them
  std::string reading = {};  ///< a place on it: "step %1"
  std::optional<std::pair<double, double>> range;  ///< unset: what the data need
};

/// A curve y(x), with the step of each row. Rows where x or y is NaN break it.
struct Line {
  std::string run;             ///< run name
  std::string symbol;          ///< as shown: "z_w", "log r*"
  std::string column;          ///< as recorded: "z_w", "log_r_star"; heads the CSV
  Samples steps, x, y;         ///< x is `steps` except in planes
  std::string x_column;        ///< the record's name of x; empty for steps
  Samples smooth;              ///< drawn in front of y at 25 %; empty without smoothing
  Samples smooth_x;            ///< of paths in planes, with `smooth`
  QColor color;                ///< at its full strength; transparency is the line's strength
  double width = 1.6;          ///< px on the screen; 0.6 pt of paper each
  bool dashed = false;         ///< the run has reward calibration, beside many runs
  bool by_step = true;         ///< x ascends; false for paths in a plane
  bool follows_cursor = true;  ///< its value is shown at the cursor
  bool dots = false;           ///< rows are few and far between: each is marked
};

/// A filled band between two curves.
struct BandArea {
  std::string run;
  std::string lower_column, upper_column;
  Samples steps, lower, upper;
  QColor fill, edge;
};

/// Short ticks on the x axis, e.g. where log r is outside the band.
struct Ticks {
  std::string run, column;
  Samples steps;
  QColor color;
};

/// What a hue, a dash, a strength, a fill or a tick means; hues are explained once for the whole figure.
struct LegendEntry {
  enum class Kind { line, area, tick, dashed, square };
  std::string label;
  QColor color;
  Kind kind = Kind::line;
  double width = 1.6;
};

struct EventMark {
  double step = 0;
  std::string kind;
  Message message;
  std::string run;
  QColor color;
};

/// A named corner of a plane.
struct Quadrant {
  std::string label;
  QColor color;
  int corner = 0;  ///< 0 upper right (both rise), 1 lower left (both fall), 2 lower right / upper left
};

/// A pathway's name and colour.
struct StripKind {
  std::string name;
  QColor color;
};

/// One cell per step, coloured by its pathway.
struct StripRow {
  std::string run, column, label;
  Samples steps, codes;  ///< codes of pathway_codes.h
  Samples agreement;     ///< of a run's first row: whether its two rows agree; empty: they are of different pairs
  QColor hue;            ///< of the run
};

/// Rows of cells in place of curves: two per run, predicted and realised.
struct Strip {
  std::array<StripKind, 4> kinds;
  std::vector<StripRow> rows;
  std::string agreement_text;    ///< "%1 agree in view, %2 of all"
  std::string note, short_note;  ///< said in its place of rows of different pairs, as there is room
};

/// A cell of a table: a number, its standard error as a subscript, and a mark.
struct TableCell {
  std::string text, error, mark;
  bool bold = false;
};

/// A table as papers set them, in place of curves: columns of equal rank, the first ones to the left.
struct Table {
  struct Group {
    std::string title;
    std::size_t first = 0, last = 0;  ///< columns [first, last)
  };
  std::vector<Group> groups;  ///< over the head; none: no line for them
  std::vector<std::string> head;
  std::vector<std::vector<TableCell>> rows;
  std::size_t texts = 1;                      ///< so many columns are texts
  std::optional<std::size_t> sum;             ///< the row before which a rule is drawn
  std::string note;                           ///< under the table
  std::string csv, latex;                     ///< its numbers as text
  static constexpr double row_height = 1.55;  ///< in sizes of the font
  /// Height of the whole, in sizes of the font.
  double lines() const {
    const double heads = groups.empty() ? 1 : 2, under = note.empty() ? 0 : 1.6, around = 1.2;
    return row_height * (static_cast<double>(rows.size()) + heads) + under + around;
  }
};

struct Panel {
  std::string figure;  ///< name of the figure that shows this panel alone
  std::string part;    ///< its name among the figure's parts (figure_parts())
  std::string title;
  std::string title_note;  ///< beside the title where there is room for it
  Axis x, y;
  std::vector<BandArea> bands;
  std::vector<Line> lines;
  std::vector<Ticks> ticks;
  std::vector<EventMark> events;
  std::vector<Quadrant> quadrants;
  std::vector<LegendEntry> legend;
  std::optional<Strip> strip;
  std::optional<Table> table;
  bool zero_line = false;  ///< drawn when 0 is in range
  std::string empty_text;  ///< why nothing is drawn, and what to do
  std::string off_scale_text = "%1 off scale";
  int row = 0, column = 0, column_span = 1;
  bool empty() const;
};

struct Figure {
  std::string name;
  std::vector<Panel> panels;
  int rows = 1, columns = 1;
  double width_mm = 171.5, height_mm = 0;  ///< height 0: from the panels
  double font_pt = 7.0;
  bool legend = true;
  Theme theme = Theme::paper();
  std::vector<LegendEntry> runs;        ///< legend of hues: squares, or lines where each run has its own
  std::vector<LegendEntry> marks;       ///< explained beside the runs, for all panels
  std::string more_text = "+ %1 more";  ///< of the runs that the legend has no room for
  std::optional<double> reveal_to;      ///< paths in planes end at this step
  std::string x_column = "step";        ///< heads what the panels run over in the CSV
};

struct FigureOptions {
  Smoothing smoothing;
  Theme theme = Theme::paper();
  double width_mm = 0;   ///< 0: the figure's own
  double height_mm = 0;  ///< 0: the figure's own
  double font_pt = 7.0;
  bool legend = true;
  bool events = false;  ///< flags of the runs' events; the screen has them always
  bool strip = false;   ///< strips of pathways under figures over steps
  bool log_x = false, log_y = false;
  XAxis x_axis = XAxis::step;
  bool seed_means = false;  ///< of runs that differ in the seed alone their mean, with a band of its spread
  std::optional<std::pair<double, double>> x_range;                     ///< of steps
  std::optional<std::pair<double, double>> y_range;                     ///< of single-panel figures
  std::map<std::string, std::pair<double, double>> x_ranges, y_ranges;  ///< by the axes' keys
  std::vector<std::string> parts;  ///< of figure_parts(), those to draw; empty: all
  /// Benchmarks to draw; without a list those that are in no group.
  std::optional<std::vector<std::string>> tasks;
  Words say = english;              ///< how texts are translated
  std::optional<double> reveal_to;  ///< paths end at this step
};

}  // namespace bandscope::viz
