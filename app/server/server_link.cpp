// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_link.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocale>
#include <QPointer>
#include <utility>

#include "app/server/link_worker.h"

namespace bandscope::app {

QString mirror_folder(const QString& cache, const QString& server_id, const QString& run) {
  // A readable beginning, and what no two runs share.
  QString plain;
  for (const QChar c : run.right(60)) plain += c.isLetterOrNumber() || c == u'-' || c == u'.' ? c : QChar(u'_');
  while (plain.startsWith(u'.')) plain.remove(0, 1);
  const QString mark =
      QString::fromLatin1(QCryptographicHash::hash(run.toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
  return QDir(cache).filePath(server_id + u'/' + (plain.isEmpty() ? mark : plain + u'-' + mark));
}

QString ServerLink::stateWords() const {
  switch (state_) {
    case State::ready:
    case State::idle:
      break;
    case State::connecting:
      return tr("connecting…");
    case State::lost:
      return tr("not reached since %1").arg(lostSince());
    case State::failed:
      return tr("not reached");
  }
  return {};
}

QString ServerLink::title() const {
  const QString state = stateWords();
  return state.isEmpty() ? address_.name : tr("%1: %2", "server and its state").arg(address_.name, state);
}

QString ServerLink::lostSince() const {
  const bool today = reached_.date() == QDate::currentDate();
  return today ? QLocale().toString(reached_.time(), QLocale::ShortFormat)
               : QLocale().toString(reached_, QLocale::ShortFormat);
}

ServerLink::ServerLink(const ServerAddress& address, const QString& cache, QObject* parent)
    : QObject(parent), address_(address), cache_(cache), worker_(new LinkWorker(this, address, cache)) {
  worker_->moveToThread(&thread_);
  connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
  thread_.setObjectName(QStringLiteral("server"));
  thread_.start();
}

ServerLink::~ServerLink() {
  leave();
  thread_.wait();
}

void ServerLink::leave() {
  if (std::exchange(leaves_, true)) return;
  // Not as it goes: children and timers of the worker belong to its thread.
  QMetaObject::invokeMethod(worker_, [worker = worker_, thread = &thread_] {
    worker->end();
    thread->quit();
  });
}

bool ServerLink::knows(wire::Ask ask) const {
  return ready() && std::ranges::count(hello_.requests, wire::about(ask).name) > 0;
}

// After leave() the worker may have gone.

void ServerLink::connectToServer() {
  if (leaves_) return;
  if (state_ == State::idle) state_ = State::connecting;
  QMetaObject::invokeMethod(worker_, &LinkWorker::connectToServer);
}

void ServerLink::tryNow() {
  if (!leaves_) QMetaObject::invokeMethod(worker_, &LinkWorker::tryNow);
}

void ServerLink::ask(wire::Ask ask, wire::Json fields, QObject* context, Answer done) {
  if (leaves_) return;
  // The context belongs to this thread: looked at here only.
  const auto answer = [context = QPointer<QObject>(context), done = std::move(done)](const wire::Outcome& outcome) {
    if (context) done(outcome);
  };
  QMetaObject::invokeMethod(worker_, [worker = worker_, link = this, ask, fields = std::move(fields), answer] {
    worker->ask(ask, fields, [link, answer](const wire::Outcome& outcome) {
      QMetaObject::invokeMethod(
          link, [answer, outcome] { answer(outcome); }, Qt::QueuedConnection);
    });
  });
}

void ServerLink::follow(const QString& run) {
  if (leaves_ || followed_.contains(run)) return;
  followed_ << run;
  QMetaObject::invokeMethod(worker_, [worker = worker_, run] { worker->follow(run); });
}

void ServerLink::unfollow(const QString& run) {
  if (leaves_ || !followed_.remove(run)) return;
  mirrors_.remove(run);
  QMetaObject::invokeMethod(worker_, [worker = worker_, run] { worker->unfollow(run); });
}

void ServerLink::renamed(const QString& run, const QString& now) {
  const MirrorStanding standing = mirror(run);
  const bool followed = follows(run);
  unfollow(run);
  if (!followed) return;
  follow(now);
  mirrors_.insert(now, standing);
}

void ServerLink::forget(const QString& run) {
  if (leaves_ || follows(run)) return;
  QMetaObject::invokeMethod(worker_, [worker = worker_, run] { worker->forget(run); });
}

QString ServerLink::mirrorOf(const QString& run) const {
  return mirror_folder(cache_, address_.id, run) + QStringLiteral("/run.h5");
}

}  // namespace bandscope::app
