// SPDX-License-Identifier: GPL-3.0-or-later
// The end of the log of a run on a server, fetched a piece at a time, and followed while the run goes on.
#pragma once

#include <QObject>
#include <optional>

#include "app/library/elsewhere_files.h"

namespace bandscope::app {

class LogThere : public QObject {
  Q_OBJECT

 public:
  /// Bytes of a log's end that are kept.
  static constexpr qsizetype most_bytes = 256 * 1024;

  explicit LogThere(QObject* parent) : QObject(parent) {}

  void setFiles(ElsewhereFiles* files) { files_ = files; }
  /// Another run than before is looked at from nothing. `live`: its log grows. Without a server in it: none.
  void setRun(const RunElsewhere& run, bool live);
  const RunElsewhere& run() const { return run_; }
  /// Asks for what is new, unless an answer is due or nothing can be new. changed() says when it is there.
  void look();

  /// Whole lines where its beginning is not that of the log.
  QString text() const { return QString::fromUtf8(bytes_); }
  /// Why nothing, or nothing new, could be had; empty where it could.
  const Message& problem() const { return problem_; }

 Q_SIGNALS:
  void changed();

 private:
  void ask(int more);
  void take(const LogPiece& piece);

  ElsewhereFiles* files_ = nullptr;
  RunElsewhere run_;
  bool live_ = false, busy_ = false, whole_ = false;
  quint64 turn_ = 0;
  std::optional<qint64> end_;  ///< byte of the log behind those that are kept; nothing: none are yet
  QByteArray bytes_;
  Message problem_;
};

}  // namespace bandscope::app
