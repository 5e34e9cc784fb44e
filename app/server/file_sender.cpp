// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/file_sender.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "app/server/ask_server.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/serve/base64.h"

namespace bandscope::app {
namespace {

constexpr int most_chunks_in_flight = 4;
constexpr qint64 first_chunk = 64 << 10, least_chunk = 16 << 10, most_chunk = qint64(wire::kMostChunkBytes);
/// A chunk that is answered sooner may be larger, one that takes longer keeps other requests waiting.
constexpr qint64 quick_answer_ms = 500, slow_answer_ms = 4000;
constexpr qint64 hash_block = 1 << 20, tell_every_ms = 200;
constexpr int most_tries = 5, ask_again_ms = 2000;
constexpr qsizetype longest_name = 180;  // in bytes; the server puts the SHA-256 in front

/// As the server takes it: its end, which says what kind of data it is, stays.
std::string plain_name(const QString& file) {
  QString name = QFileInfo(file).fileName();
  for (QChar& c : name) {
    if (c.unicode() < 0x20 || c.unicode() == 0x7f) c = u'_';
  }
  while (name.toUtf8().size() > longest_name) name.remove(0, 1);
  while (name.startsWith(u'.')) name.remove(0, 1);
  return name.isEmpty() ? "data" : name.toStdString();
}

bool is_below(const QString& path) {
  return !path.isEmpty() && path.size() < 4096 && !path.startsWith(u'/') &&
         !path.split(u'/').contains(QStringLiteral("..")) &&
         std::none_of(path.begin(), path.end(), [](QChar c) { return c.unicode() < 0x20; });
}

}  // namespace

struct FileSender::Source {
  explicit Source(const QString& path) : file(path) {}

  /// Throws DataError.
  void open() {
    if (!QFileInfo(file.fileName()).isFile())
      throw DataError(Message::tr("%1 is no file", file.fileName().toStdString()));
    if (!file.open(QIODevice::ReadOnly))
      throw DataError(Message::at(file.fileName().toStdString(), Message::plain(file.errorString().toStdString())));
    bytes = file.size();
    changed = QFileInfo(file.fileName()).lastModified();
  }
  void requireSame() const {
    const QFileInfo now(file.fileName());
    if (now.size() != bytes || now.lastModified() != changed || file.size() != bytes)
      throw DataError(Message::tr("%1 was changed while it was sent; send it again", file.fileName().toStdString()));
  }
  std::string read(qint64 at, qint64 most) {
    requireSame();
    const QByteArray block = file.seek(at) ? file.read(most) : QByteArray();
    if (block.size() != most)
      throw DataError(Message::at(file.fileName().toStdString(), Message::tr("reading failed")));
    return block.toStdString();
  }

