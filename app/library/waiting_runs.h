// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that wait to be started: they have no folder yet, so what the user says about them is kept by whoever holds
// them.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <optional>

#include "app/library/run_entry.h"

namespace bandscope::app {

class WaitingRuns {
 public:
  virtual ~WaitingRuns() = default;

  /// What the user says about this run; nothing where it does not wait here: then its folder has it.
  virtual std::optional<RunLabels> labels(const QString& record) const = 0;
  /// Keeps these until the run has a folder to keep them. Throws Error.
  virtual void label(const QString& record, const RunLabels& labels) = 0;
  /// Gives a waiting run another name; `renamed` hears where its record will be, before anyone else hears of the
  /// change. Throws Error: it is being started, a name that cannot be one, or is taken.
  virtual void rename(const QString& record, const QString& name,
                      const std::function<void(const FoundRecord&)>& renamed) = 0;
  /// Takes all of these out, or none; the function that it returns puts them back in their places. Both throw Error:
  /// one of them is being started or is not here any more.
  virtual std::function<void()> remove(const QStringList& records) = 0;
};

}  // namespace bandscope::app
