// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/link_worker.h"

#include <signal.h>

#include <QFileInfo>
#include <utility>

#include "app/server/ssh_command.h"
#include "app/server/ssh_words.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr qsizetype most_error_bytes = 16 << 10;
constexpr std::size_t most_listed = 100'000;
constexpr int tick_ms = 1000, ticks_to_retry = 10;
constexpr int farewell_ms = 1000;

}  // namespace

LinkWorker::LinkWorker(ServerLink* link, ServerAddress address, QString cache)
    : link_(link), address_(std::move(address)), cache_(std::move(cache)), tick_(this), again_(this) {
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, [this] {
    // Nobody is asked again and again.
    may_ask_ = false;
    start();
  });
  connect(&tick_, &QTimer::timeout, this, [this] {
    client_.tick(now());
    heard();
    tryCopiesAgain();
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
  feeds_.clear();
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
  publish(reached_ ? ServerLink::State::lost : ServerLink::State::connecting, {});
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
  listRuns(0);
  for (auto& [run, followed] : feeds_) {
    followed.evaluation_rows = 0;
    followed.feed->start();
  }
}

void LinkWorker::listRuns(std::size_t first) {
  client_.ask(
      wire::Ask::runs, {{"first", first}},
      [this, first](const wire::Outcome& outcome) {
        if (outcome.kind == wire::Outcome::Kind::lost) return;
        const auto runs = outcome.fields.find("runs");
        const auto all = outcome.fields.find("all");
        if (!outcome.answered() || runs == outcome.fields.end() || !runs->is_array()) {
          listed_.clear();
          return watch();
        }
        for (const auto& run : *runs) listed_.push_back(run);
        const std::size_t there =
            all != outcome.fields.end() && all->is_number_unsigned() ? all->get<std::size_t>() : 0;
        if (!runs->empty() && listed_.size() < std::min(there, most_listed)) {
          listRuns(first + runs->size());
        } else {
          post([link = link_, listed = std::exchange(listed_, {})] { Q_EMIT link->runsListed(listed); });
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
        if (outcome.answered()) return pushed("queue", outcome.fields);
        if (outcome.refusal == wire::Refusal::unknown) pushed("queue", {{"queue", nullptr}});
      },
      now());
  flush();
}

void LinkWorker::pushed(const std::string& name, const wire::Json& fields) {
  if (name == "changed") {
    std::vector<wire::Json> runs;
    QStringList gone;
    if (const auto list = fields.find("runs"); list != fields.end() && list->is_array())
      runs.assign(list->begin(), list->end());
    if (const auto list = fields.find("gone"); list != fields.end() && list->is_array()) {
      for (const auto& run : *list) {
        if (run.is_string()) gone << QString::fromStdString(run.get<std::string>());
      }
    }
    post([link = link_, runs, gone] { Q_EMIT link->runsChanged(runs, gone); });
  } else if (name == "queue") {
    if (const auto queue = fields.find("queue"); queue != fields.end())
      post([link = link_, now = wire::Json(*queue)] { Q_EMIT link->queueChanged(now); });
  } else if (name == "grown") {
    const auto run = fields.find("run");
    if (run == fields.end() || !run->is_string()) return;
    const auto feed = feeds_.find(QString::fromStdString(run->get<std::string>()));
    if (feed != feeds_.end()) feed->second.feed->pushed(fields);
  }
}

void LinkWorker::ask(wire::Ask ask, const wire::Json& fields, const std::function<void(const wire::Outcome&)>& done) {
  client_.ask(ask, fields, done, now());
  heard();
}

void LinkWorker::follow(const QString& run) {
  if (feeds_.count(run) > 0) return;
  const QString folder = mirror_folder(cache_, address_.id, run);
  Followed& followed = feeds_[run];
  followed.feed = std::make_unique<mirror::MirrorFeed>(client_, folder.toStdString(), run.toStdString(), now);
  followed.evaluations =
      std::make_unique<mirror::EvaluationCopy>(client_, folder.toStdString(), run.toStdString(), now);
  followed.feed->on_change = [this, run] { feedChanged(run); };
  followed.evaluations->on_fetched = [this, run] {
    ++feeds_.at(run).fetched;
    feedChanged(run);
  };
  feedChanged(run);
  followed.feed->start();
  flush();
}

/// What kept a copy from being written, as a full disk, may have gone; of some runs the server tells nothing by itself.
void LinkWorker::tryCopiesAgain() {
  if (client_.state() != wire::Client::State::ready) return;
  for (auto& [run, followed] : feeds_) {
    const bool failed = followed.feed->phase() == mirror::MirrorFeed::Phase::failed && !followed.feed->gone();
    const bool untold = followed.feed->untold() && followed.feed->phase() == mirror::MirrorFeed::Phase::level;
    if (!failed && !untold && !followed.evaluations->unwritten()) {
      followed.failed_for = 0;
    } else if (++followed.failed_for >= ticks_to_retry) {
      followed.failed_for = 0;
      if (failed || untold) followed.feed->start();
      if (followed.evaluations->unwritten()) followed.evaluations->update();
    }
  }
  flush();
}

void LinkWorker::unfollow(const QString& run) {
  if (feeds_.erase(run) == 0) return;
  standings_.erase(run);
  client_.ask(
      wire::Ask::unfollow, {{"run", run.toStdString()}}, [](const wire::Outcome&) {}, now());
  flush();
}

void LinkWorker::feedChanged(const QString& run) {
  const auto at = feeds_.find(run);
  if (at == feeds_.end()) return;
  Followed& followed = at->second;
  const mirror::MirrorFeed& feed = *followed.feed;
  MirrorStanding standing;
  switch (feed.phase()) {
    case mirror::MirrorFeed::Phase::apart:
      standing.phase = MirrorStanding::Phase::apart;
      break;
    case mirror::MirrorFeed::Phase::comparing:
    case mirror::MirrorFeed::Phase::copying:
      standing.phase = MirrorStanding::Phase::copying;
      break;
    case mirror::MirrorFeed::Phase::level:
      standing.phase = MirrorStanding::Phase::level;
      break;
    case mirror::MirrorFeed::Phase::ended:
      standing.phase = MirrorStanding::Phase::ended;
      break;
    case mirror::MirrorFeed::Phase::failed:
      standing.phase = MirrorStanding::Phase::failed;
      break;
  }
  standing.there = QFileInfo::exists(QString::fromStdString(feed.record().string()));
  standing.coarse = feed.coarse();
  standing.problem = feed.problem();
  standing.evaluations = followed.fetched;
  const bool whole =
      feed.phase() == mirror::MirrorFeed::Phase::level || feed.phase() == mirror::MirrorFeed::Phase::ended;
  const std::size_t rows = feed.known()[std::size_t(RecordTable::evaluation)];
  if (whole && rows != followed.evaluation_rows) {
    followed.evaluation_rows = rows;
    followed.evaluations->update();
  }
  auto [kept, fresh] = standings_.emplace(run, standing);
  if (!fresh && kept->second == standing) return;
  kept->second = standing;
  post([link = link_, run, standing] {
    if (!link->followed_.contains(run)) return;
    link->mirrors_[run] = standing;
    Q_EMIT link->mirrorChanged(run);
  });
}

}  // namespace bandscope::app
