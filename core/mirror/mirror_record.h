// SPDX-License-Identifier: Apache-2.0
// The copy of a server's record in a folder of this machine: an ordinary run.h5 that the ordinary writer writes, and
// mirror.json, which says what it is a copy of.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/record/record_reader.h"
#include "core/record/record_writer.h"

namespace bandscope::mirror {

/// What a record is, but for its rows.
struct RecordHead {
  std::string run;         ///< its name on the server
  std::string generation;  ///< which file of the server the rows are from
  std::string spec, environment;
  std::vector<std::string> layers;
};

class MirrorRecord {
 public:
  /// `folder` is made when there is something to write.
  explicit MirrorRecord(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path record() const { return folder_ / "run.h5"; }

  /// What an earlier copy holds.
  struct Kept {
    TableRows rows{};
    bool same_generation = false;
    bool ended = false;  ///< it was closed as the copy of a run that had ended
    RunState state = RunState::waiting;
    double heartbeat = 0;
  };
  /// Nothing where there is no copy of a record with this head (but for its generation), or none that can be read: what
  /// is there is then replaced by open(). Closes what is being written. Throws DataError where another process writes
  /// it.
  std::optional<Kept> look(const RecordHead& head);
  /// SHA-256 of rows that look() found.
  std::string digest(RecordTable table, std::size_t first, std::size_t count) const;

  /// Begins to write: with the first rows of what look() found, or anew. Throws RunError.
  void open(const RecordHead& head, const TableRows& keep);
  bool writing() const { return writer_.has_value(); }
  const std::string& generation() const { return generation_; }
  /// Rows that are written.
  TableRows rows() const { return writer_->rows(); }
  void append(const RawRows& rows) { writer_->append_raw(rows); }
  void set_status(RunState state, double heartbeat) { writer_->set_status(state, heartbeat); }
  /// The record is whole as it is: closes it.
  void close();
  /// Lets go of it, whatever can still be written of it; what there is of it look() finds.
  void drop() { writer_.reset(); }

 private:
  std::filesystem::path folder_;
  std::string generation_;
  std::optional<RecordReader> reader_;
  std::optional<RecordWriter> writer_;
  bool kept_ = false;  ///< look() found a copy
};

}  // namespace bandscope::mirror
