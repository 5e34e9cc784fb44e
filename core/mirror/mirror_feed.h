// SPDX-License-Identifier: Apache-2.0
// Keeps the copy of one record the same as the server's, over as many connections as it takes: asks what the record is,
// finds out which rows of the copy still hold, and fetches the others as they come. What is drawn first comes first:
// of many steps, before all others, as few of them as a chart can show.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/mirror/mirror_record.h"
#include "core/serve/client.h"
#include "core/serve/rows_json.h"

namespace bandscope::mirror {

/// Used by the thread that uses its client; writes of the copy happen in it.
class MirrorFeed {
 public:
  enum class Phase {
    apart,      ///< not begun, or the connection went
    comparing,  ///< which rows of an earlier copy still hold
    copying,    ///< rows are on their way
    level,      ///< the copy has what the server's record has, which may go on
    ended,      ///< the same, and the run goes on no more; the copy is closed
    failed      ///< for the reason that problem() says
  };
  /// `now` is asked whenever the time is needed.
  MirrorFeed(wire::Client& client, std::filesystem::path folder, std::string run,
             std::function<wire::Client::Time()> now);
  ~MirrorFeed();
  MirrorFeed(const MirrorFeed&) = delete;
  MirrorFeed& operator=(const MirrorFeed&) = delete;

  /// Begins or goes on; the client must be ready. Does nothing while it is at it.
  void start();
  /// The server's `grown`; other runs' are left alone.
  void pushed(const wire::Json& grown);

  Phase phase() const { return phase_; }
  const Message& problem() const { return problem_; }
  /// True where the server says that there is no such run.
  bool gone() const { return gone_; }
  /// True where the server follows as many runs as it can: what becomes of this one start() has to ask again and again.
  bool untold() const { return untold_; }
  const std::string& run() const { return run_; }
  /// The word for what the run is, as the server judges; empty before it said so.
  const std::string& shown() const { return shown_; }
  /// Rows of the server's record, as far as they are known.
  const TableRows& known() const { return known_; }
  std::filesystem::path record() const { return mirror_.record(); }
  /// Whether the copy has only some rows so far, at even distances: the others are on their way.
  bool coarse() const { return mirror_.coarse(); }
  /// Called after the phase, the copy or what is known has changed.
  std::function<void()> on_change;

 private:
  void ask(wire::Ask ask, wire::Json fields, void (MirrorFeed::*then)(const wire::Json&));
  void begin(const wire::Json& record);
  void take_standing(const wire::Json& standing);
  /// Compares the next rows that may differ, or begins to copy.
  void compare();
  void compared(const wire::Json& answer);
  /// Asks for coarse rows, or begins to copy.
  void open();
  bool wants_coarse() const;
  void ask_coarse(RecordTable table, void (MirrorFeed::*then)(const wire::Json&));
  void coarse_steps(const wire::Json& answer);
  void coarse_probe(const wire::Json& answer);
  void show_coarse();
  void copy();
  void copied(const wire::Json& answer);
  void finish();
  void enter(Phase phase);
  void fail(Message why);
  template <class Step>
  void guarded(Step step);

  wire::Client& client_;
  MirrorRecord mirror_;
  std::string run_;
  std::function<wire::Client::Time()> now_;
  Phase phase_ = Phase::apart;
  Message problem_;
  bool gone_ = false, untold_ = false;
  RecordHead head_;
  wire::RowShapes shapes_;  ///< of tables whose rows the server packs
  TableRows known_{};
  RunState state_ = RunState::waiting;
  double heartbeat_ = 0;
  std::string shown_;

  TableRows keep_{};                                            ///< of the earlier copy, as far as it is known
  std::array<std::size_t, record_table_names.size()> equal_{};  ///< rows that are known to hold
  std::array<bool, record_table_names.size()> presumed_{};      ///< … only as long as what follows them holds
  std::size_t table_ = 0;                                       ///< that is compared
  std::size_t compared_first_ = 0, compared_count_ = 0;         ///< rows that the digests asked for are of
  std::size_t turn_ = 0;  ///< answers to what was asked in an earlier one come too late
  std::size_t coarse_pass_ = 0;
  std::optional<RawRows> coarse_steps_, coarse_probe_;  ///< of this pass, once they have come
  RecordTable copied_table_ = RecordTable::steps;
  std::size_t chunk_bytes_ = 64 << 10;                         ///< asked for at a time
  std::array<double, record_table_names.size()> row_bytes_{};  ///< as they came so far
  wire::Client::Time asked_{};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for answers that come after this has gone
};

}  // namespace bandscope::mirror
