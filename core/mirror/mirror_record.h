// SPDX-License-Identifier: Apache-2.0
// The copy of a server's record in a folder of this machine: an ordinary run.h5 that the ordinary writer writes, and
// mirror.json, which says what it is a copy of. Where coarse rows are shown first, run.h5 has them, and the copy is
// made beside it in whole.h5, until it takes its place.
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

/// Whether the run.h5 in a mirror's folder has only some of the rows of `steps` and `probe`, and none of other tables.
bool is_coarse(const std::filesystem::path& folder);

class MirrorRecord {
 public:
  /// `folder` is made when there is something to write.
  explicit MirrorRecord(std::filesystem::path folder);
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
  /// is there is then replaced by open(). Closes what is being written. Throws RunError where another process writes
  /// it, as do show() and open().
  std::optional<Kept> look(const RecordHead& head);
  /// SHA-256 of rows that look() found.
  std::string digest(RecordTable table, std::size_t first, std::size_t count) const;

  /// Shows these rows, of the last look()'s head or another one, as an ended record in place of what there is, which is
  /// gone on with beside it. Throws RunError, DataError.
  struct Coarse {
    RawRows steps, probe;
    RunState state = RunState::waiting;
    double heartbeat = 0;
  };
  void show(const RecordHead& head, const Coarse& rows);
  bool coarse() const { return !coarse_.empty(); }
  /// Of the record whose coarse rows are shown; empty where none are.
  const std::string& coarse_generation() const { return coarse_; }
  /// What is written takes the place of the coarse rows, whose readers follow at their next refresh.
  void show_whole();

  /// Begins to write: with the first rows of what look() found, or anew. Throws RunError.
  void open(const RecordHead& head, const TableRows& keep);
  bool writing() const { return writer_.has_value(); }
  const std::string& generation() const { return generation_; }
  /// Rows that are written.
  TableRows rows() const { return writer_->rows(); }
  void append(const RawRows& rows) { writer_->append_raw(rows); }
  void set_status(RunState state, double heartbeat) { writer_->set_status(state, heartbeat); }
  /// Closes it; what can still be written of it open() goes on with.
  void close();
  /// The record is whole as it is: closes it as that of a run that has ended.
  void end();
  /// Lets go of it, whatever can still be written of it; what there is of it look() finds.
  void drop() { writer_.reset(); }

 private:
  std::filesystem::path whole() const { return folder_ / "whole.h5"; }
  std::filesystem::path folder_;
  std::string run_, generation_;  ///< of what is written
  std::optional<RecordReader> reader_;
  std::optional<RecordWriter> writer_;
  bool kept_ = false;    ///< look() found a copy
  bool beside_ = false;  ///< … which is whole.h5
  std::string coarse_;   ///< generation of the coarse rows that run.h5 has; empty: it has none
};

}  // namespace bandscope::mirror
