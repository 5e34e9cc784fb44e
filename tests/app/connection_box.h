// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of a connection, with a script in ssh's place.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include "app/server/connection_test.h"
#include "tests/app/record_maker.h"
#include "tests/app/ssh_script.h"

namespace bandscope::testing {

/// A folder that is the home and has two runs, and what came of a test.
class ConnectionBox {
 protected:
  using Step = app::ConnectionTest::Step;
  using State = app::ConnectionTest::State;

  /// Before the first test.
  void settle() const {
    qputenv("HOME", folder_.path().toUtf8());
    qputenv("BANDSCOPE_SSH", at("ssh").toUtf8());
    for (const char* name : {"dpo", "dpo-rc"})
      make_run(std::filesystem::path(at("runs").toStdString()), {.name = name, .steps = 3});
  }
  bool engine() const { return QFile::exists(engine_); }
  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  void script(const char* name, const QByteArray& body) const { write_script(at(name), body); }
  app::ServerAddress server() const {
    app::ServerAddress far = server_at(QStringLiteral("127.0.0.1"));
    far.engine = engine_;
    far.runs = at("runs");
    return far;
  }
  static QString words(const app::ConnectionTest& test, Step step) { return test.line(step).words.join('\n'); }
  /// All of it, for messages of tests that fail.
  static QByteArray all(const app::ConnectionTest& test) {
    QString text;
    for (int i = 0; i < app::ConnectionTest::steps; ++i)
      text += QStringLiteral("%1: %2\n").arg(int(test.line(Step(i)).state)).arg(words(test, Step(i)));
    return (text + test.said()).toUtf8();
  }
  static void finish(app::ConnectionTest& test) {
    test.start();
    QTRY_VERIFY_WITH_TIMEOUT(!test.going(), 300'000);
  }
  static bool is(const app::ConnectionTest& test, State a, State b, State c, State d) {
    const State states[] = {a, b, c, d};
    for (int i = 0; i < app::ConnectionTest::steps; ++i)
      if (test.line(Step(i)).state != states[i]) return false;
    return true;
  }

  QTemporaryDir folder_;
  const QString engine_ = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");
};

}  // namespace bandscope::testing
