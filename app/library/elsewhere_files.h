// SPDX-License-Identifier: GPL-3.0-or-later
// What lies beside the records of runs on servers: their logs, and the data that they were trained on. It is fetched in
// pieces, when it is to be seen; all answers come later, in the window's thread, unless the context has gone by then.
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/message/message.h"

class QObject;

namespace bandscope::app {

/// A run as its server knows it.
struct RunElsewhere {
  QString server;  ///< id; empty: it is here
  QString run;     ///< its name in the server's messages
  bool operator==(const RunElsewhere&) const = default;
  explicit operator bool() const { return !server.isEmpty(); }
};

struct LogPiece {
  qint64 from = 0;   ///< byte of the log that `data` begins at
  qint64 bytes = 0;  ///< of the whole log
  QByteArray data;
};

class ElsewhereFiles {
 public:
  /// `problem` is part of a sentence, empty where there is a piece.
  using Log = std::function<void(const LogPiece& piece, const Message& problem)>;
  /// As many rows as were asked for: JSON, nothing where a row cannot be had.
  using DataRows = std::vector<std::optional<std::string>>;
  using Rows = std::function<void(const DataRows& rows, const Message& problem)>;

  /// Rows that are asked for at a time.
  static constexpr std::size_t most_rows = 64;

  virtual ~ElsewhereFiles() = default;
  /// From this byte on; nothing: its end.
  virtual void log(const RunElsewhere& run, std::optional<qint64> from, QObject* context, Log done) = 0;
  /// Rows (from 0, rising, at most most_rows) of the data that the run was trained on, which are still what they were
  /// then.
  virtual void dataRows(const RunElsewhere& run, const std::vector<qint64>& rows, QObject* context, Rows done) = 0;
};

}  // namespace bandscope::app
