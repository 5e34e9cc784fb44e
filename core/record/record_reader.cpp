// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/error.h"
#include "core/record/examiner.h"
#include "core/record/file_look.h"
#include "core/record/hdf5_read.h"
#include "core/record/record_file.h"
#include "core/record/row_checksum.h"
#include "core/record/writer_lock.h"
#include "core/schema/message_json.h"

namespace bandscope {

namespace {

using record::Cell;
using record::FileLook;
using record::TableReader;

std::string thousands(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

/// Number of leading rows whose step is not above `last_step`, seen from the end: few rows are.
hsize_t rows_not_past(const TableReader& table, std::int64_t last_step) {
  constexpr hsize_t block = 1024;
  std::vector<std::int64_t> steps;
  hsize_t rows = table.rows();
  while (rows > 0) {
    const hsize_t count = std::min(block, rows);
    steps.resize(count);
    table.read(table.layout().columns.size() - 1, rows - count, count, steps.data());
    const auto whole = std::find_if(steps.rbegin(), steps.rend(), [&](auto step) { return step <= last_step; });
    if (whole != steps.rend()) return rows - static_cast<hsize_t>(whole - steps.rbegin());
    rows -= count;
  }
  return 0;
}

/// More layers than any model has, with the embeddings and the head.
constexpr hsize_t most_layers = 65'536;

std::vector<std::string> read_names(hid_t file, hsize_t file_bytes) {
  if (!h5::has(file, "layers")) return {};
  const h5::Group layers = h5::open_group(file, "layers");
  if (!h5::has(layers.get(), "names")) return {};
  return h5::read_texts(layers.get(), "names", most_layers, file_bytes);
}

/// A text of fixed length, without what fills it up.
std::string cell_text(const std::vector<char>& cells, std::size_t row, std::size_t bytes) {
  const char* cell = cells.data() + row * bytes;
  return std::string(cell, ::strnlen(cell, bytes));
}

}  // namespace

struct RecordReader::Impl {
  std::filesystem::path path;
  FileLook look;
  h5::File file;
  h5::Dataset state_data, heartbeat_data;
  TableReader steps, pairs, probe, events, evaluation, layers;
  std::vector<std::string> names;
  Message note;
  Message remark;  ///< of the process that looked at the file first
  RunState state = RunState::waiting;
  double heartbeat = 0;

  ~Impl() {
    const h5::Lock lock;
    state_data.reset();
    heartbeat_data.reset();
    for (TableReader* table : {&steps, &pairs, &probe, &events, &evaluation, &layers}) *table = {};
    file.reset();
  }

  /// Runs reads; a failure becomes a DataError with the path. While the writer lives it is tried again first, since a
  /// read can meet a block that is half written.
  template <typename Read>
  auto guarded(Read read) const {
    for (int attempt = 1;; ++attempt) {
      const h5::Lock lock;
      try {
        return read();
      } catch (const h5::Failure& problem) {
        if (attempt == 3 || !look.writer_alive)
          throw DataError(Message::tr("cannot read %1: %2", path, problem.message()));
      }
    }
  }

  void open() {
    look = record::look_at(path);
    if (look.bytes == 0) throw DataError(Message::tr("%1 is empty, not a run record", path));
    if (!look.hdf5) throw DataError(Message::tr("%1 is not a run record (not an HDF5 file)", path));
    const h5::Properties access = h5::record_access(look.flagged && !writer_killed(look), cut_short());
    // SWMR reading also opens what a writer has open, or had when it was killed; older formats do not know it.
    hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get());
    if (id < 0) {
      const Message reason = h5::failure_reason();
      id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
      H5Eclear2(H5E_DEFAULT);
      if (id < 0) throw h5::Failure(cut_short() ? cut_short_words() : Message::tr("the file is damaged (%1)", reason));
    }
    file = h5::File(id);
    try {
      check_format();
      const h5::Group status = h5::open_group(file.get(), "status");
      state_data = h5::open_dataset(status.get(), "state");
      heartbeat_data = h5::open_dataset(status.get(), "heartbeat");
      // Another reader of this process may have them open, as old as it last saw them.
      h5::checked(H5Drefresh(state_data.get()));
      h5::checked(H5Drefresh(heartbeat_data.get()));
      read_status();
      names = read_names(file.get(), look.held_bytes);
      steps = TableReader(file.get(), record::steps_layout());
      if (!steps.present()) throw h5::Failure(Message::tr("the record has no /steps"));
      pairs = TableReader(file.get(), record::pairs_layout());
      probe = TableReader(file.get(), record::probe_layout());
      events = TableReader(file.get(), record::events_layout());
      evaluation = TableReader(file.get(), record::evaluation_layout());
      if (!names.empty()) layers = TableReader(file.get(), record::layers_layout(names.size()));
      settle();
    } catch (const h5::Failure& problem) {
      if (cut_short()) throw h5::Failure(cut_short_words(problem.message()));
      throw;
    }
  }

  bool writer_killed(const FileLook& at) const {
    return at.flagged && !at.writer_alive && !on_network_file_system(path);
  }
  bool cut_short() const { return look.end > look.bytes && !look.writer_alive; }
  Message cut_short_words(const Message& reason = {}) const {
    const std::string is = thousands(look.bytes), was = thousands(look.end);
    if (reason.empty()) return Message::tr("the file is cut short (%1 of %2 bytes)", is, was);
    return Message::tr("the file is cut short (%1 of %2 bytes), %3", is, was, reason);
  }

