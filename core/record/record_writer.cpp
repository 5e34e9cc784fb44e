// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.h"
#include "core/record/raw_cells.h"
#include "core/record/record_file.h"
#include "core/record/record_rebuild.h"
#include "core/record/row_checksum.h"
#include "core/schema/message_json.h"

namespace bandscope {

namespace {

/// `text` in `bytes` bytes, cut where a UTF-8 character ends, padded with zeros.
void put_text(const std::string& text, std::size_t bytes, char* cell) {
  std::size_t length = std::min(text.size(), bytes);
  if (length < text.size())
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  std::memset(cell, 0, bytes);
  text.copy(cell, length);
}

/// As JSON; nothing for a plain text, or where it is too long for its cell.
std::string values_of(const Message& message) {
  if (!message.is_sentence()) return {};
  std::string json = to_json(message).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return json.size() <= record::values_bytes ? json : std::string();
}

std::int64_t checksum_of_row(const StepRow& row) {
  std::uint64_t sum = record::cell_term("step", static_cast<std::uint64_t>(row.step));
  for (std::size_t i = 0; i < column_count; ++i) sum += record::cell_term(column_names[i], row.values[i]);
  return record::checksum_of(sum);
}

/// Columns of /pairs beside each other, reused from step to step.
class PairColumns {
 public:
  void fill(std::span<const PairRow> pairs, std::int64_t of_step) {
    for (std::size_t column = 0; column + 1 < count; ++column) {
      std::vector<std::uint64_t>& cells = columns_[column];
      cells.resize(pairs.size());
      std::visit(
          [&](auto member) {
            for (std::size_t i = 0; i < pairs.size(); ++i) cells[i] = std::bit_cast<std::uint64_t>(pairs[i].*member);
          },
          pair_fields[column].member);
    }
    columns_.back().assign(pairs.size(), static_cast<std::uint64_t>(of_step));
    std::ranges::transform(columns_, cells_.begin(), [](const auto& cells) { return cells.data(); });
  }
  /// In the order of pairs_layout().
  std::span<const void* const> cells() const { return cells_; }

 private:
  static constexpr std::size_t count = std::size(pair_fields);
  static_assert(pair_fields[count - 1].about.name == "step");

  std::array<std::vector<std::uint64_t>, count> columns_;
  std::array<const void*, count> cells_{};
};

}  // namespace

struct RecordWriter::Impl {
  std::filesystem::path path;
  record::RecordFile file;
  PairColumns pair_columns;
  std::int64_t last_step = 0;
  std::int64_t last_probe = -1, last_evaluation = -1;
  bool closed = false;
  Message failure;  ///< empty while every write went through

  ~Impl() {
    try {
      close();
    } catch (const Error&) {  // whoever must know of a failing close calls close()
    }
  }

  /// Runs one group of writes; on failure the file is left as it was on disk and every later call says so again.
  template <typename Write>
  void guarded(Write write) {
    const h5::Lock lock;
    if (!failure.empty()) throw RunError(failure);
    if (closed) throw RunError(Message::tr("cannot write %1: %2", path, Message::tr("the record is closed")));
    try {
      write();
    } catch (const h5::Failure& problem) {
      failure = Message::tr("cannot write %1: %2", path, problem.message());
      file.overwrite_state(RunState::failed);
      file.abandon();
      throw RunError(failure);
    }
  }

