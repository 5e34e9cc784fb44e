// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_tables.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/record/columns.h"
#include "core/record/hdf5_read.h"

namespace bandscope::record {

namespace {

h5::Type cell_type(Cell cell) {
  switch (cell) {
    case Cell::int64:
      return h5::Type(H5Tcopy(H5T_NATIVE_INT64));
    case Cell::float64:
      return h5::Type(H5Tcopy(H5T_NATIVE_DOUBLE));
    case Cell::kind_text:
      return h5::fixed_string(kind_bytes);
    case Cell::name_text:
      return h5::fixed_string(name_bytes);
    case Cell::message_text:
      return h5::fixed_string(message_bytes);
    case Cell::values_text:
      return h5::fixed_string(values_bytes);
  }
  throw std::logic_error("unknown kind of cell");
}

h5::Content content_of(Cell cell) {
  switch (cell) {
    case Cell::int64:
      return h5::Content::integer;
    case Cell::float64:
      return h5::Content::real;
    default:
      return h5::Content::text;
  }
}

/// Number of rows of a column; Failure where the dataset does not fit the column.
hsize_t dataset_rows(hid_t dataset, const std::string& name, const ColumnLayout& column) {
  const auto dims = h5::extents(dataset, name, content_of(column.cell), column.width == 0 ? 1 : 2);
  if (column.width != 0 && dims[1] != column.width)
    throw h5::Failure(Message::tr("%1 has %2 columns; %3 are named", name, dims[1], column.width));
  return dims[0];
}

ColumnLayout column(const ColumnAbout& about, Cell cell, hsize_t width = 0) {
  return {std::string(about.name), cell, width, about};
}

/// What a column is, beside its values, for readers that know this program not.
void describe(hid_t dataset, const ColumnAbout& about) {
  for (const auto& [name, text] : {std::pair{"symbol", about.symbol}, {"unit", about.unit}, {"meaning", about.meaning}})
    if (!text.empty()) h5::write_text_attribute(dataset, name, std::string(text));
}

}  // namespace

std::size_t cell_bytes(Cell cell) {
  switch (cell) {
    case Cell::kind_text:
      return kind_bytes;
    case Cell::name_text:
      return name_bytes;
    case Cell::message_text:
      return message_bytes;
    case Cell::values_text:
      return values_bytes;
    default:
      return 8;
  }
}

std::size_t TableLayout::index(std::string_view column) const {
  const auto at = std::ranges::find(columns, column, &ColumnLayout::name);
  if (at == columns.end()) throw std::logic_error("no column " + std::string(column) + " in /" + group);
  return static_cast<std::size_t>(at - columns.begin());
}

TableLayout steps_layout() {
  TableLayout layout{"steps", 512, {}};
  for (const ColumnAbout& about : step_columns) layout.columns.push_back(column(about, Cell::float64));
  layout.columns.push_back(
      column({"checksum", "", "", "of the row's cells, so that a changed one is noticed"}, Cell::int64));
  layout.columns.push_back(column({"step", "", "", "number of the optimizer step, from 1"}, Cell::int64));
  return layout;
}

TableLayout pairs_layout() {
  // HDF5's index of chunks has no block longer than a page of 4096 bytes up to 8176 chunks: 8 million pairs.
  TableLayout layout{"pairs", 1024, {}};
  for (const PairField& field : pair_fields) {
    layout.columns.push_back(column(field.about, field.member.index() == 0 ? Cell::float64 : Cell::int64));
    layout.columns.back().absent = field.absent;
  }
  return layout;
}

TableLayout probe_layout() {
  return {
      "probe",
      256,
      {column({"z_w", "z_w", "nat", "mean over the held-out pairs"}, Cell::float64),
       column({"z_l", "z_l", "nat", "mean over the held-out pairs"}, Cell::float64),
       column({"margin", "m", "nat", "z_w - z_l"}, Cell::float64),
       column({"accuracy", "acc", "", "share of the held-out pairs whose effective margin is above 0"}, Cell::float64),
       column({"step", "", "", "steps before the evaluation; 0 is before any update"}, Cell::int64)}};
}

TableLayout events_layout() {
  return {"events",
          64,
          {column({"time", "t", "s", "training since the run's start"}, Cell::float64),
           column({"kind", "", "", "what happened, in a word"}, Cell::kind_text),
           column({"message", "", "", "what happened, in a sentence"}, Cell::message_text),
           column({"values", "", "", "the sentence and what stands at its places %1, %2, …, as JSON; may be empty"},
                  Cell::values_text),
           column({"step", "", "", "last step before it"}, Cell::int64)}};
}

TableLayout evaluation_layout() {
  return {"evaluation",
          64,
          {column({"task", "", "", "name of the task, or of a group of tasks"}, Cell::name_text),
           column({"metric", "", "", "acc, acc_norm, acc_bytes or exact_match"}, Cell::kind_text),
           column({"filter", "", "", "what was made of the answers before they were compared; none: nothing"},
                  Cell::name_text),
           column({"value", "", "", "mean over the documents"}, Cell::float64),
           column({"stderr", "", "", "standard error of the mean; NaN where there is none"}, Cell::float64),
           column({"samples", "n", "", "documents"}, Cell::int64),
           column({"step", "", "", "steps before the evaluation; 0 is before any update"}, Cell::int64)}};
}

TableLayout layers_layout(std::size_t layers) {
  constexpr LayerChunk chunk;
  const hsize_t rows =
      std::clamp<hsize_t>(chunk.cells / std::max<std::size_t>(layers, 1), chunk.least_rows, chunk.most_rows);
  return {
      "layers",
      rows,
      {column({"score_norm_w", "‖s_w‖", "nat", "norm of the score of z_w, by layer"}, Cell::float64, layers),
       column({"score_norm_l", "‖s_l‖", "nat", "norm of the score of z_l, by layer"}, Cell::float64, layers),
       column({"score_dot", "⟨s_w, s_l⟩", "nat^2", "inner product of the two scores, by layer"}, Cell::float64, layers),
       column({"step", "", "", "number of the optimizer step, from 1"}, Cell::int64)}};
}

TableWriter::TableWriter(hid_t file, TableLayout layout) : layout_(std::move(layout)) {
  // Names stay in the group's header, instead of an index of their own from the ninth on.
  const h5::Properties compact(H5Pcreate(H5P_GROUP_CREATE));
  h5::checked(H5Pset_link_phase_change(compact.get(), 64, 32));
  const h5::Group group =
      h5::has(file, layout_.group.c_str())
          ? h5::open_group(file, layout_.group.c_str())
          : h5::Group(H5Gcreate2(file, layout_.group.c_str(), H5P_DEFAULT, compact.get(), H5P_DEFAULT));
  for (const auto& column : layout_.columns) {
    const int rank = column.width == 0 ? 1 : 2;
    const hsize_t dims[2] = {0, column.width}, limit[2] = {H5S_UNLIMITED, column.width};
    const hsize_t chunk[2] = {layout_.chunk_rows, column.width};
    const h5::Space space(H5Screate_simple(rank, dims, limit));
    const h5::Properties properties(H5Pcreate(H5P_DATASET_CREATE));
    h5::checked(H5Pset_chunk(properties.get(), rank, chunk));
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    if (column.cell == Cell::float64) h5::checked(H5Pset_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &nothing));
    types_.push_back(cell_type(column.cell));
    datasets_.emplace_back(H5Dcreate2(group.get(), column.name.c_str(), types_.back().get(), space.get(), H5P_DEFAULT,
                                      properties.get(), H5P_DEFAULT));
    describe(datasets_.back().get(), column.about);
  }
}

