// SPDX-License-Identifier: Apache-2.0
#include "core/record/record_rebuild.h"

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/record/file_look.h"
#include "core/record/record_reader.h"

namespace bandscope::record {

namespace {

void copy_rows(const TableReader& from, TableWriter& to, hsize_t rows) {
  constexpr hsize_t block = 16384;
  const auto& columns = from.layout().columns;
  std::vector<std::vector<char>> cells(columns.size());
  std::vector<const void*> pointers(columns.size());
  for (hsize_t first = 0; first < rows; first += block) {
    const hsize_t count = std::min(block, rows - first);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      cells[i].resize(count * columns[i].row_bytes());
      from.read(i, first, count, cells[i].data());
      pointers[i] = cells[i].data();
    }
    to.append_unflushed(count, pointers);
  }
}

std::int64_t step_at(const TableReader& table, hsize_t row) {
  std::int64_t step = 0;
  table.read(table.layout().columns.size() - 1, row, 1, &step);
  return step;
}

}  // namespace

Rebuilt rebuild(const std::filesystem::path& path, const Keep& keep, Afterwards afterwards) {
  const h5::Lock lock;
  const FileLook look = look_at(path);
  std::string spec, environment;
  RunState state = RunState::waiting;
  double heartbeat = 0;
  std::vector<std::string> names;
  std::vector<hsize_t> whole;
  {
    // The reader checks the file and knows which rows are whole.
    const RecordReader reader = RecordReader::open(path);
    if (reader.writer_alive()) throw DataError(Message::tr("%1 is being written by a running process", path));
    spec = reader.spec_toml();
    environment = reader.environment_json();
    names = reader.layer_names();
    state = reader.state();
    heartbeat = reader.heartbeat();
    whole = {reader.steps(),  reader.pairs(),       reader.probes(),
             reader.events(), reader.evaluations(), reader.layer_steps()};
  }
  const WriterLock guard = WriterLock::take(path);
  if (const FileLook now = look_at(path); !guard.guards(path) || now.inode != look.inode || now.device != look.device)
    throw DataError(Message::tr("%1 is being replaced by another process", path));

  Rebuilt rebuilt;
  try {
    const h5::Properties access = h5::record_access(false, look.end > look.bytes);
    const h5::File file(H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get()));
    rebuilt.file = RecordFile(path, spec, environment, names);
    auto& tables = rebuilt.file.tables();
    for (std::size_t i = 0; i < tables.size(); ++i) {
      TableReader source(file.get(), tables[i].layout());
      if (!source.present()) continue;
      source.limit(std::min(source.rows(), whole[i]));
      const hsize_t most = keep.rows ? (*keep.rows)[i] : source.rows();
      const bool all_steps = keep.last_step == std::numeric_limits<std::int64_t>::max();
      const hsize_t rows = keep.last_step == 0
                               ? 0
                               : std::min<hsize_t>(most, all_steps ? source.rows() : source.rows_up_to(keep.last_step));
      copy_rows(source, tables[i], rows);
      if (i == 0) {
        rebuilt.steps = rows;
        if (rows > 0) rebuilt.last_step = step_at(source, rows - 1);
      }
      if (i == 2 && rows > 0) rebuilt.last_probe = step_at(source, rows - 1);
      if (i == 4 && rows > 0) rebuilt.last_evaluation = step_at(source, rows - 1);
    }
    rebuilt.file.write_state(state);
    rebuilt.file.write_heartbeat(heartbeat);
    if (afterwards == Afterwards::append) {
      rebuilt.file.start_swmr();
    } else {
      rebuilt.file.close();
    }
    rebuilt.file.publish(true);
  } catch (const h5::Failure& problem) {
    rebuilt.file.abandon();
    throw RunError(Message::tr("cannot rewrite %1: %2", path, problem.message()));
  }
  return rebuilt;
}

}  // namespace bandscope::record

namespace bandscope {

Message repair_record(const std::filesystem::path& file) {
  const record::FileLook look = record::look_at(file);
  if (look.writer_alive) throw DataError(Message::tr("%1 is being written by a running process", file));
  if (look.hdf5 && !look.flagged && look.end <= look.bytes) {
    const RecordReader reader = RecordReader::open(file);  // throws when it is no run record
    return Message::tr("nothing to repair; %1 steps", reader.steps());
  }
  const auto rebuilt = record::rebuild(file, {}, record::Afterwards::close);
  return Message::tr("repaired; %1 whole steps kept", rebuilt.steps);
}

}  // namespace bandscope