  void close() {
    const h5::Lock lock;
    if (closed || !failure.empty()) return;
    guarded([&] { file.close(); });
    closed = true;
  }
};

RecordWriter::RecordWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordWriter::RecordWriter(RecordWriter&&) noexcept = default;
RecordWriter& RecordWriter::operator=(RecordWriter&&) noexcept = default;
RecordWriter::~RecordWriter() = default;

RecordWriter RecordWriter::create(const std::filesystem::path& file, const Options& options) {
  const h5::Lock lock;
  auto impl = std::make_unique<Impl>();
  impl->path = file;
  if (std::filesystem::exists(file))
    throw RunError(Message::tr("cannot write %1: %2", file, Message::tr("the file exists already")));
  try {
    impl->file = record::RecordFile(file, options.spec_toml, options.environment_json, options.layer_names);
    impl->file.start_swmr();
    impl->file.publish(false);
  } catch (const h5::Failure& problem) {
    impl->file.abandon();
    throw RunError(Message::tr("cannot write %1: %2", file, problem.message()));
  }
  return RecordWriter(std::move(impl));
}

RecordWriter RecordWriter::resume(const std::filesystem::path& file, std::int64_t last_step) {
  return reopened(file, {.last_step = last_step});
}

RecordWriter RecordWriter::go_on_copying(const std::filesystem::path& file, const TableRows& keep) {
  return reopened(file, {.rows = keep});
}

RecordWriter RecordWriter::reopened(const std::filesystem::path& file, const record::Keep& keep) {
  const h5::Lock lock;
  auto impl = std::make_unique<Impl>();
  impl->path = file;
  auto rebuilt = record::rebuild(file, keep, record::Afterwards::append);
  impl->file = std::move(rebuilt.file);
  impl->last_step = rebuilt.last_step;
  impl->last_probe = rebuilt.last_probe;
  impl->last_evaluation = rebuilt.last_evaluation;
  return RecordWriter(std::move(impl));
}

void RecordWriter::append_step(const StepRow& row, std::span<const PairRow> pairs, const LayerRow* layers) {
  impl_->guarded([&] {
    auto& file = impl_->file;
    const std::size_t width = file.layer_count();
    if ((layers != nullptr) != (width > 0)) throw std::logic_error("layers are recorded at every step or never");
    impl_->pair_columns.fill(pairs, row.step);
    file.pairs().append(pairs.size(), impl_->pair_columns.cells());
    if (layers != nullptr) {
      if (layers->score_norm_w.size() != width || layers->score_norm_l.size() != width ||
          layers->score_dot.size() != width)
        throw std::logic_error("a layer row has another number of layers than the record");
      const std::array<const void*, 4> cells = {layers->score_norm_w.data(), layers->score_norm_l.data(),
                                                layers->score_dot.data(), &row.step};
      file.layers().append(1, cells);
    }
    const std::int64_t checksum = checksum_of_row(row);
    std::array<const void*, column_count + 2> cells;
    for (std::size_t i = 0; i < column_count; ++i) cells[i] = &row.values[i];
    cells[column_count] = &checksum;
    cells[column_count + 1] = &row.step;
    file.steps().append(1, cells);
    impl_->last_step = row.step;
  });
}

void RecordWriter::append_steps(std::span<const StepRow> rows) {
  impl_->guarded([&] {
    if (impl_->file.layer_count() > 0) throw std::logic_error("layers are recorded at every step or never");
    std::vector<std::vector<double>> columns(column_count, std::vector<double>(rows.size()));
    std::vector<std::int64_t> step(rows.size()), checksum(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      step[i] = rows[i].step;
      checksum[i] = checksum_of_row(rows[i]);
      for (std::size_t c = 0; c < column_count; ++c) columns[c][i] = rows[i].values[c];
    }
    std::array<const void*, column_count + 2> cells;
    for (std::size_t c = 0; c < column_count; ++c) cells[c] = columns[c].data();
    cells[column_count] = checksum.data();
    cells[column_count + 1] = step.data();
    impl_->file.steps().append(rows.size(), cells);
    if (!rows.empty()) impl_->last_step = rows.back().step;
  });
}

void RecordWriter::append_probe(const ProbeRow& row) {
  impl_->guarded([&] {
    const std::array<const void*, 5> cells = {&row.z_w, &row.z_l, &row.margin, &row.accuracy, &row.step};
    impl_->file.probe().append(1, cells);
    impl_->last_probe = row.step;
  });
}

void RecordWriter::append_event(const EventRow& row) {
  impl_->guarded([&] {
    std::array<char, record::kind_bytes> kind;
    std::array<char, record::message_bytes> message;
    std::array<char, record::values_bytes> values;
    put_text(row.kind, kind.size(), kind.data());
    put_text(row.message.english(), message.size(), message.data());
    put_text(values_of(row.message), values.size(), values.data());
    const std::array<const void*, 5> cells = {&row.time, kind.data(), message.data(), values.data(), &row.step};
    impl_->file.events().append(1, cells);
  });
}

void RecordWriter::append_evaluation(std::span<const EvaluationRow> rows) {
  if (rows.empty()) return;
  impl_->guarded([&] {
    std::vector<char> task(rows.size() * record::name_bytes), metric(rows.size() * record::kind_bytes),
        filter(rows.size() * record::name_bytes);
    std::vector<double> value, error;
    std::vector<std::int64_t> samples, step;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      put_text(rows[i].task, record::name_bytes, task.data() + i * record::name_bytes);
      put_text(rows[i].metric, record::kind_bytes, metric.data() + i * record::kind_bytes);
      put_text(rows[i].filter, record::name_bytes, filter.data() + i * record::name_bytes);
      value.push_back(rows[i].value);
      error.push_back(rows[i].error);
      samples.push_back(rows[i].samples);
      step.push_back(rows[i].step);
    }
    const std::array<const void*, 7> cells = {task.data(),  metric.data(),  filter.data(), value.data(),
                                              error.data(), samples.data(), step.data()};
    impl_->file.evaluation().append(rows.size(), cells);
    impl_->last_evaluation = rows.back().step;
  });
}

void RecordWriter::append_raw(const RawRows& rows) {
  if (rows.count == 0) return;
  auto& tables = impl_->file.tables();
  const auto index = static_cast<std::size_t>(rows.table);
  if (index >= tables.size()) throw DataError(Message::tr("the record has no table %1", record_table_names[index]));
  const record::RawCells cells(tables[index].layout(), rows);
  impl_->guarded([&] { tables[index].append(rows.count, cells.pointers()); });
  if (rows.table == RecordTable::steps) impl_->last_step = cells.last_step();
  if (rows.table == RecordTable::probe) impl_->last_probe = cells.last_step();
  if (rows.table == RecordTable::evaluation) impl_->last_evaluation = cells.last_step();
}

TableRows RecordWriter::rows() const {
  TableRows rows{};
  const auto& tables = impl_->file.tables();
  for (std::size_t i = 0; i < tables.size(); ++i) rows[i] = tables[i].rows();
  return rows;
}

void RecordWriter::set_status(RunState state) { set_status(state, record::wall_clock()); }

void RecordWriter::set_status(RunState state, double heartbeat) {
  impl_->guarded([&] {
    impl_->file.write_state(state);
    impl_->file.write_heartbeat(heartbeat);
  });
}

void RecordWriter::heartbeat() {
  impl_->guarded([&] { impl_->file.write_heartbeat(record::wall_clock()); });
}

bool RecordWriter::in_place() const { return impl_->file.in_place(); }
std::filesystem::path RecordWriter::present_path() const { return impl_->file.present_path(); }

void RecordWriter::close() { impl_->close(); }

std::int64_t RecordWriter::last_step() const { return impl_->last_step; }
std::int64_t RecordWriter::last_probe_step() const { return impl_->last_probe; }
std::int64_t RecordWriter::last_evaluation_step() const { return impl_->last_evaluation; }

}  // namespace bandscope
