// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on servers, as far as the library changes them: what the user says about them, their names, and whether they are
// there. Everything is asked and answered later, in the window's thread.
#pragma once

#include <QString>
#include <functional>

#include "app/library/run_entry.h"

class QObject;

namespace bandscope::app {

class ElsewhereRuns {
 public:
  /// Hears why it was not done; empty: it was. Not called once the request's context has gone.
  using Done = std::function<void(const Message& problem)>;
  /// Hears the run under its new name, or why it has kept the old one.
  using Renamed = std::function<void(const RunEntryPtr& now, const Message& problem)>;
  /// Hears by which name the server's trash has the run, or why it stayed.
  using Removed = std::function<void(const QString& trashed, const Message& problem)>;

  virtual ~ElsewhereRuns() = default;

  /// Why nothing can be asked there at this moment, as part of a sentence; empty where it can.
  virtual Message whyNot(const QString& server) const = 0;

  /// Changes what differs between `before` and `now`; the rest stays as it is there.
  virtual void label(const RunEntry& run, const RunLabels& before, const RunLabels& now, QObject* context,
                     Done done) = 0;
  virtual void rename(const RunEntry& run, const QString& name, QObject* context, Renamed done) = 0;
  /// Into the server's trash.
  virtual void remove(const RunEntry& run, QObject* context, Removed done) = 0;
  /// Out of it, to where it was.
  virtual void restore(const QString& server, const QString& trashed, QObject* context, Done done) = 0;
  /// Deletes the run for good, which is there.
  virtual void purge(const RunEntry& run, const QString& trashed, QObject* context, Done done) = 0;
};

}  // namespace bandscope::app