void TableWriter::write(std::size_t column, hsize_t count, const void* cells) {
  const auto& layout = layout_.columns[column];
  const hid_t dataset = datasets_[column].get();
  const int rank = layout.width == 0 ? 1 : 2;
  const hsize_t dims[2] = {rows_ + count, layout.width}, start[2] = {rows_, 0}, extent[2] = {count, layout.width};
  h5::checked(H5Dset_extent(dataset, dims));
  const h5::Space memory(H5Screate_simple(rank, extent, nullptr));
  const h5::Space space(H5Dget_space(dataset));
  h5::checked(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, extent, nullptr));
  h5::checked(H5Dwrite(dataset, types_[column].get(), memory.get(), space.get(), H5P_DEFAULT, cells));
}

void TableWriter::append_unflushed(hsize_t count, std::span<const void* const> cells) {
  if (cells.size() != datasets_.size()) throw std::logic_error("a row of /" + layout_.group + " has missing columns");
  if (count == 0) return;
  for (std::size_t column = 0; column < cells.size(); ++column) write(column, count, cells[column]);
  rows_ += count;
}

void TableWriter::append(hsize_t count, std::span<const void* const> cells) {
  if (cells.size() != datasets_.size()) throw std::logic_error("a row of /" + layout_.group + " has missing columns");
  if (count == 0) return;
  const std::size_t step = datasets_.size() - 1;
  for (std::size_t column = 0; column < step; ++column) write(column, count, cells[column]);
  // One flush of the file: one of each column walks the whole metadata cache as often as there are columns.
  h5::checked(H5Fflush(datasets_[step].get(), H5F_SCOPE_LOCAL));
  write(step, count, cells[step]);
  h5::checked(H5Dflush(datasets_[step].get()));
  rows_ += count;
}

