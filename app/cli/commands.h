// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands do once their options are parsed. All throw bandscope::Error with the sentence for the user.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace bandscope::app {

/// `--batch SPEC`: becomes the engine (its exit code is ours). Returns only by throwing.
struct BatchRequest {
  std::string spec;
  std::vector<std::string> set;
  std::string runs;
  bool json = false;
  int jobs = 0;         ///< runs at a time; 0: not said
  std::string devices;  ///< for them, with commas between; empty: what the spec says
};
[[noreturn]] void run_batch(const BatchRequest& request);

/// The engine's arguments for a batch request, without the program's name.
std::vector<std::string> engine_arguments(const BatchRequest& request);

/// `inspect RUN.h5`: prints the summary on stdout.
void inspect(const std::string& record, bool json);

/// `export RUN.h5 … (--figure NAME | --template FILE) --out FILE`.
struct ExportRequest {
  std::vector<std::string> records;  ///< records, or folders that hold one
  std::string figure;
  std::string out;
  std::string template_file;  ///< of the figure dialog; then no figure, size or smoothing
  double width_mm = 0;        ///< 0: the figure's own
  double height_mm = 0;
  double dpi = 300;
  std::string x_axis;  ///< of x_axis_names(); empty: steps
  bool seed_means = false;
  double smoothing = 0;  ///< momentum of an exponential mean in [0, 1)
};
void export_figure(const ExportRequest& request);
/// What --x takes.
std::vector<std::string> x_axis_names();
/// What --figure takes.
std::vector<std::string> figure_names();

/// `export RUN.h5 … --format csv|parquet|tensorboard --out FILE`.
struct TableExport {
  std::vector<std::string> records;  ///< records, or folders that hold one
  std::string format;                ///< of export_formats()
  std::string table;                 ///< of record_table_names; empty: steps; all numbers go to TensorBoard
  std::string out;                   ///< file ("-": the standard output, csv alone); of TensorBoard a folder
};
void export_tables(const TableExport& request);
/// Throws SpecError where the file to write is one of the records, by whatever name.
void refuse_record_as_output(const std::string& out, std::span<const std::filesystem::path> records);
/// What --format takes.
std::vector<std::string> export_formats();

/// `import FILE --out RUN.h5`: prints what was imported. `columns`: NAME=COLUMN each, of a table.
void import_file(const std::string& in, const std::string& out, const std::vector<std::string>& columns);

/// The record that `path` means: itself, or the run.h5 in it when it is a run's folder. DataError when there is none.
std::filesystem::path record_of(const std::filesystem::path& path);

}  // namespace bandscope::app
