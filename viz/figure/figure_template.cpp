// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/figure_template.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/error.h"
#include "core/spec/spec_document.h"
#include "viz/figure/figures.h"
#include "viz/figure/pathway_codes.h"
#include "viz/figure/x_axis.h"

namespace bandscope::viz {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
    } else {  // no control character may stand in a TOML string
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04X", byte);
      out += code;
    }
  }
  return out + '"';
}

std::string listed(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const auto& word : words) out += (out.size() > 1 ? ", " : "") + quoted(word);
  return out + "]";
}

void write_ranges(std::ostream& out, const char* axis, const std::map<std::string, std::pair<double, double>>& ranges) {
  if (ranges.empty()) return;
  out << "\n[range." << axis << "]\n";
  for (const auto& [key, range] : ranges) {
    out << quoted(key) << " = [" << toml_number(range.first) << ", " << toml_number(range.second) << "]\n";
  }
}

const char* smoothing_name(Smoothing::Kind kind) {
  return kind == Smoothing::Kind::ema ? "ema" : kind == Smoothing::Kind::window ? "window" : "none";
}

bool wanted(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

/// Runs in the order in which `key` stands in `order`; others keep theirs.
template <class Key>
void sort_by(std::vector<RunDataPtr>& runs, const std::vector<std::string>& order, Key key) {
  if (order.empty()) return;
  std::stable_sort(runs.begin(), runs.end(), [&](const RunDataPtr& a, const RunDataPtr& b) {
    return std::find(order.begin(), order.end(), key(*a)) < std::find(order.begin(), order.end(), key(*b));
  });
}

}  // namespace

const std::vector<WidthPreset>& width_presets() {
  // Column and text widths of the journals' styles: ICML 3.25 and 6.75 in, NeurIPS 5.5 in, ACL 7.7 and 16 cm.
  static const std::vector<WidthPreset> presets = {
      {"icml", 82.55}, {"icml-wide", 171.45}, {"neurips", 139.7}, {"acl", 77.0}, {"acl-wide", 160.0}};
  return presets;
}

std::string template_text(const FigureTemplate& figure) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << std::boolalpha;
  out << "# A figure of Bandscope: bandscope export RUN.h5 ... --template THIS.toml --out FILE.pdf\n";
  out << "[figure]\nkind = " << quoted(figure.kind) << "\nparts = " << listed(figure.parts)
      << "  # [] is all of them\nlanguage = " << quoted(figure.language) << "\nstrip = " << figure.strip
      << "  # of pathways, under the panels\n";
  out << "\n[page]\n";
  if (figure.width == "mm") {
    out << "width_mm = " << toml_number(figure.width_mm) << "\n";
  } else {
    out << "width = " << quoted(figure.width) << "\n";
  }
  out << "height_mm = " << toml_number(figure.height_mm)
      << "  # 0 is from the panels\nfont_pt = " << toml_number(figure.font_pt)
      << "\npalette = " << quoted(figure.palette) << "\nlegend = " << figure.legend << "\nevents = " << figure.events
      << "\ndpi = " << toml_number(figure.dpi) << "  # of a PNG\n";
  out << "\n[curves]\nsmoothing = " << quoted(smoothing_name(figure.smoothing.kind)) << "\n";
  if (figure.smoothing.kind != Smoothing::Kind::none) {
    out << "amount = " << toml_number(figure.smoothing.amount) << "  # "
        << (figure.smoothing.kind == Smoothing::Kind::ema ? "momentum" : "steps") << "\n";
  }
  out << "log_x = " << figure.log_x << "\nlog_y = " << figure.log_y << "\n";
  if (figure.x_axis != XAxis::step) out << "x = " << quoted(std::string(x_axis_row(figure.x_axis).name)) << "\n";
  if (figure.seed_means) out << "seeds = \"mean\"\n";
  write_ranges(out, "x", figure.x_ranges);
  write_ranges(out, "y", figure.y_ranges);
  out << "\n[runs]\nselect = " << quoted(figure.runs.select) << "\nobjectives = " << listed(figure.runs.objectives)
      << "  # [] is any\nnames = " << listed(figure.runs.names) << "\n";
  return out.str();
}

std::vector<Column> template_columns(const FigureTemplate& figure) {
  auto columns = figure_columns(figure.kind);
  if (figure.strip) columns.insert(columns.end(), pathway_columns().begin(), pathway_columns().end());
  const auto& axis = x_axis_row(figure.x_axis).columns;
  columns.insert(columns.end(), axis.begin(), axis.end());
  return columns;
}

FigureOptions template_options(const FigureTemplate& figure) {
  FigureOptions options;
  options.smoothing = figure.smoothing;
  options.theme = figure.palette == "grey" ? Theme::grey() : Theme::paper();
  if (figure.width == "mm") options.width_mm = figure.width_mm;
  for (const auto& preset : width_presets()) {
    if (preset.name == figure.width) options.width_mm = preset.width_mm;
  }
  options.height_mm = figure.height_mm;
  options.font_pt = figure.font_pt;
  options.legend = figure.legend;
  options.events = figure.events;
  options.strip = figure.strip;
  options.log_x = figure.log_x;
  options.log_y = figure.log_y;
  options.x_axis = figure.x_axis;
  options.seed_means = figure.seed_means;
  options.parts = figure.parts;
  options.x_ranges = figure.x_ranges;
  options.y_ranges = figure.y_ranges;
  return options;
}

std::vector<RunDataPtr> select_runs(const std::vector<RunDataPtr>& runs, const RunRule& rule) {
  std::vector<RunDataPtr> out;
  for (const auto& run : runs) {
    if (!run || !wanted(rule.objectives, run->objective) || !wanted(rule.names, run->name)) continue;
    if ((rule.select == "without" && run->calibrated) || (rule.select == "with" && !run->calibrated)) continue;
    out.push_back(run);
  }
  if (rule.select == "pairs") {
    const auto pairs = pair_runs(out);
    std::erase_if(out, [&](const RunDataPtr& run) {
      return std::none_of(pairs.begin(), pairs.end(), [&](const RunPair& pair) {
        return pair.without && pair.with && (pair.without == run || pair.with == run);
      });
    });
  }
  sort_by(out, rule.objectives, [](const RunData& run) -> const std::string& { return run.objective; });
  sort_by(out, rule.names, [](const RunData& run) -> const std::string& { return run.name; });
  if (out.empty() && !runs.empty()) {
    throw SpecError(Message::tr(
        "The template's [runs] rule takes none of the %1 given runs: select = %2, objectives = %3, names = %4.",
        runs.size(), quoted(rule.select), listed(rule.objectives), listed(rule.names)));
  }
  return out;
}

}  // namespace bandscope::viz
