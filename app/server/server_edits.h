// SPDX-License-Identifier: GPL-3.0-or-later
// What the library changes about runs on servers, as requests to them.
#pragma once

#include <QObject>

#include "app/library/elsewhere_runs.h"
#include "app/server/ask_server.h"

namespace bandscope::app {

class ServerEdits : public ElsewhereRuns {
 public:
  explicit ServerEdits(ServerLinks links) : links_(std::move(links)) {}

  Message whyNot(const QString& server) const override;
  void label(const RunEntry& run, const RunLabels& before, const RunLabels& now, QObject* context, Done done) override;
  void rename(const RunEntry& run, const QString& name, QObject* context, Renamed done) override;
  void remove(const RunEntry& run, QObject* context, Removed done) override;
  void restore(const QString& server, const QString& trashed, QObject* context, Done done) override;
  void purge(const QString& server, const QString& trashed, QObject* context, Done done) override;

 private:
  void ask(const QString& server, wire::Ask ask, wire::Json fields, QObject* context, Done done);

  ServerLinks links_;
};

}  // namespace bandscope::app
