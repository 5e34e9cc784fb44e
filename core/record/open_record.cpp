// SPDX-License-Identifier: Apache-2.0
#include "core/record/open_record.h"

#include <array>

#include "core/record/examiner.h"
#include "core/record/writer_lock.h"

namespace bandscope::record {
namespace {

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

}  // namespace

OpenRecord::~OpenRecord() {
  const h5::Lock lock;
  state_data.reset();
  heartbeat_data.reset();
  for (TableReader* table : {&steps, &pairs, &probe, &events, &evaluation, &layers}) *table = {};
  file.reset();
}

void OpenRecord::open() {
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

bool OpenRecord::writer_killed(const FileLook& at) const {
  return at.flagged && !at.writer_alive && !on_network_file_system(path);
}

Message OpenRecord::cut_short_words(const Message& reason) const {
  const std::string is = thousands(look.bytes), was = thousands(look.end);
  if (reason.empty()) return Message::tr("the file is cut short (%1 of %2 bytes)", is, was);
  return Message::tr("the file is cut short (%1 of %2 bytes), %3", is, was, reason);
}

void OpenRecord::check_format() const {
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

void OpenRecord::read_status() {
  const std::int64_t value = h5::read_integer(state_data.get(), "/status/state");
  heartbeat = h5::read_real(heartbeat_data.get(), "/status/heartbeat");
  if (value < 0 || value > static_cast<int>(RunState::stopped))
    throw h5::Failure(Message::tr("/status/state is %1; allowed are 0 to 5", value));
  state = static_cast<RunState>(value);
}

void OpenRecord::settle() {
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

void OpenRecord::require_room() const {
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

bool OpenRecord::refresh() {
  const FileLook before_look = look;
  const FileLook now = record::look_at(path);
  if (now.device != look.device || now.inode != look.inode) {
    // A resumed run or a repair put a new file in the place of the one that is open.
    OpenRecord fresh;
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

void OpenRecord::swap(OpenRecord& other) {
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

}  // namespace bandscope::record
