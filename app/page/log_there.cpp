// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/log_there.h"

namespace bandscope::app {
namespace {

/// Pieces that are asked for one after the other; what then is left waits for the next look.
constexpr int most_pieces = 16;

}  // namespace

void LogThere::setRun(const RunElsewhere& run, bool live) {
  // Between the last look and its end it may have written more.
  if (live != live_) whole_ = false;
  live_ = live;
  if (run == run_) return;
  run_ = run;
  ++turn_;
  busy_ = whole_ = false;
  end_.reset();
  bytes_.clear();
  problem_ = {};
}

void LogThere::look() {
  if (run_ && files_ && !busy_ && (!whole_ || live_)) ask(most_pieces - 1);
}

void LogThere::ask(int more) {
  busy_ = true;
  files_->log(run_, end_, this, [this, turn = turn_, more](const LogPiece& piece, const Message& problem) {
    if (turn != turn_) return;
    busy_ = false;
    const bool other_problem = problem != problem_;
    problem_ = problem;
    const qint64 before = end_.value_or(-1);
    if (problem.empty()) take(piece);
    if (other_problem || end_.value_or(-1) != before) Q_EMIT changed();
    if (problem.empty() && !whole_ && !piece.data.isEmpty() && more > 0 && !busy_) ask(more - 1);
  });
}

void LogThere::take(const LogPiece& piece) {
  if (end_ && piece.bytes < *end_) {  // another log has taken its place
    end_.reset();
    bytes_.clear();
    return;
  }
  if (!end_ || piece.from != *end_) bytes_.clear();
  bytes_ += piece.data;
  end_ = piece.from + piece.data.size();
  whole_ = *end_ >= piece.bytes;
  const bool cut = bytes_.size() > most_bytes;
  if (cut) bytes_.remove(0, bytes_.size() - most_bytes);
  const bool begins_inside = piece.from > 0 && bytes_.size() == piece.data.size();
  if (cut || begins_inside) bytes_.remove(0, bytes_.indexOf('\n') + 1);
  // Much more has come than is kept: its end is fetched instead of all before it.
  if (piece.bytes - *end_ > most_bytes) {
    end_.reset();
    bytes_.clear();
  }
}

}  // namespace bandscope::app
