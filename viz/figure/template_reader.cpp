// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of figure templates: every key is checked, and every message names file, line and key.
#include <QSaveFile>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/toml.h"
#include "core/spec/nearest.h"
#include "viz/figure/figure_template.h"
#include "viz/figure/figures.h"
#include "viz/figure/x_axis.h"

namespace bandscope::viz {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

/// The keys of a table are taken one by one; what is left was not known.
class Reader {
 public:
  Reader(const toml::table& root, std::string file) : root_(root), file_(std::move(file)) {}

  const toml::node* take(const std::string& key) {
    known_.insert(key);
    return root_.at_path(key).node();
  }

  [[noreturn]] void fail(const toml::node* node, const Message& what) const {
    if (!node) throw SpecError(Message::at(file_, what));
    throw SpecError(Message::tr("%1, line %2: %3", file_, node->source().begin.line, what));
  }

  void text(const std::string& key, std::string* to, const std::vector<std::string>& allowed) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto value = node->value_exact<std::string>();
    if (!value || std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
      if (!value) fail(node, Message::tr("%1 must be one of %2.", key, joined(allowed)));
      fail(node, Message::tr("%1 must be one of %2, not \"%3\" (nearest: %4).", key, joined(allowed), *value,
                             nearest_key(*value, allowed)));
    }
    *to = *value;
  }

  void words(const std::string& key, std::vector<std::string>* to) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) fail(node, Message::tr("%1 must be a list of texts.", key));
    to->clear();
    for (const auto& item : *list) {
      const auto word = item.value_exact<std::string>();
      if (!word) fail(&item, Message::tr("%1 must be a list of texts.", key));
      to->push_back(*word);
    }
  }

  void flag(const std::string& key, bool* to) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto value = node->value_exact<bool>();
    if (!value) fail(node, Message::tr("%1 must be true or false.", key));
    *to = *value;
  }

  /// `zero`: 0, which stands for "from the figure", is allowed too.
  void number(const std::string& key, double* to, double least, double greatest, const Message& range,
              bool zero = false) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto value = node->value<double>();
    const bool fits = value && node->is_number() && ((*value >= least && *value <= greatest) || (zero && *value == 0));
    if (!fits) fail(node, Message::tr("%1 must be %2.", key, range));
    *to = *value;
  }

  void ranges(const std::string& key, std::map<std::string, std::pair<double, double>>* to) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::table* table = node->as_table();
    if (!table) fail(node, Message::tr("%1 must be a table of AXIS = [least, greatest].", key));
    for (const auto& [name, value] : *table) {
      const std::string axis = key + "." + std::string(name.str());
      known_.insert(axis);
      const toml::array* ends = value.as_array();
      const auto end = [&](std::size_t i) -> double {
        const auto number = ends && ends->size() == 2 ? ends->get(i)->value<double>() : std::nullopt;
        return number.value_or(NAN);
      };
      const double least = end(0), greatest = end(1);
      if (!(std::isfinite(least) && std::isfinite(greatest) && least < greatest)) {
        fail(&value, Message::tr("%1 must be [least, greatest], two numbers in that order.", axis));
      }
      to->emplace(std::string(name.str()), std::pair(least, greatest));
    }
  }

  /// Refuses what was not taken.
  void finish() const { finish(root_, ""); }

 private:
  void finish(const toml::table& table, const std::string& prefix) const {
    for (const auto& [name, value] : table) {
      const std::string key = prefix + std::string(name.str());
      if (known_.contains(key)) continue;
      const bool group = std::any_of(known_.begin(), known_.end(),
                                     [&](const std::string& known) { return known.starts_with(key + "."); });
      if (group && value.is_table()) {
        finish(*value.as_table(), key + ".");
        continue;
      }
      if (group) fail(&value, Message::tr("%1 must be a table, [%2].", key, key));
      fail(&value, Message::tr("%1 is not a key of a figure template; the nearest is %2.", key,
                               nearest_key(key, {known_.begin(), known_.end()})));
    }
  }

  const toml::table& root_;
  std::string file_;
  std::set<std::string> known_;
};

void read_smoothing(Reader& reader, Smoothing* smoothing) {
  std::string kind = "none";
  reader.text("curves.smoothing", &kind, {"none", "ema", "window"});
  const bool ema = kind == "ema";
  smoothing->kind = ema ? Smoothing::Kind::ema : kind == "window" ? Smoothing::Kind::window : Smoothing::Kind::none;
  smoothing->amount = ema ? 0.9 : kind == "window" ? 21 : 0.0;
  if (kind == "window") {
    reader.number("curves.amount", &smoothing->amount, 1, 1e9, Message::tr("the number of steps, 1 or more"));
  } else {
    reader.number("curves.amount", &smoothing->amount, 0, 0.999999,
                  Message::tr("a momentum of 0 or more and less than 1"));
  }
  if (kind == "none") smoothing->amount = 0;
}

