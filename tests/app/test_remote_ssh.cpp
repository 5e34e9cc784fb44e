// SPDX-License-Identifier: GPL-3.0-or-later
// The real window and a server behind a real sshd, over a line of 300 ms there and back and 1 Mbit/s that is cut: a run
// of 25,000 steps is drawn before all of it is here, and a live one is followed through the cuts.
#include <QElapsedTimer>

#include "app/page/problem_bar.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/server/servers.h"
#include "core/record/record_reader.h"
#include "tests/app/record_maker.h"
#include "tests/app/server_box.h"
#include "tests/app/window_box.h"
#include "tests/sshd.h"
#include "tests/training/record_difference.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;
using ssh_test::Sshd;

class TestRemoteSsh : public QObject {
  Q_OBJECT
  WindowBox box_;

  MainWindow& window() const { return *box_.window; }
  ServerLink& link() const { return *window().servers()->link(QStringLiteral("far")); }
  QString copyOf(const char* name) const { return link().mirrorOf(QString::fromUtf8(name)); }
  RunEntryPtr run(const char* name) const { return window().model()->entry(window().model()->find(copyOf(name))); }
  double shown(const char* name) const {
    const auto read = window().page()->loader()->run(copyOf(name));
    return read ? read->last_step() : 0;
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_CACHE_HOME", box_.path(QStringLiteral("cache")).toUtf8());
    box_.settle();
  }
  void cleanup() { box_.window.reset(); }

  void aLongThinLineThatIsCut() {
    if (!Sshd::possible()) QSKIP("needs root and Debian's openssh-server");
    QDir().mkpath(box_.path(QStringLiteral("sshd")));
    const Sshd sshd(box_.path(QStringLiteral("sshd")));
    if (!sshd.listens()) QFAIL(sshd.log());
    constexpr double megabit = 1e6 / 8;
    serve_test::SlowLine line(sshd.port(), std::chrono::milliseconds(150), megabit);
    const ServerBox far(box_.path(QStringLiteral("far")));
    QByteArray options;
    for (const QString& option : sshd.options(line.port())) options += " '" + option.toUtf8() + "'";
    write_file(far.path(QStringLiteral("ssh")), "#!/bin/sh\nexec ssh" + options + " \"$@\"\n");
    far.settle();

    const std::filesystem::path there = far.runs().toStdString();
    constexpr int many = 25'000;
    make_run(there, {.name = "long", .steps = many, .pairs_per_step = 1});
    MadeRun made{.name = "live", .steps = 500, .state = RunState::running};
    auto writer = begin_run(there, made);
    int step = 0;
    while (step < 20) append_step(writer, made, ++step);
    box_.openRuns();
    auto address = far.address();
    address.destination = QStringLiteral("127.0.0.1");
    window().servers()->setAddresses({address});
    QTRY_VERIFY2_WITH_TIMEOUT(run("long") && run("long")->read && run("live") && run("live")->read,
                              link().said().toUtf8(), 60'000);

    QElapsedTimer clock;
    clock.start();
    QVERIFY(window().dock()->select(copyOf("long")));
    QTRY_VERIFY_WITH_TIMEOUT(shown("long") == many, 60'000);
    const qint64 drawn = clock.elapsed();
    QVERIFY(link().mirror(QStringLiteral("long")).coarse);
    QTRY_VERIFY(window().page()->findChild<ProblemBar*>()->text().contains(QStringLiteral("even distances")));
    qInfo("%d steps over 1 Mbit/s and 300 ms: drawn after %lld ms", many, static_cast<long long>(drawn));

    QVERIFY(window().dock()->select(copyOf("live")));
    QTRY_COMPARE_WITH_TIMEOUT(shown("live"), double(step), 60'000);
    append_step(writer, made, ++step);
    clock.start();
    QTRY_COMPARE_WITH_TIMEOUT(shown("live"), double(step), 60'000);
    qInfo("a live step is on the page %lld ms after it was written there", static_cast<long long>(clock.elapsed()));
    for (int cut = 0; cut < 2; ++cut) {
      line.cut();
      QTRY_VERIFY_WITH_TIMEOUT(!link().ready(), 60'000);
      for (int i = 0; i < 10; ++i) append_step(writer, made, ++step);
      link().tryNow();
      QTRY_COMPARE_WITH_TIMEOUT(shown("live"), double(step), 90'000);
    }
    writer.set_status(RunState::done);
    writer.close();
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("live")).phase == MirrorStanding::Phase::ended, 60'000);
    QCOMPARE(serve_test::hdf5_difference((there / "live/run.h5").string(), copyOf("live").toStdString()),
             std::string());
  }
};

QTEST_MAIN(TestRemoteSsh)
#include "test_remote_ssh.moc"
