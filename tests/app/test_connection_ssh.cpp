// SPDX-License-Identifier: GPL-3.0-or-later
// A test of a connection through a real ssh to a real sshd: the questions that ssh asks in a window, and what comes of
// the answers.
#include <QDir>
#include <QFile>
#include <QProcess>

#include "tests/app/connection_box.h"
#include "tests/sshd.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;
using ssh_test::Sshd;

class TestConnectionSsh : public QObject, private ConnectionBox {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { settle(); }

  void aRealSshAsksAndGetsIn() {
    if (!Sshd::possible()) QSKIP("needs root and Debian's openssh-server");
    if (!engine()) QSKIP("needs bandscope-engine");
    QDir(folder_.path()).mkpath("sshd");
    const Sshd far(at("sshd"));
    if (!far.listens()) QFAIL(far.log());
    // A key with a passphrase, and a host that is not known: two questions.
    QProcess::execute("ssh-keygen", {"-q", "-p", "-P", "", "-N", "open sesame", "-f", far.path("user_key")});
    const QByteArray options = QStringLiteral(
                                   "-F none -o UserKnownHostsFile='%1' -o GlobalKnownHostsFile=/dev/null "
                                   "-o IdentitiesOnly=yes -o IdentityAgent=none -i '%2' -p %3 -l %4")
                                   .arg(far.path("asked_hosts"), far.path("user_key"))
                                   .arg(far.port())
                                   .arg(Sshd::user())
                                   .toUtf8();
    script("ssh", "exec ssh " + options + " \"$@\"\n");
    ConnectionTest test(server());
    // Nobody is there to ask.
    qputenv("SSH_ASKPASS", at("none").toUtf8());
    finish(test);
    QVERIFY2(is(test, State::failed, State::left, State::left, State::left), all(test));
    QVERIFY2(words(test, Step::connection).contains("ssh-askpass"), all(test));
    // The user says no, then yes and the wrong word, then the right one.
    qputenv("SSH_ASKPASS", at("askpass").toUtf8());
    script("askpass", "echo no\n");
    finish(test);
    QVERIFY2(words(test, Step::connection).contains("was not accepted"), all(test));
    script("askpass", "case \"$1\" in *passphrase*) echo wrong;; *) echo yes;; esac\n");
    finish(test);
    QVERIFY2(words(test, Step::connection).contains("not let in"), all(test));
    script("askpass", "case \"$1\" in *passphrase*) echo 'open sesame';; *) echo yes;; esac\n");
    finish(test);
    QVERIFY2(is(test, State::done, State::done, State::done, State::done), all(test));
    QVERIFY2(words(test, Step::folders).contains("2"), all(test));
    QCOMPARE(test.said(), QString());
    // Whoever asks is still there when it is cancelled.
    script("askpass", "echo $$ > '" + at("asking").toUtf8() + "'\nexec sleep 1000\n");
    test.start();
    QTRY_VERIFY(QFileInfo(at("asking")).size() > 0);
    QFile file(at("asking"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString process = QStringLiteral("/proc/%1/stat").arg(file.readAll().trimmed().toInt());
    test.cancel();
    QTRY_VERIFY(!QFile::exists(process));
    // No engine behind it.
    script("askpass", "echo 'open sesame'\n");
    auto none = server();
    none.engine = QStringLiteral("/nowhere/bandscope-engine");
    ConnectionTest without(none);
    finish(without);
    QVERIFY2(is(without, State::done, State::failed, State::left, State::left), all(without));
    QVERIFY2(words(without, Step::engine).contains("was not found"), all(without));
  }
};

QTEST_MAIN(TestConnectionSsh)
#include "test_connection_ssh.moc"
