// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/link_worker.h"

#include <signal.h>

#include <utility>

#include "app/server/ask_server.h"
#include "app/server/ssh_command.h"
#include "app/server/ssh_words.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr qsizetype most_error_bytes = 16 << 10;
/// Of the list, each at most as long as a line: so many that what no server has is not kept.
constexpr int most_pages = 256;
constexpr int tick_ms = 1000;
constexpr int farewell_ms = 1000;

}  // namespace

LinkWorker::LinkWorker(ServerLink* link, ServerAddress address, QString cache)
    : link_(link),
      address_(std::move(address)),
      tick_(this),
      again_(this),
      copies_(client_, address_, std::move(cache), [this](const QString& run, const MirrorStanding& standing) {
        post([link = link_, run, standing] {
          if (!link->followed_.contains(run)) return;
          link->mirrors_[run] = standing;
          Q_EMIT link->mirrorChanged(run);
        });
      }) {
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, [this] {
    // Nobody is asked again and again.
    may_ask_ = false;
    start();
  });
  connect(&tick_, &QTimer::timeout, this, [this] {
    client_.tick(now());
    heard();
    copies_.tick();
    flush();
  });
  client_.on_ready = [this] { ready(); };
  client_.on_push = [this](const std::string& name, const wire::Json& fields) { pushed(name, fields); };
}

LinkWorker::~LinkWorker() { end(); }

/// In the window's thread; the link waits for this thread before it goes, so it is there.
template <class Function>
void LinkWorker::post(Function function) {
  QMetaObject::invokeMethod(link_, std::move(function), Qt::QueuedConnection);
}

void LinkWorker::connectToServer() {
  if (std::exchange(wanted_, true)) return;
  tick_.start(tick_ms);
  start();
}

void LinkWorker::tryNow() {
  if (!wanted_) return;
  // A try that nobody waited for, which may take its time to fail and may not ask, makes room for one that may.
  if (!may_ask_ && client_.state() == wire::Client::State::opening) ended({});
  if (!again_.isActive()) return;
  pauses_.reset();
  again_.stop();
  may_ask_ = true;
  start();
}

void LinkWorker::end() {
  wanted_ = false;
  again_.stop();
  tick_.stop();
  copies_.clear();
  client_.on_ready = nullptr;
  client_.on_push = nullptr;
  if (const auto ssh = std::move(ssh_)) {
    ssh->disconnect(this);
    ssh->closeWriteChannel();
    signal_ssh(*ssh, SIGTERM);
    if (!ssh->waitForFinished(farewell_ms)) {
      signal_ssh(*ssh, SIGKILL);
      ssh->waitForFinished(farewell_ms);
    }
  }
}

void LinkWorker::start() {
  error_.clear();
  const SshCommand command = ssh_command(address_, {.may_ask = may_ask_});
  asks_ = command.asks;
  ssh_ = std::make_unique<QProcess>();
  connect(ssh_.get(), &QProcess::readyReadStandardOutput, this, &LinkWorker::received);
  connect(ssh_.get(), &QProcess::readyReadStandardError, this, [this] {
    error_ += ssh_->readAllStandardError();
    if (error_.size() > most_error_bytes) error_ = error_.right(most_error_bytes);
  });
  connect(ssh_.get(), &QProcess::finished, this, [this](int code) {
    received();
    if (!ssh_) return;
    error_ += ssh_->readAllStandardError();
    const bool in = client_.state() == wire::Client::State::ready;
    ended(ssh_problem({address_, code, QString::fromUtf8(error_), client_.before_hello(), asks_, in, may_ask_}));
  });
  connect(ssh_.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) ended(Message::tr("%1 cannot be started", ssh_->program().toStdString()));
  });
  // A try that nobody waits for does not hide why the last one failed.
  if (may_ask_) publish(reached_ ? ServerLink::State::lost : ServerLink::State::connecting, {});
  client_.connected(now());
  start_ssh(*ssh_, command);
}

void LinkWorker::received() {
  const QByteArray bytes = ssh_->readAllStandardOutput();
  if (bytes.isEmpty()) return;
  client_.receive({bytes.constData(), std::size_t(bytes.size())}, now());
  heard_at_ = QDateTime::currentDateTime();
  heard();
}

/// After the client was given something: it may have to send, or be broken.
void LinkWorker::heard() {
  if (client_.state() == wire::Client::State::broken) {
    ended(client_.problem());
  } else {
    flush();
  }
}

void LinkWorker::flush() {
  if (!ssh_) return;
  if (const std::string output = client_.take_output(); !output.empty())
    ssh_->write(output.data(), qint64(output.size()));
}

