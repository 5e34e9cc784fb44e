// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a server as its page shows it.
#include <QLabel>
#include <QTest>
#include <QTreeWidget>

#include "app/server/server_queue_view.h"
#include "app/server/servers.h"
#include "core/queue/queue_file.h"
#include "tests/app/far_server.h"
#include "tests/patience.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestServerQueue : public QObject {
  Q_OBJECT

  static void put(const FarServer& far, int count) {
    queue::Queue waiting;
    waiting.paused = true;
    for (int i = 0; i < count; ++i) {
      queue::QueuedRun run;
      run.id = queue::fresh_id();
      run.name = "run-" + std::to_string(i);
      run.runs = far.runs().toStdString();
      run.spec = run.runs + "/.specs/" + run.name + ".toml";
      run.device = "cpu";
      waiting.runs.push_back(run);
    }
    queue::queue_of_runs(far.runs().toStdString()).change([&](queue::Queue& now, const auto&) { now = waiting; });
  }

 private Q_SLOTS:
  void of_a_long_one_the_front_is_shown_and_how_many_there_are_data() {
    QTest::addColumn<int>("count");
    QTest::addRow("whole") << 3;
    QTest::addRow("longer than a message") << 9000;
  }
  void of_a_long_one_the_front_is_shown_and_how_many_there_are() {
    QFETCH(int, count);
    FarServer far;
    far.use();
    put(far, count);
    Servers servers(far.path("mirrors"));
    servers.setAddresses({far.address()});
    ServerQueueView view(&servers);
    view.setServer("far");
    const auto* list = view.findChild<QTreeWidget*>("server-queue");
    const auto* title = view.findChild<QLabel*>();
    QTRY_VERIFY_WITH_TIMEOUT(list->topLevelItemCount() > 0, kPatienceMs);
    QCOMPARE(list->topLevelItem(0)->text(0), QString("run-0"));
    const int shown = list->topLevelItemCount();
    if (count == 3) {
      QCOMPARE(shown, 3);
      QCOMPARE(title->text(), QString("Queue of gpu-box, paused"));
    } else {
      QVERIFY(shown > 500 && shown < count);
      const QString all = QLocale().toString(count), some = QLocale().toString(shown);
      QCOMPARE(title->text(), QString("Queue of gpu-box, paused: the first %1 of %2 runs").arg(some, all));
    }
  }
};

QTEST_MAIN(TestServerQueue)
#include "test_server_queue.moc"