  QFile file;
  qint64 bytes = 0;
  QDateTime changed;
};

FileSender::FileSender(QObject* parent) : QObject(parent), again_(this) {
  pool_.setMaxThreadCount(1);
  again_.setSingleShot(true);
  again_.setInterval(ask_again_ms);
  connect(&again_, &QTimer::timeout, this, &FileSender::announce);
}

FileSender::~FileSender() {
  stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

/// From the reading thread; of a conversation that is over it is dropped.
template <class Function>
void FileSender::post(Function function) {
  QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

void FileSender::send(ServerLink* server, const QString& root, const QString& file) {
  cancel();
  if (server_) server_->disconnect(this);
  server_ = server;
  root_ = root;
  file_ = file;
  name_ = plain_name(file);
  problem_ = {};
  place_ = {};
  bytes_ = done_ = 0;
  tries_ = 0;
  chunk_ = first_chunk;
  connect(server, &ServerLink::stateChanged, this, [this] {
    if (phase_ == Phase::waiting && server_ && server_->ready()) announce();
  });
  connect(server, &QObject::destroyed, this, [this] {
    if (busy()) fail(Message::tr("there is no connection to the server"));
  });
  stop_ = {};
  source_ = std::make_shared<Source>(file);
  const quint64 mine = conversation_;
  setPhase(Phase::reading);
  if (mine != conversation_) return;  // whoever was told has stopped it
  pool_.start([this, source = source_, mine, stop = stop_.get_token()] {
    try {
      source->open();
      Sha256 sum;
      QElapsedTimer told;
      told.start();
      for (qint64 at = 0; at < source->bytes; at += hash_block) {
        if (stop.stop_requested()) return;
        sum.add(source->read(at, std::min(hash_block, source->bytes - at)));
        if (told.elapsed() < tell_every_ms) continue;
        told.restart();
        post([this, mine, at, bytes = source->bytes] {
          if (mine != conversation_) return;
          bytes_ = bytes;
          done_ = at;
          Q_EMIT progressed();
        });
      }
      source->requireSame();
      post([this, mine, bytes = source->bytes, sha = sum.hex()] {
        if (mine == conversation_) hashed(bytes, sha);
      });
    } catch (const std::exception& error) {
      post([this, mine, why = message_of(error)] {
        if (mine == conversation_) fail(why);
      });
    }
  });
}

void FileSender::cancel() {
  stop_.request_stop();
  pool_.clear();
  again_.stop();
  ++conversation_;
  source_.reset();
  if (busy()) setPhase(Phase::idle);
}

void FileSender::hashed(qint64 bytes, const std::string& sha) {
  bytes_ = bytes;
  done_ = 0;
  sha_ = sha;
  announce();
}

void FileSender::announce() {
  ++conversation_;
  pool_.clear();
  in_flight_ = 0;
  if (!server_ || !server_->ready()) return wait();
  if (++tries_ > most_tries) return fail(Message::tr("the server does not take the file; try again later"));
  const quint64 mine = conversation_;
  setPhase(Phase::sending);
  if (mine != conversation_) return;
  server_->ask(wire::Ask::send,
               {{"root", root_.toStdString()}, {"sha256", sha_}, {"bytes", std::uint64_t(bytes_)}, {"name", name_}},
               this, [this, mine](const wire::Outcome& outcome) {
                 if (mine == conversation_) announced(outcome);
               });
}

void FileSender::announced(const wire::Outcome& outcome) {
  if (!outcome.answered()) return refused(outcome);
  if (!takeStanding(outcome.fields)) return;
  next_ = done_;
  pump();
}

void FileSender::pump() {
  while (in_flight_ < most_chunks_in_flight && next_ < bytes_) {
    const qint64 bytes = std::min(chunk_, bytes_ - next_);
    readChunk(next_, bytes);
    ++in_flight_;
    next_ += bytes;
  }
  // All of it was answered, and the server does not say where it lies.
  if (in_flight_ == 0) fail(Message::tr("the engine there gave an answer that is not understood"));
}

void FileSender::readChunk(qint64 at, qint64 bytes) {
  pool_.start([this, source = source_, mine = conversation_, at, bytes] {
    try {
      post([this, mine, at, base64 = wire::to_base64(source->read(at, bytes))]() mutable {
        if (mine == conversation_) chunkRead(at, std::move(base64));
      });
    } catch (const std::exception& error) {
      post([this, mine, why = message_of(error)] {
        if (mine == conversation_) fail(why);
      });
    }
  });
}

void FileSender::chunkRead(qint64 at, std::string base64) {
  if (!server_) return wait();
  QElapsedTimer since;
  since.start();
  server_->ask(wire::Ask::send_chunk, {{"sha256", sha_}, {"at", std::uint64_t(at)}, {"data", std::move(base64)}}, this,
               [this, mine = conversation_, since](const wire::Outcome& outcome) {
                 if (mine == conversation_) chunkAnswered(outcome, since.elapsed());
               });
}

void FileSender::chunkAnswered(const wire::Outcome& outcome, qint64 took_ms) {
  if (!outcome.answered()) return refused(outcome);
  --in_flight_;
  const qint64 before = done_;
  if (!takeStanding(outcome.fields)) return;
  if (done_ > before) tries_ = 0;
  if (took_ms < quick_answer_ms) chunk_ = std::min(2 * chunk_, most_chunk);
  if (took_ms > slow_answer_ms) chunk_ = std::max(chunk_ / 2, least_chunk);
  pump();
}

bool FileSender::takeStanding(const wire::Json& fields) {
  const auto have = count_of(fields, "have");
  const bool whole = fields.contains("path");
  const QString place = text_of(fields, "path").value_or(QString());
  if (!have || *have > std::uint64_t(bytes_) || (whole && !is_below(place))) {
    fail(Message::tr("the engine there gave an answer that is not understood"));
    return false;
  }
  done_ = qint64(*have);
  if (!whole) {
    const quint64 mine = conversation_;
    Q_EMIT progressed();
    return mine == conversation_;
  }
  done_ = bytes_;
  place_ = {root_, place};
  ++conversation_;
  source_.reset();
  setPhase(Phase::done);
  Q_EMIT finished();
  return false;
}

void FileSender::refused(const wire::Outcome& outcome) {
  if (outcome.kind == wire::Outcome::Kind::lost) return wait();
  if (outcome.refusal == wire::Refusal::missing || outcome.refusal == wire::Refusal::busy) {
    // It has forgotten the file, as after a start of its own, or has no room for one more.
    ++conversation_;
    pool_.clear();
    if (outcome.refusal == wire::Refusal::missing) return announce();
    return again_.start();
  }
  fail(outcome.words);
}

/// The connection has gone: what comes of it is over, and when the server is reached it is asked what it has.
void FileSender::wait() {
  ++conversation_;
  pool_.clear();
  tries_ = 0;
  setPhase(Phase::waiting);
}

void FileSender::setPhase(Phase phase) {
  phase_ = phase;
  Q_EMIT progressed();
}

void FileSender::fail(const Message& why) {
  stop_.request_stop();
  pool_.clear();
  ++conversation_;
  source_.reset();
  problem_ = why;
  setPhase(Phase::failed);
  Q_EMIT finished();
}

}  // namespace bandscope::app