  void check_format() const {
    std::string format;
    try {
      format = h5::read_text_attribute(file.get(), "format");
    } catch (const h5::Failure&) {
      H5Eclear2(H5E_DEFAULT);
    }
    if (format != record::format_name)
      throw DataError(Message::tr("%1 is an HDF5 file, but not a run record (its attribute format is not \"%2\")", path,
                                  record::format_name));
    const std::int64_t version = h5::read_integer_attribute(file.get(), "format_version");
    if (version != record::format_version)
      throw DataError(Message::tr("%1 is a run record of version %2; this program reads version %3", path, version,
                                  record::format_version));
  }

  void read_status() {
    const std::int64_t value = h5::read_integer(state_data.get(), "/status/state");
    heartbeat = h5::read_real(heartbeat_data.get(), "/status/heartbeat");
    if (value < 0 || value > static_cast<int>(RunState::stopped))
      throw h5::Failure(Message::tr("/status/state is %1; allowed are 0 to 5", value));
    state = static_cast<RunState>(value);
  }

  /// Leaves out rows that are not whole, and says what was found.
  void settle() {
    const bool killed = writer_killed(look);
    if (killed || cut_short())
      for (TableReader* table : {&steps, &pairs, &probe, &events, &evaluation, &layers})
        if (table->present()) table->limit(table->intact_rows(look.bytes));
    require_room();
    std::int64_t last_step = -1;
    if (steps.rows() > 0) steps.read(steps.layout().index("step"), steps.rows() - 1, 1, &last_step);
    for (TableReader* table : {&pairs, &layers})
      if (table->present()) table->limit(rows_not_past(*table, last_step));
    const Message read = Message::tr("%1 whole steps read", thousands(steps.rows()));
    note = killed        ? Message::tr("the writer was killed; %1", read)
           : cut_short() ? Message::joined(cut_short_words(), read)
                         : Message();
    note = Message::joined(note, remark);
  }

  /// A file can declare any number of rows without holding one; what is read is bounded by what the file holds.
  void require_room() const {
    hsize_t stored = 0, whole = 0;
    const auto add = [](hsize_t& sum, hsize_t more) { sum = sum > ~more ? ~hsize_t{0} : sum + more; };
    for (const TableReader* table : {&steps, &pairs, &probe, &events, &evaluation, &layers}) {
      add(stored, table->stored_bytes());
      add(whole, table->whole_bytes());
    }
    if (stored <= look.held_bytes && whole / 3 <= look.held_bytes) return;
    throw h5::Failure(Message::tr("it declares %1 steps and %2 pairs, but the file holds %3 bytes",
                                  thousands(steps.rows()), thousands(pairs.rows()), thousands(look.held_bytes)));
  }

  bool refresh() {
    const FileLook before_look = look;
    const FileLook now = record::look_at(path);
    if (now.device != look.device || now.inode != look.inode) {
      // A resumed run or a repair put a new file in the place of the one that is open.
      Impl fresh;
      fresh.path = path;
      fresh.remark = record::examine(path);
      fresh.open();
      swap(fresh);
      return true;
    }
    look = now;
    if (!before_look.flagged && !look.flagged) return false;
    if (writer_killed(before_look) && writer_killed(look)) return false;
    h5::checked(H5Drefresh(state_data.get()));
    h5::checked(H5Drefresh(heartbeat_data.get()));
    read_status();  // before the rows: "done" must never be seen with rows missing
    const auto before = std::array{steps.rows(), probe.rows(), events.rows(), evaluation.rows()};
    for (TableReader* table : {&steps, &pairs, &probe, &events, &evaluation, &layers}) table->refresh();
    settle();
    return steps.rows() > before[0] || probe.rows() > before[1] || events.rows() > before[2] ||
           evaluation.rows() > before[3];
  }

  void swap(Impl& other) {
    std::swap(look, other.look);
    std::swap(file, other.file);
    std::swap(state_data, other.state_data);
    std::swap(heartbeat_data, other.heartbeat_data);
    std::swap(steps, other.steps);
    std::swap(pairs, other.pairs);
    std::swap(probe, other.probe);
    std::swap(events, other.events);
    std::swap(evaluation, other.evaluation);
    std::swap(layers, other.layers);
    std::swap(names, other.names);
    std::swap(note, other.note);
    std::swap(remark, other.remark);
    std::swap(state, other.state);
    std::swap(heartbeat, other.heartbeat);
  }

  /// Rows [first, first+count) of a column, cut to what is there.
  template <typename Value>
  std::vector<Value> cells(const TableReader& table, std::string_view column, std::size_t first,
                           std::size_t count) const {
    first = std::min<std::size_t>(first, table.rows());
    count = std::min<std::size_t>(count, table.rows() - first);
    const std::size_t index = table.layout().index(column);
    const std::size_t values = table.layout().columns[index].row_bytes() / sizeof(Value);
    std::vector<Value> out(count * values);
    guarded([&] { table.read(index, first, count, out.data()); });
    return out;
  }
};

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
