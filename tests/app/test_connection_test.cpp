// SPDX-License-Identifier: GPL-3.0-or-later
// A test of a connection: with a script in ssh's place that is whatever a server may be, and with the real engine.
#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

#include "app/base/color_scheme.h"
#include "app/server/connection_test_dialog.h"
#include "app/server/server_link.h"
#include "core/build_info.h"
#include "tests/app/connection_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestConnectionTest : public QObject, private ConnectionBox {
  Q_OBJECT

  /// What ssh does; $last is the command line for the shell there.
  void ssh(const QByteArray& body) const { script("ssh", take_command() + body); }
  /// A server that says this hello and then answers with these lines, one for each request.
  void speaks(const QByteArray& hello, const QByteArray& answer) const {
    write_file(at("hello"), hello + "\n");
    ssh("cat '" + at("hello").toUtf8() + "'\nread line\nprintf '%s\\n' '" + answer + "'\ncat > /dev/null\n");
  }
  static QByteArray hello(const QByteArray& requests, const QByteArray& more) {
    return "{\"bandscope\":\"serve\",\"v\":1,\"host\":\"far\",\"requests\":[" + requests + "]," + more + "}";
  }
  /// For who wants to look at it.
  static void picture(QWidget& dialog, const char* what) {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    if (keep.isEmpty()) return;
    for (const auto look : {ColorScheme::light, ColorScheme::dark}) {
      apply_color_scheme(look);
      QTest::qWait(50);
      dialog.grab().save(QStringLiteral("%1/test-%2-%3.png").arg(keep, QString::fromLatin1(what), to_name(look)));
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    settle();
    qputenv("SSH_ASKPASS", at("askpass").toUtf8());
    script("askpass", "echo no\n");
    QDir(folder_.path()).mkpath("data");
  }

  void allIsWell() {
    if (!engine()) QSKIP("needs bandscope-engine");
    ssh("echo 'Authenticated to far ([10.0.0.9]:22) using \"publickey\".' >&2\necho Welcome\nexec sh -c \"$last\"\n");
    auto far = server();
    far.data = QStringList{at("data")};
    ConnectionTest test(far);
    QSignalSpy finished(&test, &ConnectionTest::finished);
    finish(test);
    QVERIFY2(is(test, State::done, State::done, State::done, State::done), all(test));
    QVERIFY(test.passed());
    QCOMPARE(finished.size(), 1);
    QVERIFY2(words(test, Step::connection).contains("127.0.0.1"), all(test));
    QVERIFY2(words(test, Step::engine).contains(build_version().data()), all(test));
    QVERIFY2(words(test, Step::devices).contains("cpu"), all(test));
    QVERIFY2(words(test, Step::folders).contains(at("runs")) && words(test, Step::folders).contains("2"), all(test));
    QVERIFY2(words(test, Step::folders).contains(at("data")), all(test));
    QCOMPARE(test.said(), QStringLiteral("Welcome"));
  }

  void aMissingFolderIsSaid() {
    if (!engine()) QSKIP("needs bandscope-engine");
    ssh("exec sh -c \"$last\"\n");
    auto far = server();
    far.models = QStringList{at("data"), at("no models")};
    ConnectionTest test(far);
    finish(test);
    QVERIFY2(is(test, State::done, State::done, State::left, State::failed), all(test));
    QVERIFY2(words(test, Step::folders).contains(at("no models")), all(test));
    QVERIFY(!test.passed());
  }

  void aMissingProgramIsSaid() {
    ssh("exec sh -c \"$last\"\n");
    auto far = server();
    far.engine = at("no-engine");
    ConnectionTest test(far);
    finish(test);
    QVERIFY2(is(test, State::done, State::failed, State::left, State::left), all(test));
    QVERIFY2(words(test, Step::engine).contains("give its path"), all(test));
    // Tried again, when it is there.
    speaks(hello(every_request(), "\"program\":\"0.1.0\",\"devices\":[{\"name\":\"cpu\"}]"),
           "{\"v\":1,\"id\":1,\"ok\":true,\"runs\":[],\"all\":0}");
    finish(test);
    QVERIFY2(test.passed(), all(test));
    QVERIFY2(words(test, Step::folders).contains("no runs yet"), all(test));
  }

  void sshThatDoesNotGetInIsSaid() {
    ssh("echo 'ssh: connect to host 10.0.0.9 port 22: Connection refused' >&2\nexit 255\n");
    ConnectionTest test(server());
    finish(test);
    QVERIFY2(is(test, State::failed, State::left, State::left, State::left), all(test));
    QVERIFY2(words(test, Step::connection).contains("10.0.0.9 refuses"), all(test));
    QVERIFY(test.said().contains("Connection refused"));
    ssh("kill -9 $$\n");
    finish(test);
    QVERIFY2(is(test, State::failed, State::left, State::left, State::left), all(test));
    qputenv("BANDSCOPE_SSH", at("no ssh").toUtf8());
    finish(test);
    QVERIFY2(words(test, Step::connection).contains("openssh-client"), all(test));
    qputenv("BANDSCOPE_SSH", at("ssh").toUtf8());
  }

  void noEngineAnswers() {
    ssh("echo This account is currently not available.\nexit 1\n");
    ConnectionTest test(server());
    finish(test);
    QVERIFY2(test.line(Step::engine).state == State::failed, all(test));
    QVERIFY2(words(test, Step::engine).contains("not available"), all(test));
    ssh("exec yes 'what is it'\n");  // without an end
    finish(test);
    QVERIFY2(test.line(Step::engine).state == State::failed, all(test));
    QVERIFY(test.said().size() < 20'000);
    ssh("exec tr '\\0' x < /dev/zero\n");  // a line without an end
    finish(test);
    QVERIFY2(test.line(Step::engine).state == State::failed, all(test));
    ssh("tr '\\0' x < /dev/zero >&2\n");  // and on the other stream
    test.start();
    QTRY_VERIFY(test.said().size() > 1000);
    test.cancel();
    QVERIFY(test.said().size() < 20'000);
  }

  void otherVersionsAreSaid() {
    const QByteArray answer = "{\"v\":1,\"id\":1,\"ok\":true,\"runs\":[],\"all\":3}";
    const QByteArray device =
        "\"devices\":[{\"name\":\"cuda:0\",\"about\":\"H200\",\"memory\":150000000000,"
        "\"free_memory\":75000000000}]";
    speaks(hello("\"runs\",\"watch\",\"unwatch\"", "\"program\":\"0.0.9\"," + device), answer);
    ConnectionTest test(server());
    finish(test);
    QVERIFY2(test.passed() && test.line(Step::engine).state == State::doubtful, all(test));
    QVERIFY2(words(test, Step::engine).contains("older") && words(test, Step::engine).contains("start runs"),
             all(test));
    QVERIFY2(words(test, Step::devices).contains("H200") && words(test, Step::devices).contains("69.8 GiB of 140 GiB"),
             all(test));
    speaks(hello(every_request() + ",\"later\"", "\"program\":\"99.0\"," + device), answer);
    finish(test);
    QVERIFY2(test.passed() && test.line(Step::engine).state == State::done, all(test));
    QVERIFY2(words(test, Step::engine).contains("newer"), all(test));
    speaks("{\"bandscope\":\"serve\",\"v\":9,\"program\":\"9.0\"}", answer);
    finish(test);
    QVERIFY2(is(test, State::done, State::failed, State::left, State::left), all(test));
    QVERIFY2(words(test, Step::engine).contains("9.0") && words(test, Step::engine).contains("same version"),
             all(test));
    // One that cannot even list runs.
    speaks(hello("", "\"program\":\"0.0.1\"," + device), answer);
    finish(test);
    QVERIFY2(test.line(Step::folders).state == State::failed, all(test));
    QVERIFY2(words(test, Step::folders).contains("too old"), all(test));
  }

  void aClockThatIsWrongIsSaid() {
    const auto with = [&](const QByteArray& now) {
      speaks(hello(every_request(), "\"program\":\"0.1.0\",\"devices\":[{\"name\":\"cpu\"}],\"now\":" + now),
             "{\"v\":1,\"id\":1,\"ok\":true,\"runs\":[],\"all\":1}");
      ConnectionTest test(server());
      finish(test);
      return words(test, Step::engine);
    };
    const auto now = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
    QVERIFY(with(QByteArray::number(now + 7200, 'f', 1)).contains("ahead"));
    QVERIFY(with(QByteArray::number(now - 7200, 'f', 1)).contains("behind"));
    for (const QByteArray& none :
         {QByteArray::number(now + 5, 'f', 1), QByteArray("1e300"), QByteArray("-5"), QByteArray("\"noon\"")})
      QVERIFY2(!with(none).contains("clock"), none);
  }

  void hostileAnswersAreNoMore() {
    QByteArray devices;
    for (int i = 0; i < 1000; ++i)
      devices += QByteArray(i ? "," : "") + "{\"name\":\"<b>\\u0007" + QByteArray(500, 'd') + "\",\"memory\":-1}";
    speaks(hello(every_request(),
                 "\"program\":\"<img src=x>" + QByteArray(9000, 'p') + "\",\"devices\":[" + devices + "]"),
           "{\"v\":1,\"id\":1,\"ok\":true,\"runs\":7,\"all\":18446744073709551615}");
    ConnectionTest test(server());
    finish(test);
    QVERIFY(words(test, Step::devices).size() < 2000 && words(test, Step::engine).size() < 500);
    QVERIFY(test.line(Step::devices).words.size() < 12);
    for (const char* answer :
         {"{\"v\":1,\"id\":1,\"ok\":true,\"all\":-1}", "{\"v\":1,\"id\":1,\"ok\":true}",
          "{\"v\":1,\"id\":99,\"ok\":true}", "not JSON", "[]", "{\"v\":1,\"id\":1,\"ok\":false,\"error\":7}"}) {
      speaks(hello(every_request(), "\"program\":\"0.1.0\""), answer);
      finish(test);
      QVERIFY2(test.line(Step::folders).state == State::failed, answer);
      QVERIFY2(!words(test, Step::folders).isEmpty(), answer);
    }
    // It ends in the middle.
    ssh("cat '" + at("hello").toUtf8() + "'\nexit 0\n");
    finish(test);
    QVERIFY2(test.line(Step::folders).state == State::failed && words(test, Step::folders).contains("has ended"),
             all(test));
  }

  void aTestIsCancelled() {
    ssh("echo $$ > '" + at("pid").toUtf8() + "'\nsleep 1000\n");
    ConnectionTest test(server());
    test.start();
    QTRY_VERIFY(QFileInfo(at("pid")).size() > 0);
    QFile file(at("pid"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString process = QStringLiteral("/proc/%1/stat").arg(file.readAll().trimmed().toInt());
    QVERIFY(QFile::exists(process));
    test.cancel();
    QVERIFY(!test.going());
    QVERIFY2(is(test, State::failed, State::left, State::left, State::left), all(test));
    QTRY_VERIFY(!QFile::exists(process));
  }

  void aLinkSaysTheSame() {
    ssh("echo 'ssh: connect to host 10.0.0.9 port 22: Connection refused' >&2\nexit 255\n");
    ServerLink link(server(), at("cache"));
    link.connectToServer();
    QTRY_COMPARE(link.state(), ServerLink::State::failed);
    QVERIFY2(link.problem().english().find("10.0.0.9 refuses") != std::string::npos, link.problem().english().c_str());
  }

  void theDialogShowsTheSteps() {
    speaks(hello(every_request(), "\"program\":\"0.1.0\",\"devices\":[{\"name\":\"<b>cpu</b>\"}]"),
           "{\"v\":1,\"id\":1,\"ok\":true,\"runs\":[],\"all\":3}");
    ConnectionTestDialog dialog(server());
    dialog.show();
    auto* again = dialog.findChild<QPushButton*>("test-again");
    QVERIFY(again && !again->isEnabled());
    QTRY_VERIFY(!dialog.test().going());
    QVERIFY2(dialog.test().passed(), all(dialog.test()));
    QVERIFY(again->isEnabled());
    auto* devices = dialog.findChild<QLabel*>("step-2");
    QCOMPARE(devices->text(), QStringLiteral("<b>cpu</b>"));
    QCOMPARE(devices->textFormat(), Qt::PlainText);
    QVERIFY(devices->accessibleName().contains("done"));
    auto* said = dialog.findChild<QPlainTextEdit*>("said");
    QVERIFY(!said->isVisible());
    picture(dialog, "passed");
    ssh("echo 'user@far: Permission denied (publickey).' >&2\nexit 255\n");
    again->click();
    QTRY_VERIFY(!dialog.test().going());
    QVERIFY(dialog.findChild<QLabel*>("step-0")->accessibleName().contains("failed"));
    QTRY_VERIFY(said->isVisible() && said->toPlainText().contains("Permission denied"));
    picture(dialog, "failed");
    ssh("echo 'Authenticated to far' >&2\nexec cat\n");
    again->click();
    QTRY_VERIFY(dialog.findChild<QLabel*>("step-1")->accessibleName().contains("trying"));
    picture(dialog, "going");
    auto* close = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Close);
    close->click();
    QVERIFY(!dialog.test().going() && dialog.isVisible());
    QVERIFY(dialog.findChild<QLabel*>("step-1")->text().contains("Cancelled"));
    close->click();
    QVERIFY(!dialog.isVisible());
  }
};

QTEST_MAIN(TestConnectionTest)
#include "test_connection_test.moc"
