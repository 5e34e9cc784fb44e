// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of other trainers, opened or dropped like records: each becomes a record in a folder of runs.
#pragma once

#include <QObject>
#include <QStringList>
#include <string>
#include <utility>
#include <vector>

#include "core/message/message.h"

namespace bandscope::app {

/// Whether this file is a log of a trainer's or tracker's by its name or beginning, so that it is not taken for data,
/// and tables are: nothing else here reads them.
bool is_training_log(const QString& path);
/// A name for the run of this log: of the folder that it lies in, or its own.
QString log_run_name(const QString& path);

/// Makes a record of a log on a thread of its own.
class LogImport : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  /// Column of the record, or key of TRL's, and the table's column that it is in.
  using Columns = std::vector<std::pair<std::string, std::string>>;
  /// Into `folder`/run.h5; the folder is made, and taken away again when the log is none.
  void start(const QString& log, const QString& folder, const Columns& columns = {});

 Q_SIGNALS:
  /// What was done, in the engine's words.
  void imported(const QString& record, const Message& what);
  void failed(const QString& log, const Message& why);
  /// A table needs to be told which of its columns, `names`, are what, beyond `told`, what start() was told.
  void columnsAsked(const QString& log, const QStringList& names, const bandscope::app::LogImport::Columns& told,
                    const bandscope::Message& why);
};

}  // namespace bandscope::app
