// SPDX-License-Identifier: GPL-3.0-or-later
// One run as the library lists it: made on a worker thread from its record, handed over whole, never changed.
#pragma once

#include <QString>
#include <QStringList>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "app/library/run_labels.h"
#include "core/message/message.h"
#include "core/record/run_folder.h"

namespace bandscope::app {

/// Dotted keys of a run's spec and their values as text, e.g. "objective.name" -> "dpo".
using RunConfig = std::map<QString, QString>;

/// What a live run was asked for and does after the step that it is in.
enum class Asked { nothing, pause, go_on, stop };

/// A record found on disk, before anything was read from it.
struct FoundRecord {
  QString record;      ///< absolute path of the HDF5 file
  QString group;       ///< folder of runs it belongs to (absolute)
  QString name;        ///< of the run's folder, or of the file when it is not called run.h5
  qint64 changed = 0;  ///< modification time, ms since 1970
  qint64 size = 0;
  qint64 labelled = 0;  ///< modification time of its labels, 0: none
  bool operator==(const FoundRecord&) const = default;
};

struct RunEntry {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  FoundRecord found;
  bool read = false;    ///< false: only `found` is known yet
  bool queued = false;  ///< it waits to be started: there is no record yet
  Message error;        ///< why the record cannot be read; empty when it can
  RunConfig config;
  QString objective, model, data;
  bool calibrated = false;
  ShownState state = ShownState::waiting;
  Message reason;  ///< of a failure or stop
  qint64 steps = 0;
  qint64 planned = 0;                      ///< steps the run will take; 0 when unknown
  double seconds = 0;                      ///< of training so far
  std::optional<RunProgress> preparation;  ///< of a run that takes no steps yet, where its engine says it
  Asked asked = Asked::nothing;
  double in_band = unknown;  ///< share of steps inside the band
  double probe_z_w = unknown, probe_margin = unknown;
  int alerts = 0;
  Message last_alert;
  QString socket;        ///< control socket of the living engine; empty: none
  Message note;          ///< what opening had to do
  RunLabels labels;      ///< the user's
  QString pair_key;      ///< equal for runs that differ in calibration.enabled and name only; empty: unknown
  QString server;        ///< id of the server that it is on; empty: it is on this machine
  QString server_name;   ///< as the user calls it
  QString there;         ///< what the run is called in that server's messages
  bool reached = true;   ///< its server answers, so that it can be steered and changed
  bool copied = true;    ///< `found.record` is there: of a run on a server, its copy
  qint64 copied_at = 0;  ///< modification time of that copy once it is whole, ms since 1970; 0: not yet
  Message standing;      ///< what is to be said of that copy; empty: it is as the record there

  QString folder() const;  ///< the run's own folder
  QString title() const;   ///< name as shown
  /// An engine works on it.
  bool live() const {
    return !queued && (state == ShownState::preparing || state == ShownState::running || state == ShownState::paused ||
                       state == ShownState::stalled);
  }
  bool elsewhere() const { return !server.isEmpty(); }
  /// Orders reach its engine.
  bool steerable() const { return elsewhere() ? live() && reached : !socket.isEmpty(); }
  /// It has a folder of its own and a spec that names model and data, so that it can be run again.
  bool repeatable() const;
  /// It ended before its last step and can go on from its last checkpoint.
  bool resumable() const;
  double remaining() const;  ///< estimate in seconds; NaN when unknown
};

using RunEntryPtr = std::shared_ptr<const RunEntry>;

/// Reads what the library shows of one record. Never throws: an unreadable record is an entry with `error`.
RunEntryPtr read_entry(const FoundRecord& found);

/// The config of a resolved spec; empty when the text is no TOML.
RunConfig flatten_spec(const std::string& toml);

/// Records below `folders` (run folders at most four levels deep, checkpoints left out) and the files named.
std::vector<FoundRecord> find_records(const QStringList& folders, const QStringList& files);

/// A state in a word, translated, and the colour that stands beside the word.
QString state_word(ShownState state);

}  // namespace bandscope::app
