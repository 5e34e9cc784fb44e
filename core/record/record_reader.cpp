// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/error.h"
#include "core/record/examiner.h"
#include "core/record/open_record.h"
#include "core/record/row_checksum.h"
#include "core/schema/message_json.h"

namespace bandscope {

namespace {

using record::Cell;
using record::TableReader;

/// A text of fixed length, without what fills it up.
std::string cell_text(const std::vector<char>& cells, std::size_t row, std::size_t bytes) {
  const char* cell = cells.data() + row * bytes;
  return std::string(cell, ::strnlen(cell, bytes));
}

}  // namespace

struct RecordReader::Impl : record::OpenRecord {};

RecordReader::RecordReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordReader::RecordReader(RecordReader&&) noexcept = default;
RecordReader& RecordReader::operator=(RecordReader&&) noexcept = default;
RecordReader::~RecordReader() = default;

RecordReader RecordReader::open(const std::filesystem::path& file) { return opened(file, record::examine(file)); }

RecordReader RecordReader::open_unexamined(const std::filesystem::path& file) { return opened(file, {}); }

RecordReader RecordReader::opened(const std::filesystem::path& file, Message remark) {
  auto impl = std::make_unique<Impl>();
  impl->path = file;
  impl->remark = std::move(remark);
  impl->guarded([&] { impl->open(); });
  return RecordReader(std::move(impl));
}

const record::OpenRecord& RecordReader::opened_record() const { return *impl_; }
const std::filesystem::path& RecordReader::path() const { return impl_->path; }
const Message& RecordReader::note() const { return impl_->note; }
bool RecordReader::live() const { return impl_->look.flagged; }
bool RecordReader::writer_alive() const { return impl_->look.writer_alive; }

std::string RecordReader::spec_toml() const {
  return impl_->guarded([&] { return h5::read_text(impl_->file.get(), "spec", impl_->look.held_bytes); });
}
std::string RecordReader::environment_json() const {
  return impl_->guarded([&] { return h5::read_text(impl_->file.get(), "environment", impl_->look.held_bytes); });
}

bool RecordReader::refresh() {
  return impl_->guarded([&] { return impl_->refresh(); });
}
std::size_t RecordReader::steps() const { return impl_->steps.rows(); }
std::size_t RecordReader::pairs() const { return impl_->pairs.rows(); }
std::size_t RecordReader::probes() const { return impl_->probe.rows(); }
std::size_t RecordReader::events() const { return impl_->events.rows(); }
std::size_t RecordReader::evaluations() const { return impl_->evaluation.rows(); }
std::size_t RecordReader::layer_steps() const { return impl_->layers.rows(); }
RunState RecordReader::state() const { return impl_->state; }
double RecordReader::heartbeat() const { return impl_->heartbeat; }
std::vector<std::string> RecordReader::layer_names() const { return impl_->names; }

std::vector<std::int64_t> RecordReader::step_numbers(std::size_t first, std::size_t count) const {
  return impl_->cells<std::int64_t>(impl_->steps, "step", first, count);
}
std::vector<double> RecordReader::column(Column column, std::size_t first, std::size_t count) const {
  return impl_->cells<double>(impl_->steps, column_names[static_cast<std::size_t>(column)], first, count);
}

std::vector<std::int64_t> RecordReader::changed_steps(std::size_t first, std::size_t count) const {
  const auto& table = impl_->steps;
  const auto numbers = step_numbers(first, count);
  const auto checksums = impl_->cells<std::int64_t>(table, "checksum", first, count);
  std::vector<std::uint64_t> sums;
  sums.reserve(numbers.size());
  for (const std::int64_t step : numbers) sums.push_back(record::cell_term("step", static_cast<std::uint64_t>(step)));
  for (std::size_t i = 0; i < column_names.size(); ++i) {
    if (!table.has(table.layout().index(column_names[i]))) continue;
    const auto values = column(static_cast<Column>(i), first, count);
    for (std::size_t row = 0; row < values.size(); ++row) sums[row] += record::cell_term(column_names[i], values[row]);
  }
  std::vector<std::int64_t> changed;
  for (std::size_t row = 0; row < numbers.size(); ++row)
    if (checksums[row] != 0 && checksums[row] != record::checksum_of(sums[row])) changed.push_back(numbers[row]);
  return changed;
}

std::vector<PairRow> RecordReader::pair_rows(std::size_t first, std::size_t count) const {
  const auto& table = impl_->pairs;
  first = std::min<std::size_t>(first, table.rows());
  std::vector<PairRow> rows(std::min<std::size_t>(count, table.rows() - first));
  if (rows.empty()) return rows;
  for (const PairField& field : pair_fields) {
    std::visit(
        [&](auto member) {
          using Value = std::remove_reference_t<decltype(rows[0].*member)>;
          const auto values = impl_->cells<Value>(table, field.about.name, first, rows.size());
          for (std::size_t i = 0; i < rows.size(); ++i) rows[i].*member = values[i];
        },
        field.member);
  }
  return rows;
}

std::vector<ProbeRow> RecordReader::probe_rows() const {
  const auto& table = impl_->probe;
  std::vector<ProbeRow> rows(table.rows());
  if (rows.empty()) return rows;
  const auto step = impl_->cells<std::int64_t>(table, "step", 0, npos);
  const auto z_w = impl_->cells<double>(table, "z_w", 0, npos), z_l = impl_->cells<double>(table, "z_l", 0, npos);
  const auto margin = impl_->cells<double>(table, "margin", 0, npos);
  const auto accuracy = impl_->cells<double>(table, "accuracy", 0, npos);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = {step[i], z_w[i], z_l[i], margin[i], accuracy[i]};
  return rows;
}

std::vector<EventRow> RecordReader::event_rows() const {
  const auto& table = impl_->events;
  std::vector<EventRow> rows(table.rows());
  if (rows.empty()) return rows;
  const auto step = impl_->cells<std::int64_t>(table, "step", 0, npos);
  const auto time = impl_->cells<double>(table, "time", 0, npos);
  const auto kind = impl_->cells<char>(table, "kind", 0, npos), message = impl_->cells<char>(table, "message", 0, npos);
  const auto values = impl_->cells<char>(table, "values", 0, npos);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {
        step[i], time[i], cell_text(kind, i, record::kind_bytes),
        message_of_text(cell_text(message, i, record::message_bytes), cell_text(values, i, record::values_bytes))};
  }
  return rows;
}

