// SPDX-License-Identifier: GPL-3.0-or-later
// What the library changes about runs on servers, as requests to them; what they answer shows in their lists of runs
// before they tell of it by themselves.
#pragma once

#include <QObject>
#include <functional>
#include <utility>

#include "app/library/elsewhere_runs.h"
#include "app/server/ask_server.h"

namespace bandscope::app {

class ServerRuns;

/// The runs of the server with this id; null: there is none (any more).
using RunsOfServer = std::function<ServerRuns*(const QString& id)>;

class ServerEdits : public ElsewhereRuns {
 public:
  /// `runs` may be left out where nothing lists them.
  explicit ServerEdits(ServerLinks links, RunsOfServer runs = {}) : links_(std::move(links)), runs_(std::move(runs)) {}

  Message whyNot(const QString& server) const override;
  void label(const RunEntry& run, const RunLabels& before, const RunLabels& now, QObject* context, Done done) override;
  void rename(const RunEntry& run, const QString& name, QObject* context, Renamed done) override;
  void remove(const RunEntry& run, QObject* context, Removed done) override;
  void restore(const QString& server, const QString& trashed, QObject* context, Done done) override;
  void purge(const RunEntry& run, const QString& trashed, QObject* context, Done done) override;

 private:
  ServerLinks links_;
  RunsOfServer runs_;
};

}  // namespace bandscope::app
