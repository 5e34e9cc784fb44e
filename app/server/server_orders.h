// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a server that have ended, taken up again there: gone on with, trained once more, or their spec fetched to be
// changed first.
#pragma once

#include <QStringList>
#include <functional>

#include "app/library/run_entry.h"
#include "app/server/ask_server.h"

namespace bandscope::app {

class ServerOrders {
 public:
  /// `start`: in an engine of its own, at once (where runs are jobs, as soon as Slurm has room); `queue`: when its turn
  /// comes in the server's queue, which is of runs of its folder of runs itself, not of those in folders below it.
  enum class Placing { start, queue };
  /// Names of the runs, or why none was started or queued, as part of a sentence.
  using Started = std::function<void(const QStringList& names, const Message& problem)>;
  /// TOML whose paths are absolute, or relative to the server's folder of runs; or why there is none.
  using Spec = std::function<void(const QString& toml, const Message& problem)>;

  explicit ServerOrders(ServerLinks links) : links_(std::move(links)) {}

  /// All ask, and are answered later in this thread, unless `context` has gone by then.
  void resume(const RunEntry& run, Placing placing, QObject* context, Started done) const;
  /// `name` must be that of no run there.
  void again(const RunEntry& run, const QString& name, Placing placing, QObject* context, Started done) const;
  void spec(const RunEntry& run, QObject* context, Spec done) const;

 private:
  void ask(const QString& server, wire::Json fields, Placing placing, QObject* context, Started done) const;
  void startAs(const RunEntry& run, const QString& name, bool resume, Placing placing, QObject* context,
               Started done) const;

  ServerLinks links_;
};

/// The spec of a run under another name, to be gone on with or begun anew; its paths as they are in `toml`, which are
/// relative to `folder` (the run's, below the server's folder of runs), made relative to the folder of runs. Throws
/// Error where it is none, or one of several runs.
QString spec_there(const QString& toml, const QString& folder, const QString& name, bool resume);

}  // namespace bandscope::app