void read_width(Reader& reader, FigureTemplate* figure) {
  std::vector<std::string> widths = {"own"};
  for (const auto& preset : width_presets()) widths.emplace_back(preset.name);
  reader.text("page.width", &figure->width, widths);
  const toml::node* given = reader.take("page.width_mm");
  if (!given) return;
  if (const toml::node* both = reader.take("page.width")) {
    reader.fail(given, Message::tr("%1 and page.width (line %2) both say the width; give one of them.",
                                   std::string("page.width_mm"), both->source().begin.line));
  }
  reader.number("page.width_mm", &figure->width_mm, 20, 2000, Message::tr("20 to 2,000 millimetres"));
  figure->width = "mm";
}

}  // namespace

FigureTemplate parse_template(std::string_view text, const std::string& file) {
  toml::table root;
  try {
    root = parse_toml(text);
  } catch (const TomlError& error) {
    throw SpecError(Message::tr("%1, line %2: %3", file, error.line, Message::tr("not TOML: %1.", error.message())));
  }
  Reader reader(root, file);
  FigureTemplate figure;
  reader.text("figure.kind", &figure.kind, figure_names());
  if (!root.at_path("figure.kind"))
    reader.fail(nullptr,
                Message::tr("%1 is missing; it is one of %2.", std::string("figure.kind"), joined(figure_names())));
  reader.words("figure.parts", &figure.parts);
  for (const auto& part : figure.parts) {
    if (has_part(figure.kind, part)) continue;
    std::vector<std::string> parts;
    for (const auto& own : figure_parts(figure.kind)) parts.push_back(own.name);
    reader.fail(reader.take("figure.parts"),
                Message::tr("%1 has \"%2\"; the parts of %3 are %4.", std::string("figure.parts"), part, figure.kind,
                            joined(parts)));
  }
  reader.text("figure.language", &figure.language, {"en", "zh_CN"});
  reader.flag("figure.strip", &figure.strip);
  read_width(reader, &figure);
  reader.number("page.height_mm", &figure.height_mm, 15, 2000,
                Message::tr("15 to 2,000 millimetres, or 0 for what the panels need"), true);
  reader.number("page.font_pt", &figure.font_pt, 3, 40, Message::tr("3 to 40 points"));
  reader.text("page.palette", &figure.palette, {"okabe-ito", "grey"});
  reader.flag("page.legend", &figure.legend);
  reader.flag("page.events", &figure.events);
  reader.number("page.dpi", &figure.dpi, 36, 2400, Message::tr("36 to 2,400 dots per inch"));
  read_smoothing(reader, &figure.smoothing);
  reader.flag("curves.log_x", &figure.log_x);
  reader.flag("curves.log_y", &figure.log_y);
  std::vector<std::string> axes;
  for (const XAxisRow& row : x_axes()) axes.emplace_back(row.name);
  std::string axis = axes.front(), seeds = "each";
  reader.text("curves.x", &axis, axes);
  figure.x_axis = x_axis_named(axis);
  reader.text("curves.seeds", &seeds, {"each", "mean"});
  figure.seed_means = seeds == "mean";
  reader.ranges("range.x", &figure.x_ranges);
  reader.ranges("range.y", &figure.y_ranges);
  reader.text("runs.select", &figure.runs.select, {"all", "pairs", "without", "with"});
  reader.words("runs.objectives", &figure.runs.objectives);
  reader.words("runs.names", &figure.runs.names);
  reader.finish();
  return figure;
}

FigureTemplate read_template(const std::filesystem::path& file) {
  constexpr std::uint64_t largest = 1 << 20;  // a template has a few hundred bytes
  std::error_code ignored;
  if (std::filesystem::file_size(file, ignored) > largest && !ignored)
    throw SpecError(Message::tr("%1 is no figure template: it is larger than 1 MiB.", file));
  std::string text;
  try {
    text = read_file(file, largest);
  } catch (const FileError& error) {
    throw SpecError(Message::tr("Cannot read the template %1: %2.", file, error.reason));
  }
  return parse_template(text, file.string());
}

void write_template(const FigureTemplate& figure, const std::filesystem::path& file) {
  QSaveFile out(QString::fromStdString(file.string()));
  const QByteArray text = QByteArray::fromStdString(template_text(figure));
  if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit()) {
    throw RunError(Message::tr("Cannot write the template %1: %2.", file, out.errorString().toStdString()));
  }
}

}  // namespace bandscope::viz
