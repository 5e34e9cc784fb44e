// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/connection_test.h"

#include <QDateTime>
#include <QLocale>
#include <QVersionNumber>
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/base/amounts.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/server/ask_server.h"
#include "app/server/server_abilities.h"
#include "app/server/server_devices.h"
#include "app/server/ssh_command.h"
#include "app/server/ssh_words.h"
#include "core/build_info.h"

namespace bandscope::app {
namespace {

constexpr int second_ms = 1000;
constexpr qsizetype most_said = 16'000;
/// After this long without a word ssh may be asking somewhere.
constexpr int asking_after_s = 4;
constexpr std::size_t most_chatter = 64 << 10;
constexpr int most_devices_shown = 8;
constexpr double clocks_apart_s = 60;
/// Beyond this it is no clock.
constexpr double longest_apart_s = 1e9;
/// Somebody may be typing a passphrase.
constexpr wire::Client::Patience test_patience{std::chrono::seconds(600), std::chrono::seconds(60)};

QString far_text(const std::string& text) {
  constexpr qsizetype longest = 120;
  return one_line(QString::fromStdString(text), longest);
}

/// Beside sentences of its own it begins as they do, unless with a name.
QString own_sentence(const Message& message) {
  QString text = translated_sentence(message);
  const bool name = !message.is_sentence() || message.text().starts_with('%') || message.text().starts_with("ssh");
  if (!name && !text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

ConnectionTest::ConnectionTest(const ServerAddress& server, QObject* parent) : QObject(parent), server_(server) {
  tick_.setInterval(second_ms);
  connect(&tick_, &QTimer::timeout, this, [this] {
    client_.tick(now());
    if (!in_ && clock_.elapsed() > asking_after_s * second_ms && line(Step::connection).words.isEmpty())
      set(Step::connection, State::going,
          {asks_ ? tr("No answer yet; ssh may be asking in a window of its own.") : tr("No answer yet.")});
    heard();
    // Now and then: a server may say much.
    if (std::exchange(said_more_, false)) Q_EMIT changed();
  });
}

ConnectionTest::~ConnectionTest() {
  disconnect();
  end(false);
}

QString ConnectionTest::title(Step step) {
  switch (step) {
    case Step::connection:
      return tr("ssh");
    case Step::engine:
      return tr("Engine");
    case Step::devices:
      return tr("Devices");
    case Step::folders:
      return tr("Folders");
  }
  return {};
}

bool ConnectionTest::passed() const {
  return std::all_of(lines_.begin(), lines_.end(),
                     [](const Line& line) { return line.state == State::done || line.state == State::doubtful; });
}

QString ConnectionTest::said() const { return without_progress(chatter_ + QString::fromUtf8(said_)); }

void ConnectionTest::set(Step step, State state, const QStringList& words) {
  lines_[std::size_t(step)] = {state, words};
  Q_EMIT changed();
}

void ConnectionTest::start() {
  if (going_) return;
  lines_ = {};
  said_.clear();
  chatter_.clear();
  in_ = greeted_ = false;
  going_ = true;
  const SshCommand command = ssh_command(server_, {.may_ask = true, .tells_login = true});
  asks_ = command.asks;
  ssh_ = std::make_unique<QProcess>();
  connect(ssh_.get(), &QProcess::readyReadStandardOutput, this, &ConnectionTest::heard);
  connect(ssh_.get(), &QProcess::readyReadStandardError, this, &ConnectionTest::heardError);
  connect(ssh_.get(), &QProcess::finished, this, [this](int code, QProcess::ExitStatus how) {
    // Where ssh itself was ended its code is none of the engine's.
    ended(how == QProcess::CrashExit ? ssh_own_code : code);
  });
  connect(ssh_.get(), &QProcess::errorOccurred, this, [this, program = command.program](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart)
      fail(Step::connection, tr("%1 cannot be started: install OpenSSH's client (openssh-client).").arg(program));
  });
  client_ = wire::Client(test_patience);
  client_.on_ready = [this] { ready(); };
  client_.connected(now());
  clock_.start();
  tick_.start();
  set(Step::connection, State::going);
  start_ssh(*ssh_, command);
}

void ConnectionTest::cancel() {
  if (!going_) return;
  for (auto& line : lines_) {
    if (line.state == State::going) line = {State::failed, {tr("Cancelled.")}};
  }
  end(false);
}

void ConnectionTest::heardError() {
  if (!ssh_) return;
  said_ += ssh_->readAllStandardError();
  said_more_ = true;
  if (said_.size() > most_said) said_ = said_.right(most_said);
  if (said_.startsWith("Authenticated to ") || said_.contains("\nAuthenticated to ")) loggedIn();
}

/// ssh is in. Without its word for it, as over a shared connection, the first of the engine's says so.
void ConnectionTest::loggedIn() {
  if (std::exchange(in_, true)) return;
  const QString seconds = QLocale().toString(std::max(0.1, double(clock_.elapsed()) / second_ms), 'f', 1);
  set(Step::connection, State::done, {tr("Connected to %1 in %2 s.").arg(server_.destination, seconds)});
  set(Step::engine, State::going);
}

void ConnectionTest::heard() {
  if (!ssh_ || !going_) return;
  const QByteArray bytes = ssh_->readAllStandardOutput();
  if (!bytes.isEmpty()) client_.receive({bytes.constData(), std::size_t(bytes.size())}, now());
  if (!ssh_ || !going_) return;
  if (client_.state() == wire::Client::State::broken) {
    QString words = own_sentence(client_.problem());
    if (!bytes.isEmpty()) loggedIn();
    // It spoke, and was not understood.
    if (!greeted_ && !bytes.isEmpty() && client_.before_hello().size() <= most_chatter)
      words += u' ' + tr("Install the same version of Bandscope here and there.");
    return fail(greeted_ ? Step::folders : in_ ? Step::engine : Step::connection, words);
  }
  if (const std::string output = client_.take_output(); !output.empty())
    ssh_->write(output.data(), qint64(output.size()));
}

void ConnectionTest::ready() {
  loggedIn();
  greeted_ = true;
  const wire::Hello& hello = client_.hello();
  const QString program = far_text(hello.program),
                here = QString::fromUtf8(build_version().data(), qsizetype(build_version().size()));
  QStringList words = {tr("bandscope-engine %1 on %2.").arg(program, far_text(hello.host))};
  State state = State::done;
  const int newer = QVersionNumber::compare(QVersionNumber::fromString(program), QVersionNumber::fromString(here));
  if (newer != 0) {
    words << (newer < 0 ? tr("It is older than this program (%1).") : tr("It is newer than this program (%1)."))
                 .arg(here);
  }
  if (const QStringList missing = missing_abilities(hello); !missing.isEmpty()) {
    state = State::doubtful;
    words << tr("It is too old to: %1. Install a newer one there.").arg(missing.join(QStringLiteral(", ")));
  }
  const double apart = hello.now - double(QDateTime::currentMSecsSinceEpoch()) / second_ms;
  if (hello.now > 0 && std::isfinite(apart) && std::abs(apart) > clocks_apart_s && std::abs(apart) < longest_apart_s) {
    state = State::doubtful;
    words << (apart > 0 ? tr("Its clock is %1 ahead of this machine's.") : tr("Its clock is %1 behind this machine's."))
                 .arg(brief_duration(std::abs(apart)));
  }
  set(Step::engine, state, words);
  showDevices();
  askRuns();
}

void ConnectionTest::showDevices() {
  const auto& devices = client_.hello().devices;
  QStringList words;
  for (const wire::Device& device : devices) {
    if (words.size() == most_devices_shown) break;
    words << device_text(device);
  }
  if (const int more = int(devices.size()) - most_devices_shown; more > 0) words << tr("and %n more", nullptr, more);
  if (client_.hello().jobs == "slurm") words << tr("Runs are jobs of Slurm.");
  if (words.isEmpty()) {
    set(Step::devices, State::doubtful, {tr("It names none.")});
  } else {
    set(Step::devices, State::done, words);
  }
}

void ConnectionTest::askRuns() {
  set(Step::folders, State::going);
  client_.ask(
      wire::Ask::runs, {{"first", 0}}, [this](const wire::Outcome& outcome) { gotRuns(outcome); }, now());
}

void ConnectionTest::gotRuns(const wire::Outcome& outcome) {
  if (!going_) return;
  if (outcome.kind == wire::Outcome::Kind::lost) return;  // its reason comes by itself
  if (!outcome.answered()) return fail(Step::folders, own_sentence(outcome.words));
  const auto all = count_of(outcome.fields, "all");
  if (!all) return fail(Step::folders, tr("The engine there gave an answer that is not understood."));
  const auto count = int(std::min<std::uint64_t>(*all, 1'000'000'000));
  const QString runs = server_.runs.isEmpty() ? tr("runs, in the home folder there") : server_.runs;
  QStringList words = {count == 0 ? tr("%1: no runs yet").arg(runs) : tr("%1: %n run(s)", nullptr, count).arg(runs)};
  // The engine does not start without its other folders.
  if (!server_.data.isEmpty()) words << tr("Data: %1").arg(server_.data.join(QStringLiteral(", ")));
  if (!server_.models.isEmpty()) words << tr("Models: %1").arg(server_.models.join(QStringLiteral(", ")));
  set(Step::folders, State::done, words);
  end(true);
}

void ConnectionTest::ended(int code) {
  heardError();
  heard();
  if (!going_ || !ssh_) return;
  const SshEnd end{server_, code, QString::fromUtf8(said_), client_.before_hello(), asks_, greeted_};
  const SshStage stage = ssh_stage(end);
  if (stage != SshStage::connection) loggedIn();
  const QString words = own_sentence(ssh_problem(end));
  if (greeted_ || stage == SshStage::folders) {
    if (!greeted_) {
      set(Step::engine, State::done, {tr("%1 is there.").arg(server_.engine)});
      set(Step::devices, State::left);
    }
    return fail(Step::folders, words);
  }
  fail(in_ ? Step::engine : Step::connection, words);
}

void ConnectionTest::fail(Step step, const QString& words) {
  if (!going_) return;
  lines_[std::size_t(step)] = {State::failed, {words}};
  end(false);
}

void ConnectionTest::end(bool gently) {
  if (!going_) return;
  going_ = false;
  tick_.stop();
  chatter_ = QString::fromStdString(client_.before_hello()).left(most_said);
  for (auto& line : lines_) {
    if (line.state == State::waiting || line.state == State::going) line.state = State::left;
  }
  client_.lost({});
  end_ssh(std::move(ssh_), gently);
  Q_EMIT changed();
  Q_EMIT finished();
}

}  // namespace bandscope::app
