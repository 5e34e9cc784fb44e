// SPDX-License-Identifier: Apache-2.0
// A record that is open for reading: what its tables hold, bounded by what the file holds, while a writer may go on.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/record/columns.h"
#include "core/record/file_look.h"
#include "core/record/hdf5_read.h"
#include "core/record/record_file.h"

namespace bandscope::record {

struct OpenRecord {
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

  ~OpenRecord();

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

  void open();

  bool writer_killed(const FileLook& at) const;
  bool cut_short() const { return look.end > look.bytes && !look.writer_alive; }
  Message cut_short_words(const Message& reason = {}) const;

  void check_format() const;

  void read_status();

  /// Leaves out rows that are not whole, and says what was found.
  void settle();

  /// A file can declare any number of rows without holding one; what is read is bounded by what the file holds.
  void require_room() const;

  bool refresh();

  void swap(OpenRecord& other);

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

}  // namespace bandscope::record