std::vector<std::weak_ptr<TableReader::Open>>& TableReader::readers() {
  static std::vector<std::weak_ptr<Open>> all;  // used under h5::Lock
  return all;
}

hid_t TableReader::Open::get(std::size_t column) {
  if (!datasets[column]) {
    const auto& about = layout.columns[column];
    const h5::Group group = h5::open_group(file, layout.group.c_str());
    // Without a chunk cache rows are read straight from the file, never from a chunk kept since before it grew.
    h5::Dataset dataset = h5::open_dataset(group.get(), about.name.c_str(), false);
    dataset_rows(dataset.get(), "/" + layout.group + "/" + about.name, about);
    datasets[column] = std::move(dataset);
  }
  return datasets[column].get();
}

TableReader::TableReader(hid_t file, TableLayout layout) : layout_(std::move(layout)) {
  if (!h5::has(file, layout_.group.c_str())) return;
  const h5::Group group = h5::open_group(file, layout_.group.c_str());
  H5O_info_t about;
  h5::checked(H5Oget_info(group.get(), &about));
  open_ = std::make_shared<Open>();
  open_->file = file;
  open_->layout = layout_;
  open_->file_number = about.fileno;
  open_->datasets.resize(layout_.columns.size());
  std::erase_if(readers(), [](const auto& reader) { return reader.expired(); });
  readers().push_back(open_);
  for (const auto& column : layout_.columns) {
    types_.push_back(cell_type(column.cell));
    open_->present.push_back(h5::has(group.get(), column.name.c_str()));
  }
  // `step` first: columns opened after it are at least as long.
  const std::size_t step = layout_.columns.size() - 1;
  if (!has(step)) throw h5::Failure(Message::tr("/%1 has no column step", layout_.group));
  // HDF5 shares an object that another reader of this process has open, as old as that reader last saw it.
  refresh_dataset(step);
  rows_ = dataset_rows(open_->get(step), name(step), layout_.columns[step]);
  for (std::size_t i = 0; i < step; ++i) {
    if (has(i)) open_->get(i);
  }
  seen_.assign(layout_.columns.size(), rows_);
}

hsize_t TableReader::bytes(bool with_missing) const {
  hsize_t row = 0;
  for (std::size_t i = 0; i < layout_.columns.size(); ++i)
    if (present() && (with_missing || has(i))) row += layout_.columns[i].row_bytes();
  constexpr auto most = std::numeric_limits<hsize_t>::max();
  return row != 0 && rows_ > most / row ? most : rows_ * row;
}

hsize_t TableReader::stored_bytes() const { return bytes(false); }
hsize_t TableReader::whole_bytes() const { return bytes(true); }

