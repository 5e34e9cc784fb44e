// SPDX-License-Identifier: GPL-3.0-or-later
// `export --format`: tables of records for other programs.
#include <QDateTime>
#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/nearest.h"
#include "core/error.h"
#include "core/export/csv.h"
#include "core/export/event_file.h"
#include "core/export/run_table.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "training/data/parquet_file.h"

namespace bandscope::app {
namespace {

namespace fs = std::filesystem;

RecordTable table_named(const std::string& name) {
  const auto at = std::ranges::find(record_table_names, name);
  if (at == record_table_names.end())
    throw SpecError(Message::tr("no table \"%1\"; allowed are %2", name,
                                listed({record_table_names.begin(), record_table_names.end()})));
  return static_cast<RecordTable>(at - record_table_names.begin());
}

/// One file for all runs needs the same columns of all of them; only /layers has others from model to model.
void require_same_columns(const TableBlock& first, const NamedRecord& record, const TableBlock& block) {
  if (std::ranges::equal(first, block, {}, &TableColumn::name, &TableColumn::name)) return;
  throw DataError(Message::tr("%1 has other columns than the runs before it; export it to a file of its own",
                              record.reader.path()));
}

void export_rows(std::span<const NamedRecord> records, RecordTable table,
                 const std::function<void(const std::string& run, const TableBlock&)>& append) {
  TableBlock names;
  each_block(records, table, [&](const NamedRecord& record, const TableBlock& block) {
    if (names.empty())
      for (const TableColumn& column : block) names.push_back({column.name, {}});
    require_same_columns(names, record, block);
    append(record.run, block);
  });
}

void export_csv(std::span<const NamedRecord> records, RecordTable table, const std::string& out) {
  std::optional<FreshFile> file;
  if (out != "-") file.emplace(out);
  const auto write = [&](const std::string& text) {
    if (file) return file->write(text);
    std::cout << text;
    if (!std::cout.flush()) throw RunError(Message::tr("cannot write to the standard output"));
  };
  bool first = true;
  export_rows(records, table, [&](const std::string& run, const TableBlock& block) {
    if (first) write(csv_header(block));
    first = false;
    write(csv_lines(run, block));
  });
  if (file) file->finish();
}

void export_parquet(std::span<const NamedRecord> records, RecordTable table, const std::string& out) {
  data::ParquetFile file(out);
  export_rows(records, table, [&](const std::string& run, const TableBlock& block) { file.append(run, block); });
  file.finish();
}

/// Seconds since 1970 at which the run began; 0 where its record does not say.
double began(const RecordReader& reader) {
  const auto environment = try_json(reader.environment_json());
  if (!environment || !environment->is_object()) return 0;
  const auto started = environment->find("started");
  if (started == environment->end() || !started->is_string()) return 0;
  const QDateTime time = QDateTime::fromString(QString::fromStdString(started->get<std::string>()), Qt::ISODate);
  return time.isValid() ? static_cast<double>(time.toSecsSinceEpoch()) : 0;
}

/// Every column of numbers but those that count rows becomes a tag TABLE/COLUMN; benchmarks evaluation/TASK/METRIC.
void export_events(const NamedRecord& record, const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem)
    throw RunError(Message::at(folder, Message::tr("the folder cannot be made (%1)", system_reason(problem))));
  const double start = began(record.reader);
  // The name by which TensorBoard knows its files; always the same one, so that an export replaces the one before it.
  EventFile file(folder / "events.out.tfevents.0.bandscope");
  std::vector<std::int64_t> steps = record.reader.step_numbers();
  const std::vector<double> times = record.reader.column(Column::time);
  const auto time_of = [&](std::int64_t step) {
    const auto at = std::ranges::lower_bound(steps, step);
    const auto row = static_cast<std::size_t>(at - steps.begin());
    return start + (row < times.size() && !std::isnan(times[row]) && step > 0 ? times[row] : 0);
  };
  for (const RecordTable table : {RecordTable::steps, RecordTable::probe}) {
    const std::string prefix = std::string(record_table_names[static_cast<std::size_t>(table)]) + "/";
    each_block({&record, 1}, table, [&](const NamedRecord&, const TableBlock& block) {
      const auto& numbers = std::get<std::vector<std::int64_t>>(block.front().cells);
      for (const TableColumn& column : block)
        if (const auto* values = std::get_if<std::vector<double>>(&column.cells))
          for (std::size_t row = 0; row < values->size(); ++row)
            file.add(prefix + column.name, numbers[row], time_of(numbers[row]), (*values)[row]);
    });
  }
  for (const EvaluationRow& row : record.reader.evaluation_rows()) {
    const std::string filter = row.filter == "none" ? "" : "/" + row.filter;
    file.add("evaluation/" + row.task + "/" + row.metric + filter, row.step, time_of(row.step), row.value);
  }
  file.finish();
}

}  // namespace

std::vector<std::string> export_formats() { return {"csv", "parquet", "tensorboard"}; }

void refuse_record_as_output(const std::string& out, std::span<const fs::path> records) {
  for (const fs::path& record : records) {
    std::error_code unknown;
    if (fs::equivalent(out, record, unknown))
      throw SpecError(Message::tr("--out %1 is the record itself, which would be lost; choose another file", out));
  }
}

void export_tables(const TableExport& request) {
  std::vector<fs::path> paths;
  for (const auto& record : request.records) paths.push_back(record_of(record));
  if (request.format != "csv" && request.out == "-") {
    throw SpecError(
        Message::tr("--format %1 needs a file or folder to write to, --out NAME; the standard output, "
                    "--out -, takes csv alone",
                    request.format));
  }
  if (request.format == "tensorboard" && !request.table.empty()) {
    throw SpecError(
        Message::tr("--table %1: --format tensorboard takes no table, it writes the numbers of all; tables "
                    "are chosen of --format csv and parquet",
                    request.table));
  }
  if (request.out != "-") refuse_record_as_output(request.out, paths);
  const RecordTable table = table_named(request.table.empty() ? "steps" : request.table);
  const std::vector<NamedRecord> records = open_named(paths);
  if (request.format == "csv") return export_csv(records, table, request.out);
  if (request.format == "parquet") return export_parquet(records, table, request.out);
  for (const NamedRecord& record : records) export_events(record, fs::path(request.out) / record.run);
}

}  // namespace bandscope::app
