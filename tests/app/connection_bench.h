// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of connections to a server of which ssh is a script, and what they have found.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include "app/server/connection_test.h"
#include "tests/app/record_maker.h"
#include "tests/app/ssh_script.h"

namespace bandscope::testing {

class ConnectionBench {
 protected:
  using Test = app::ConnectionTest;
  using Step = Test::Step;
  using State = Test::State;

  /// Before the first connection: a home, and two runs there.
  void settle() const {
    qputenv("HOME", folder_.path().toUtf8());
    qputenv("BANDSCOPE_SSH", at("ssh").toUtf8());
    for (const char* name : {"dpo", "dpo-rc"}) make_run(at("runs").toStdString(), {.name = name, .steps = 3});
  }
  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  void script(const char* name, const QByteArray& lines) const { write_script(at(name), lines); }
  app::ServerAddress server() const {
    app::ServerAddress far;
    far.id = QStringLiteral("far");
    far.name = far.destination = QStringLiteral("127.0.0.1");
    far.engine = engine_;
    far.runs = at("runs");
    return far;
  }
  bool engine() const { return QFile::exists(engine_); }
  static QString words(const Test& test, Step step) { return test.line(step).words.join('\n'); }
  /// All of it, for messages of tests that fail.
  static QByteArray all(const Test& test) {
    QString text;
    for (int i = 0; i < Test::steps; ++i)
      text += QStringLiteral("%1: %2\n").arg(int(test.line(Step(i)).state)).arg(words(test, Step(i)));
    return (text + test.said()).toUtf8();
  }
  static void finish(Test& test) {
    test.start();
    QTRY_VERIFY_WITH_TIMEOUT(!test.going(), 300'000);
  }
  static bool is(const Test& test, State a, State b, State c, State d) {
    const State states[] = {a, b, c, d};
    for (int i = 0; i < Test::steps; ++i)
      if (test.line(Step(i)).state != states[i]) return false;
    return true;
  }

  QTemporaryDir folder_;
  const QString engine_ = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");
};

}  // namespace bandscope::testing