std::vector<EvaluationRow> RecordReader::evaluation_rows() const {
  const auto& table = impl_->evaluation;
  if (!table.present()) return {};
  std::vector<EvaluationRow> rows(table.rows());
  if (rows.empty()) return rows;
  const auto step = impl_->cells<std::int64_t>(table, "step", 0, npos);
  const auto task = impl_->cells<char>(table, "task", 0, npos), metric = impl_->cells<char>(table, "metric", 0, npos),
             filter = impl_->cells<char>(table, "filter", 0, npos);
  const auto value = impl_->cells<double>(table, "value", 0, npos),
             error = impl_->cells<double>(table, "stderr", 0, npos);
  const auto samples = impl_->cells<std::int64_t>(table, "samples", 0, npos);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {step[i],
               cell_text(task, i, record::name_bytes),
               cell_text(metric, i, record::kind_bytes),
               cell_text(filter, i, record::name_bytes),
               value[i],
               error[i],
               samples[i]};
  }
  return rows;
}

std::vector<LayerRow> RecordReader::layer_rows(std::size_t first, std::size_t count) const {
  const auto& table = impl_->layers;
  if (!table.present()) return {};
  const auto step = impl_->cells<std::int64_t>(table, "step", first, count);
  const auto norm_w = impl_->cells<double>(table, "score_norm_w", first, count);
  const auto norm_l = impl_->cells<double>(table, "score_norm_l", first, count);
  const auto dot = impl_->cells<double>(table, "score_dot", first, count);
  const std::size_t width = impl_->names.size();
  std::vector<LayerRow> rows(step.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto slice = [&](const std::vector<double>& values) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * width);
      return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(width));
    };
    rows[i] = {step[i], slice(norm_w), slice(norm_l), slice(dot)};
  }
  return rows;
}

}  // namespace bandscope
