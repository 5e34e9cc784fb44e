// SPDX-License-Identifier: Apache-2.0
// A client whose server is a process: bandscope-engine itself, or ssh that starts it elsewhere.
#pragma once

#include <QProcess>
#include <QTest>
#include <functional>

#include "core/serve/client.h"

namespace serve_test {

class ServeProcess {
 public:
  using Client = bandscope::wire::Client;
  ~ServeProcess() {
    if (process.state() != QProcess::NotRunning) cut();
  }
  static Client::Time now() { return std::chrono::steady_clock::now(); }

  void start(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment) {
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForStarted()) qFatal("%s cannot be started", qPrintable(program));
    client.connected(now());
  }
  /// As when the line goes.
  void cut() {
    process.kill();
    process.waitForFinished();
    client.lost(bandscope::Message::plain("cut"));
  }
  /// Carries what there is, waiting a little for more.
  void carry() {
    const std::string out = client.take_output();
    if (!out.empty()) process.write(out.data(), qint64(out.size()));
    process.waitForReadyRead(20);
    const QByteArray in = process.readAllStandardOutput();
    client.receive({in.constData(), std::size_t(in.size())}, now());
    client.tick(now());
  }
  /// False where that does not come, within minutes.
  bool until(const std::function<bool()>& done) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
      if (clock.elapsed() > 300'000 || client.state() == Client::State::broken) return false;
      if (process.state() == QProcess::NotRunning && process.bytesAvailable() == 0) return done();
      carry();
    }
    return true;
  }
  bool ready() {
    return until([&] { return client.state() == Client::State::ready; });
  }
  bandscope::wire::Outcome ask(bandscope::wire::Ask what,
                               bandscope::wire::Json fields = bandscope::wire::Json::object()) {
    bandscope::wire::Outcome got;
    bool done = false;
    client.ask(
        what, std::move(fields),
        [&](const bandscope::wire::Outcome& outcome) {
          got = outcome;
          done = true;
        },
        now());
    if (!until([&] { return done; })) got.words = bandscope::Message::plain("no answer");
    return got;
  }
  /// What is told unasked, in pushed.
  void keep_pushes() {
    client.on_push = [this](const std::string& name, const bandscope::wire::Json& fields) {
      pushed.emplace_back(name, fields);
    };
  }

  QProcess process;
  Client client;
  std::vector<std::pair<std::string, bandscope::wire::Json>> pushed;
};

}  // namespace serve_test
