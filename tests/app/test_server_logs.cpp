// SPDX-License-Identifier: GPL-3.0-or-later
// The log of a run on a server in the Log tab: its end first, followed, and nothing that is none.
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <fstream>

#include "app/page/log_tab.h"
#include "app/page/log_there.h"
#include "app/server/server_files.h"
#include "core/serve/base64.h"
#include "tests/app/served_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

struct LogBench {
  explicit LogBench(ServedBox& box) : files(box.links()) {
    tab.setElsewhere(&files);
    tab.show();
  }
  QString text() const { return tab.findChild<QPlainTextEdit*>()->toPlainText(); }
  QString placeholder() const { return tab.findChild<QPlainTextEdit*>()->placeholderText(); }
  bool says(const QString& part) const {
    const auto labels = tab.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* one) { return one->text().contains(part); });
  }
  ServerFiles files;
  LogTab tab;
};

}  // namespace

class TestServerLogs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_log_is_read_and_followed() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    box.write("far/runs/a/log.txt", "first\nsecond\n");
    QVERIFY(box.reach());
    LogBench bench(box);
    bench.tab.setRuns({box.entry("a", ShownState::running)}, {"a"});
    QTRY_COMPARE(bench.text(), "first\nsecond\n");
    QVERIFY(bench.says("a/log.txt on Lab"));
    std::ofstream(box.path("far/runs/a/log.txt").toStdString(), std::ios::app) << "third, of a caf\xC3\xA9\n";
    QTRY_COMPARE(bench.text(), QStringLiteral("first\nsecond\nthird, of a café\n"));
    box.write("far/runs/a/log.txt", "anew\n");  // as where the run was resumed after its log had been thrown away
    QTRY_COMPARE(bench.text(), "anew\n");
    // It goes on while the line is cut.
    box.leave();
    QTRY_VERIFY(bench.says("its server is not among"));
    std::ofstream(box.path("far/runs/a/log.txt").toStdString(), std::ios::app) << "later\n";
    QCOMPARE(bench.text(), "anew\n");
    QVERIFY(box.reach());
    QTRY_COMPARE(bench.text(), "anew\nlater\n");
  }

  void of_a_long_log_the_end_comes_first_and_whole_lines() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    QByteArray log;
    for (int i = 0; log.size() < 3'000'000; ++i) log += "line " + QByteArray::number(i) + '\n';
    box.write("far/runs/a/log.txt", log);
    QVERIFY(box.reach());
    ServerFiles files(box.links());
    LogThere there(nullptr);
    there.setFiles(&files);
    there.setRun({"lab", "a"}, true);
    QSignalSpy changed(&there, &LogThere::changed);
    there.look();
    QTRY_COMPARE(changed.count(), 1);
    QVERIFY(there.text().size() <= 64 << 10 && there.text().size() > 60 << 10);
    QVERIFY(log.endsWith(there.text().toUtf8()) && there.text().startsWith("line "));
    // Pieces that come are put behind, and what is kept has an end.
    QByteArray more;
    for (int i = 0; more.size() < 200'000; ++i) more += "more " + QByteArray::number(i) + '\n';
    std::ofstream(box.path("far/runs/a/log.txt").toStdString(), std::ios::app) << more.toStdString();
    there.look();
    QTRY_VERIFY(there.text().endsWith(QString::fromUtf8(more)));
    std::ofstream(box.path("far/runs/a/log.txt").toStdString(), std::ios::app) << log.toStdString() << "the end\n";
    there.look();
    QTRY_VERIFY(there.text().endsWith("the end\n"));
    QVERIFY(there.text().size() <= LogThere::most_bytes);
    QVERIFY(there.text().startsWith("line "));
  }

  void a_run_without_a_log() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    QFile::remove(box.path("far/runs/a/log.txt"));
    QVERIFY(box.reach());
    LogBench bench(box);
    bench.tab.setRuns({box.entry("a")}, {"a"});
    QTRY_VERIFY2(bench.placeholder().startsWith("The log cannot be had: "), qPrintable(bench.placeholder()));
    QCOMPARE(bench.text(), QString());
  }

  void what_is_no_log_is_not_shown() {
    ServedBox box;
    QVERIFY(box.reachLiar({}));
    const QByteArray text = QByteArray::fromStdString(wire::to_base64("shown"));
    for (const QByteArray& says :
         {QByteArray(R"("ok":true,"from":"0","bytes":5,"data":")") + text + '"',
          QByteArray(R"("ok":true,"from":1,"bytes":5,"data":")") + text + '"',
          QByteArray(R"("ok":true,"from":0,"bytes":-5,"data":")") + text + '"',
          QByteArray(R"("ok":true,"from":0,"bytes":5,"data":["x"])"), QByteArray(R"("ok":true,"bytes":5,"data":"!!")"),
          QByteArray(R"("ok":true,"from":0,"bytes":99999999999999999999,"data":"")"), QByteArray(R"("ok":true)")}) {
      box.say(says);
      LogBench bench(box);
      bench.tab.setRuns({box.entry("a")}, {"a"});
      QTRY_VERIFY2(bench.placeholder().contains("not understood"), says.constData());
      QCOMPARE(bench.text(), QString());
    }
  }
};

QTEST_MAIN(TestServerLogs)
#include "test_server_logs.moc"
