// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a server as its page shows it.
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTreeWidget>
#include <algorithm>

#include "app/server/remote_page.h"
#include "app/server/server_queue_view.h"
#include "app/server/servers.h"
#include "core/queue/queue_file.h"
#include "tests/app/record_maker.h"
#include "tests/app/remote_box.h"
#include "tests/patience.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestServerQueue : public QObject, private RemoteBox {
  Q_OBJECT

  void put(int count) const {
    queue::Queue waiting;
    waiting.paused = true;
    for (int i = 0; i < count; ++i) {
      queue::QueuedRun run;
      run.id = queue::fresh_id();
      run.name = "run-" + std::to_string(i);
      run.runs = far_->runs().toStdString();
      run.spec = run.runs + "/.specs/" + run.name + ".toml";
      run.device = "cpu";
      waiting.runs.push_back(run);
    }
    queue::queue_of_runs(far_->runs().toStdString()).change([&](queue::Queue& now, const auto&) { now = waiting; });
  }

 private Q_SLOTS:
  void initTestCase() { settle(); }
  void init() { renew(); }
  void cleanup() { box_.window.reset(); }

  void of_a_long_one_the_front_is_shown_and_how_many_there_are_data() {
    QTest::addColumn<int>("count");
    QTest::addRow("whole") << 3;
    QTest::addRow("longer than a message") << 9000;
  }
  void of_a_long_one_the_front_is_shown_and_how_many_there_are() {
    QFETCH(int, count);
    put(count);
    Servers servers(box_.path("mirrors"));
    servers.setAddresses({far_->address()});
    ServerQueueView view(&servers);
    view.setServer("far");
    const auto* list = view.findChild<QTreeWidget*>("server-queue");
    const auto* title = view.findChild<QLabel*>();
    QTRY_VERIFY_WITH_TIMEOUT(list->topLevelItemCount() > 0, kPatienceMs);
    QCOMPARE(list->topLevelItem(0)->text(0), QString("run-0"));
    const int shown = list->topLevelItemCount();
    if (count == 3) {
      QCOMPARE(shown, 3);
      QCOMPARE(title->text(), QString("Queue of far, paused"));
    } else {
      QVERIFY(shown > 500 && shown < count);
      const QString all = QLocale().toString(count), some = QLocale().toString(shown);
      QCOMPARE(title->text(), QString("Queue of far, paused: the first %1 of %2 runs").arg(some, all));
    }
  }

  void whatWaitsThereIsListedMovedAndTakenOut() {
    make_model(far_->runs() + QStringLiteral("/m"));
    write_file(far_->runs() + QStringLiteral("/d.jsonl"), hh_rows(20));
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(link().ready(), 20000);
    int answered = 0;
    const auto ask = [&](wire::Ask what, const wire::Json& fields) {
      link().ask(what, fields, this, [&](const wire::Outcome& outcome) {
        if (outcome.answered()) ++answered;
        if (!outcome.answered()) qWarning("%s", outcome.words.english().c_str());
      });
    };
    ask(wire::Ask::queue_set, {{"paused", true}});
    for (const std::string name : {"one", "two"}) {
      ask(wire::Ask::queue, {{"spec", "[run]\nname = \"" + name +
                                          "\"\ndevice = \"cpu\"\n[model]\npath = \"m\"\n[data]\ntrain = "
                                          "\"d.jsonl\"\n[training]\nsteps = 2\n"}});
    }
    QTRY_COMPARE_WITH_TIMEOUT(answered, 3, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(run("one") && run("two"), 20000);
    QVERIFY(run("one")->queued && run("one")->state == ShownState::waiting);
    QVERIFY(window().dock()->select(copyOf("one")));
    auto* list = window().findChild<RemotePage*>()->findChild<QTreeWidget*>(QStringLiteral("server-queue"));
    QTRY_VERIFY(list->isVisible());
    const auto names = [&] {
      QStringList all;
      for (int i = 0; i < list->topLevelItemCount(); ++i) all << list->topLevelItem(i)->text(0);
      return all;
    };
    QCOMPARE(names(), (QStringList{"one", "two"}));
    QVERIFY(list->topLevelItem(0)->isSelected());  // the run that the page is of
    auto* state = window().findChild<QLabel*>(QStringLiteral("remote-state"));
    QVERIFY2(state->text().contains(QStringLiteral("which is paused")), qPrintable(state->text()));
    list->setCurrentItem(list->topLevelItem(1));
    list->parentWidget()->findChild<QPushButton*>(QStringLiteral("server-queue-up"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{"two", "one"}), 20000);
    QVERIFY(list->topLevelItem(0)->isSelected());
    auto* out = list->parentWidget()->findChild<QPushButton*>(QStringLiteral("server-queue-out"));
    const auto asked = [&] { return list->parentWidget()->findChild<QMessageBox*>(QStringLiteral("ask-take-out")); };
    out->click();
    asked()->button(QMessageBox::Cancel)->click();
    QTRY_VERIFY(!asked());
    QVERIFY(run("two"));
    out->click();
    QVERIFY2(asked()->text().contains(QStringLiteral("two")), qPrintable(asked()->text()));
    const auto buttons = asked()->buttons();
    const auto yes = std::ranges::find_if(
        buttons, [&](auto* button) { return asked()->buttonRole(button) == QMessageBox::AcceptRole; });
    (*yes)->click();
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringList{"one"}, 20000);
    QTRY_VERIFY(!run("two"));
    // What was lost with the line is not shown after it.
    far_->cut();
    QTRY_VERIFY_WITH_TIMEOUT(link().state() == ServerLink::State::lost, 20000);
    QVERIFY(run("one"));
    auto* title = list->parentWidget()->findChild<QLabel*>();
    QTRY_VERIFY2(title->text().contains(QStringLiteral("far is not reached")), qPrintable(title->text()));
    QVERIFY(QFile::remove(far_->runs() + QStringLiteral("/.queue.json")));
    far_->mend();
    link().tryNow();
    QTRY_VERIFY_WITH_TIMEOUT(link().ready() && !run("one"), 30000);
  }
};

QTEST_MAIN(TestServerQueue)
#include "test_server_queue.moc"
