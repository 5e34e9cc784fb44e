// SPDX-License-Identifier: GPL-3.0-or-later
// Sends a data file to a server. A file is known by its SHA-256: one that is there is not sent again, and what a cut
// connection, or an earlier try, has left there is gone on with.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <memory>
#include <stop_token>

#include "app/server/server_paths.h"

namespace bandscope::app {

/// Lives in the window's thread; the file is read in one of its own, a few chunks ahead of the answers.
class FileSender : public QObject {
  Q_OBJECT

 public:
  enum class Phase {
    idle,
    reading,  ///< the whole file, for its SHA-256
    sending,
    waiting,  ///< for the server to be reached again
    done,
    failed
  };

  explicit FileSender(QObject* parent = nullptr);
  ~FileSender() override;

  /// Into a root of data. One file at a time: an earlier one is cancelled.
  void send(ServerLink* server, const QString& root, const QString& file);
  /// What is there already stays, for the next try.
  void cancel();

  Phase phase() const { return phase_; }
  bool busy() const { return phase_ == Phase::reading || phase_ == Phase::sending || phase_ == Phase::waiting; }
  const QString& file() const { return file_; }
  qint64 bytes() const { return bytes_; }  ///< of the file
  qint64 done() const { return done_; }    ///< of them read, or there
  const Message& problem() const { return problem_; }
  /// Where it lies, once it is done.
  const RootedPath& place() const { return place_; }

 Q_SIGNALS:
  void progressed();
  /// It is done, or has failed.
  void finished();

 private:
  struct Source;  ///< the open file; used by the reading thread only
  void hashed(qint64 bytes, const std::string& sha);
  void announce();
  void announced(const wire::Outcome& outcome);
  void pump();
  void readChunk(qint64 at, qint64 bytes);
  void chunkRead(qint64 at, std::string base64);
  void chunkAnswered(const wire::Outcome& outcome, qint64 took_ms);
  /// Of an answer: how much is there. False where there is nothing more to send: all is there, the answer makes no
  /// sense, or whoever was told has stopped it.
  bool takeStanding(const wire::Json& fields);
  void refused(const wire::Outcome& outcome);
  void wait();
  void setPhase(Phase phase);
  void fail(const Message& why);
  template <class Function>
  void post(Function function);

  QThreadPool pool_;
  std::stop_source stop_;
  std::shared_ptr<Source> source_;
  QPointer<ServerLink> server_;
  QString root_, file_;
  std::string sha_, name_;
  Phase phase_ = Phase::idle;
  Message problem_;
  RootedPath place_;
  qint64 bytes_ = 0, done_ = 0;
  qint64 next_ = 0;           ///< byte that the next chunk begins at
  qint64 chunk_ = 0;          ///< bytes of a chunk, as the line takes them
  int in_flight_ = 0;         ///< chunks read, or sent without an answer
  int tries_ = 0;             ///< announcements since the last progress
  quint64 conversation_ = 0;  ///< answers of an earlier one are dropped
  QTimer again_;
};

}  // namespace bandscope::app
