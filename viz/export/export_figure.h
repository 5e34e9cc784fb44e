// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a figure to a file in millimetres: svg, pdf (fonts embedded), png, csv, of a table also
// LaTeX. The bytes depend on the figure and
// the options alone, not on screen or clock. Needs a QGuiApplication for its fonts; any platform will do.
#pragma once

#include <QImage>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "viz/figure/figure.h"
#include "viz/figure/figure_template.h"

namespace bandscope::viz {

struct ExportOptions {
  double dpi = 300;  ///< of png, 36 to 2400
};

/// The format is the file's suffix: .svg, .pdf, .png or .csv, of a table also .tex. Throws SpecError for another
/// suffix, RunError when the file cannot be written (path and the system's reason). An existing file is replaced only
/// by a whole new one.
void export_figure(const Figure& figure, const std::filesystem::path& out, const ExportOptions& options = {});

/// The picture that a .png holds. Throws SpecError for another resolution than 36 to 2,400 dpi.
QImage figure_image(const Figure& figure, double dpi);

/// `bandscope export RUN.h5 … --figure NAME --out FILE`: reads the records, makes the figure, writes the file.
/// Throws SpecError, DataError, RunError.
void run_export(const std::vector<std::filesystem::path>& records, std::string_view figure_name,
                const std::filesystem::path& out, const FigureOptions& figure_options = {},
                const ExportOptions& export_options = {});

/// The same by a template, as `--template` and the figure dialog make it. `say` translates for the template's language.
/// Returns false, with nothing written, when `stop` was asked for while reading. Throws SpecError, DataError, RunError.
bool run_export(const std::vector<std::filesystem::path>& records, const FigureTemplate& figure,
                const std::filesystem::path& out, const Words& say = english, std::stop_token stop = {});
/// The template's figure of runs that are read already.
Figure template_figure(const FigureTemplate& figure, const std::vector<RunDataPtr>& runs, const Words& say = english);

/// A CSV of exactly what is drawn: header, then one row per step with a drawn point.
std::string figure_csv(const Figure& figure);

}  // namespace bandscope::viz
