// SPDX-License-Identifier: GPL-3.0-or-later
// `export`: a figure file from records. The offscreen platform draws it, so that the file is the same with and without
// a display.
#include <QGuiApplication>
#include <algorithm>
#include <cstdlib>

#include "app/base/quiet_qt.h"
#include "app/cli/commands.h"
#include "app/cli/nearest.h"
#include "app/figure/figure_titles.h"
#include "core/error.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"
#include "viz/figure/x_axis.h"

namespace bandscope::app {

std::vector<std::string> figure_names() { return viz::figure_names(); }

std::vector<std::string> x_axis_names() {
  std::vector<std::string> names;
  for (const viz::XAxisRow& axis : viz::x_axes()) names.emplace_back(axis.name);
  return names;
}

void export_figure(const ExportRequest& request) {
  const bool by_template = !request.template_file.empty();
  if (!by_template && request.figure.empty()) {
    throw SpecError(Message::tr("export needs --figure NAME, --template FILE or --format FORMAT; figures are %1",
                                listed(figure_names())));
  }
  const auto names = figure_names();
  if (!by_template && std::find(names.begin(), names.end(), request.figure) == names.end()) {
    const auto near = nearest(request.figure, names);
    if (near.empty()) throw SpecError(Message::tr("no figure \"%1\"; allowed are %2", request.figure, listed(names)));
    throw SpecError(
        Message::tr("no figure \"%1\" (did you mean %2?); allowed are %3", request.figure, near, listed(names)));
  }
  std::vector<std::filesystem::path> records;
  for (const auto& record : request.records) records.push_back(record_of(record));

  refuse_record_as_output(request.out, records);
  ::setenv("QT_QPA_PLATFORM", "offscreen", 0);
  int argc = 1;
  char name[] = "bandscope";
  char* argv[] = {name, nullptr};
  quiet_qt();
  const QGuiApplication application(argc, argv);

  if (by_template) {
    const auto figure = viz::read_template(request.template_file);
    viz::run_export(records, figure, request.out, figure_language(figure.language));
    return;
  }
  viz::FigureOptions options;
  options.width_mm = request.width_mm;
  options.height_mm = request.height_mm;
  if (!request.x_axis.empty()) options.x_axis = viz::x_axis_named(request.x_axis);
  options.seed_means = request.seed_means;
  if (request.smoothing > 0) options.smoothing = {viz::Smoothing::Kind::ema, request.smoothing};
  viz::run_export(records, request.figure, request.out, options, {.dpi = request.dpi});
}

}  // namespace bandscope::app
