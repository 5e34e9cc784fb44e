// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of other trainers, opened or dropped like records: each becomes a record in a folder of runs.
#pragma once

#include <QObject>
#include <QString>

#include "core/schema/message.h"

namespace bandscope::app {

/// Whether this file is a trainer_state.json or a margin_chain.jsonl by its beginning, so that it is not taken for
/// data.
bool is_training_log(const QString& path);
/// A name for the run of this log: of the folder that it lies in, or its own.
QString log_run_name(const QString& path);

/// Makes a record of a log on a thread of its own.
class LogImport : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  /// Into `folder`/run.h5; the folder is made, and taken away again when the log is none.
  void start(const QString& log, const QString& folder);

 Q_SIGNALS:
  /// What was done, in the engine's words.
  void imported(const QString& record, const Message& what);
  void failed(const QString& log, const Message& why);
};

}  // namespace bandscope::app