/// The connection has gone, or must go.
void LinkWorker::ended(const Message& why) {
  if (!ssh_) return;
  // Within one of its own signals it must not be deleted.
  ssh_->disconnect(this);
  signal_ssh(*ssh_, SIGKILL);
  ssh_.release()->deleteLater();
  const Message words = client_.problem().empty() ? why : client_.problem();
  client_.lost(words);
  if (!wanted_) return;
  again_.start(std::chrono::duration_cast<std::chrono::milliseconds>(pauses_.next()));
  publish(reached_ ? ServerLink::State::lost : ServerLink::State::failed, words);
}

void LinkWorker::publish(ServerLink::State state, const Message& problem) {
  const QString said = (QString::fromStdString(client_.before_hello()) + QString::fromUtf8(error_)).right(4000);
  post([link = link_, state, problem, said, at = heard_at_, hello = client_.hello()] {
    link->state_ = state;
    link->problem_ = problem;
    link->said_ = said;
    link->reached_ = at;
    link->hello_ = hello;
    Q_EMIT link->stateChanged();
  });
}

void LinkWorker::ready() {
  pauses_.reset();
  reached_ = true;
  heard_at_ = QDateTime::currentDateTime();
  publish(ServerLink::State::ready, {});
  listed_.clear();
  listed_bytes_ = 0;
  pages_ = 0;
  listRuns(0);
  copies_.goOn();
}

void LinkWorker::listRuns(std::size_t first) {
  client_.ask(
      wire::Ask::runs, {{"first", first}},
      [this, first](const wire::Outcome& outcome) {
        if (outcome.kind == wire::Outcome::Kind::lost) return;
        const auto runs = outcome.fields.find("runs");
        if (!outcome.answered() || runs == outcome.fields.end() || !runs->is_array()) {
          listed_.clear();
          return watch();
        }
        for (const auto& one : *runs) {
          const RunItemPtr run = run_item(one);
          if (!run || listed_bytes_ + run->text.size() > kMostItemsBytes) continue;
          listed_bytes_ += run->text.size();
          listed_.push_back(run);
        }
        const std::size_t there = count_of(outcome.fields, "all").value_or(0);
        if (!runs->empty() && first + runs->size() < std::min(there, kMostRuns) && ++pages_ < most_pages) {
          listRuns(first + runs->size());
        } else {
          if (news_->list(std::exchange(listed_, {}))) tellNews();
          watch();
        }
        flush();
      },
      now());
}

/// After the list: while its pages come, the server must not look anew, which would move runs from one to another. What
/// has changed since it was made is told then.
void LinkWorker::watch() {
  client_.ask(
      wire::Ask::watch, wire::Json::object(), [](const wire::Outcome&) {}, now());
  // Whoever asks for the queue sees to it that somebody keeps it, as after a start of the machine. An engine that has
  // none takes the place of one that had.
  client_.ask(
      wire::Ask::queued, wire::Json::object(),
      [this](const wire::Outcome& outcome) {
        if (outcome.answered()) return takeQueue(outcome.fields);
        if (outcome.refusal == wire::Refusal::unknown) takeQueue({{"queue", nullptr}});
      },
      now());
  flush();
}

void LinkWorker::pushed(const std::string& name, const wire::Json& fields) {
  if (name == "changed" && news_->change(fields)) tellNews();
  if (name == "queue") takeQueue(fields);
  if (name == "grown") copies_.grown(fields);
}

void LinkWorker::takeQueue(const wire::Json& fields) {
  const auto queue = fields.find("queue");
  if (queue != fields.end() && news_->queue(*queue)) tellNews();
}

void LinkWorker::tellNews() {
  post([link = link_, news = news_] {
    const LinkNews::Taken taken = news->take();
    if (taken.listed) Q_EMIT link->runsListed(*taken.listed);
    if (!taken.runs.empty() || !taken.gone.isEmpty()) Q_EMIT link->runsChanged(taken.runs, taken.gone);
    if (taken.queue) Q_EMIT link->queueChanged(*taken.queue);
  });
}

void LinkWorker::ask(wire::Ask ask, const wire::Json& fields, const std::function<void(const wire::Outcome&)>& done) {
  client_.ask(
      ask, fields,
      [this, ask, old = text_of(fields, "run").value_or(QString()), done](const wire::Outcome& outcome) {
        // Before the window hears of it: it shows the run's copy under the new name at once.
        if (ask == wire::Ask::rename && outcome.answered())
          copies_.renamed(old, text_of(outcome.fields, "run").value_or(QString()));
        done(outcome);
      },
      now());
  heard();
}

void LinkWorker::follow(const QString& run) {
  copies_.follow(run);
  flush();
}

void LinkWorker::unfollow(const QString& run) {
  copies_.unfollow(run);
  flush();
}

void LinkWorker::forget(const QString& run) { copies_.forget(run); }

}  // namespace bandscope::app