void TableReader::refresh_dataset(std::size_t column) const {
  for (const auto& reader : readers()) {
    const auto other = reader.lock();
    if (other && other != open_ && other->file_number == open_->file_number &&
        other->layout.group == open_->layout.group) {
      other->datasets[column].reset();
    }
  }
  h5::checked(H5Drefresh(open_->get(column)));
}

bool TableReader::refresh() {
  if (!present()) return false;
  const std::size_t step = layout_.columns.size() - 1;
  refresh_dataset(step);
  const hsize_t before = rows_;
  rows_ = dataset_rows(open_->get(step), name(step), layout_.columns[step]);
  seen_.back() = rows_;
  return rows_ > before;
}

void TableReader::follow(std::size_t column) const {
  if (seen_[column] >= rows_) return;
  refresh_dataset(column);
  seen_[column] = rows_;
}

void TableReader::read(std::size_t column, hsize_t first, hsize_t count, void* out, hsize_t apart) const {
  if (count == 0) return;
  const auto& layout = layout_.columns[column];
  if (!has(column)) {
    if (layout.cell == Cell::float64) {
      std::fill_n(static_cast<double*>(out), count * layout.row_bytes() / 8, std::numeric_limits<double>::quiet_NaN());
    } else if (layout.cell == Cell::int64) {
      std::fill_n(static_cast<std::int64_t*>(out), count * layout.row_bytes() / 8, layout.absent);
    } else {
      std::memset(out, 0, count * layout.row_bytes());
    }
    return;
  }
  follow(column);
  if (dataset_rows(open_->get(column), name(column), layout) < first + h5::span_of(count, apart))
    refresh_dataset(column);
  h5::read_rows(open_->get(column), name(column), types_[column].get(), layout.width == 0 ? 1 : 2, layout.width, first,
                count, out, apart);
}

hsize_t TableReader::intact_rows(hsize_t file_bytes) const {
  hsize_t rows = rows_;
  for (std::size_t column = 0; present() && column < layout_.columns.size(); ++column) {
    if (!has(column)) continue;
    follow(column);
    const h5::Properties properties(H5Dget_create_plist(open_->get(column)));
    if (H5Pget_layout(properties.get()) != H5D_CHUNKED) continue;
    hsize_t chunk[2] = {1, 1};
    h5::checked(H5Pget_chunk(properties.get(), 2, chunk));
    const auto inside = [&](hsize_t index) {
      const hsize_t at[2] = {index * chunk[0], 0};
      unsigned filters = 0;
      haddr_t address = HADDR_UNDEF;
      hsize_t bytes = 0;
      const herr_t found = H5Dget_chunk_info_by_coord(open_->get(column), at, &filters, &address, &bytes);
      if (found < 0) H5Eclear2(H5E_DEFAULT);
      return found >= 0 && address != HADDR_UNDEF && address + bytes <= file_bytes;
    };
    // Chunks lie in the file in the order in which they were begun, so halving finds the first one outside; asking for
    // each would take seconds, because HDF5 1.10 walks the whole index for every question.
    const hsize_t chunks = (rows + chunk[0] - 1) / chunk[0];
    if (chunks == 0 || inside(chunks - 1)) continue;
    hsize_t low = 0, high = chunks - 1;
    while (low < high) {
      const hsize_t middle = low + (high - low) / 2;
      if (inside(middle))
        low = middle + 1;
      else
        high = middle;
    }
    rows = low * chunk[0];
  }
  return rows;
}

hsize_t TableReader::rows_up_to(std::int64_t last_step) const {
  constexpr hsize_t block = 1 << 16;
  std::vector<std::int64_t> steps;
  for (hsize_t first = 0; first < rows_; first += block) {
    steps.resize(std::min(block, rows_ - first));
    read(layout_.columns.size() - 1, first, steps.size(), steps.data());
    const auto over = std::ranges::find_if(steps, [&](std::int64_t step) { return step > last_step; });
    if (over != steps.end()) return first + static_cast<hsize_t>(over - steps.begin());
  }
  return rows_;
}

}  // namespace bandscope::record
