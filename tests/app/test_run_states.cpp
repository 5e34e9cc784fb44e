// SPDX-License-Identifier: GPL-3.0-or-later
// One state of a run in list, queue and header of the real window, from its references to its end and beyond: stopped,
// resumed, run again, cloned; and what becomes of a queue whose window is closed.
#include <signal.h>

#include <QAction>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QTreeView>

#include "app/launch/launch_page.h"
#include "app/library/run_cells.h"
#include "app/page/page_header.h"
#include "app/page/problem_bar.h"
#include "app/page/run_controls.h"
#include "app/page/run_page.h"
#include "app/queue/queue_model.h"
#include "app/queue/queue_panel.h"
#include "app/queue/queued_run.h"
#include "app/queue/waiting_page.h"
#include "core/queue/queue_file.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "tests/app/record_maker.h"
#include "tests/app/window_box.h"
#include "training/control/server.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestRunStates : public QObject {
  Q_OBJECT
  WindowBox box_;

  MainWindow& window() const { return *box_.window; }
  QToolButton* control(const char* name) const { return window().page()->findChild<QToolButton*>(name); }
  /// The state of the run as each of the three says it.
  QString inList(const QString& name) const {
    const auto at = window().model()->find(box_.record(name));
    return at.siblingAtColumn(RunModel::Progress).data().toString();
  }
  QString inQueue(const QString& name) const {
    const auto* own = window().queue()->find(box_.record(name));
    auto* model = window().queuePanel()->model();
    return own ? model->find(own->id).siblingAtColumn(QueueModel::Status).data().toString() : QString();
  }
  QString inHeader() const {
    QString all;
    for (const auto* label : window().page()->findChild<PageHeader*>()->findChildren<QLabel*>()) all += label->text();
    return all;
  }
  bool everywhere(const QString& name, const QString& text) const {
    return inList(name) == text && inQueue(name) == text && inHeader().contains(text);
  }

 private Q_SLOTS:
  void initTestCase() { box_.settle(); }
  void cleanup() {
    box_.letGo("reference");
    box_.letGo("stop");
    if (box_.window) {
      for (const auto& run : queue::QueueFile(queue_file().toStdString()).load().runs)
        if (run.pid > 0) ::kill(pid_t(run.pid), SIGTERM);
      QTRY_VERIFY([&] {
        window().queue()->take(window().queue()->order());
        return window().queue()->runs().empty();
      }());
    }
    box_.window.reset();
  }

  void referencesHaveOneStateInAllThreePlacesAndAreStopped() {
    box_.hold("reference");
    box_.open();
    window().startRun(box_.spec("ref", 4000), box_.path("runs"));
    QTRY_VERIFY(box_.is("ref", ShownState::preparing) && box_.run("ref")->preparation);
    QTRY_VERIFY2(everywhere("ref", "reference 3/6, 0:54"),
                 qPrintable(inList("ref") + " | " + inQueue("ref") + " | " + inHeader()));
    QTRY_VERIFY(control("stop")->isVisible() && control("stop")->isEnabled());
    QVERIFY(!control("pause")->isVisible());
    box_.hold("stop");
    control("stop")->click();
    const QString said = box_.answer("ask-stop", QMessageBox::AcceptRole);
    QVERIFY2(said.contains("no step yet") && said.contains("Resume"), qPrintable(said));
    QTRY_VERIFY2(
        inList("ref").contains("stopping") && inHeader().contains("stopping") && inQueue("ref").contains("stopping"),
        qPrintable(inList("ref") + " | " + inQueue("ref") + " | " + inHeader()));
    QVERIFY(!control("stop")->isEnabled());
    box_.letGo("stop");
    QTRY_VERIFY(box_.is("ref", ShownState::stopped));
    QVERIFY(!control("stop")->isVisible());
  }

  void aStoppedRunIsResumedFromTheHeaderInItsFolder() {
    box_.open();
    window().startRun(box_.spec("long", 100000), box_.path("runs"));
    QTRY_VERIFY(box_.is("long", ShownState::running) && box_.run("long")->steps > 3);
    QVERIFY(!control("resume")->isVisible());
    box_.hold("stop");
    control("stop")->click();
    QVERIFY(box_.answer("ask-stop", QMessageBox::AcceptRole).contains("Resume"));
    // A state of the run, not of a status bar that may be out of sight.
    QTRY_VERIFY(inHeader().contains("stopping") && inList("long").endsWith("stopping"));
    window().statusBar()->clearMessage();
    QVERIFY(inHeader().contains("stopping"));
    box_.letGo("stop");
    QTRY_VERIFY(box_.is("long", ShownState::stopped));
    QTRY_VERIFY(window().queue()->runs().empty());
    const qint64 steps = qint64(RecordReader::open(box_.record("long").toStdString()).steps());
    QTRY_VERIFY(control("resume")->isVisible());
    // It waits for its turn first: the list says so of the run that is there.
    box_.hold("reference");
    window().startRun(box_.spec("busy", 100000), box_.path("runs"));
    QTRY_VERIFY(box_.is("busy", ShownState::preparing));
    QVERIFY(window().dock()->select(box_.record("long")));
    QTRY_VERIFY(control("resume")->isVisible());
    control("resume")->click();
    QTRY_VERIFY2(box_.is("long", ShownState::waiting) && inHeader().contains("1 for cpu"), qPrintable(inHeader()));
    QVERIFY(!control("resume")->isVisible() && !box_.run("long")->queued);
    QCOMPARE(window().stack()->currentWidget(), window().page());
    std::optional<EngineProcess> process;
    QTRY_VERIFY((process = read_engine_process(box_.runs() / "busy")));
    ::kill(pid_t(process->pid), SIGTERM);
    box_.letGo("reference");
    QTRY_VERIFY(box_.is("long", ShownState::running) && box_.run("long")->steps > steps);
    QVERIFY(!QFileInfo::exists(box_.record("long-2")) && !QFileInfo::exists(box_.record("long.1")));
    const auto numbers = RecordReader::open(box_.record("long").toStdString()).step_numbers();
    for (std::size_t i = 0; i < numbers.size(); ++i) QCOMPARE(numbers[i], std::int64_t(i + 1));
    control("stop")->click();
    box_.answer("ask-stop", QMessageBox::AcceptRole);
    QCOMPARE(window().statusBar()->currentMessage(), QStringLiteral("long stops after this step."));
    QTRY_VERIFY(box_.is("long", ShownState::stopped));
    QCOMPARE(window().statusBar()->currentMessage(), QString());  // it has stopped
  }

  void aKilledRunIsResumedFromTheProblemBar() {
    box_.open();
    window().startRun(box_.spec("hit", 100000), box_.path("runs"));
    QTRY_VERIFY(box_.is("hit", ShownState::running) && box_.run("hit")->steps > 3);
    const auto process = read_engine_process(box_.runs() / "hit");
    ::kill(pid_t(process->pid), SIGKILL);
    QTRY_VERIFY(box_.is("hit", ShownState::killed));
    QTRY_VERIFY(window().page()->problems()->text().contains("killed"));
    const qint64 steps = box_.run("hit")->steps;
    auto* button = window().page()->problems()->findChild<QPushButton*>();
    QCOMPARE(button->text(), QStringLiteral("Resume"));
    button->click();
    QTRY_VERIFY(box_.is("hit", ShownState::running) && box_.run("hit")->steps > steps);
    window().page()->controls()->stop();
    QTRY_VERIFY(box_.is("hit", ShownState::stopped));
  }

  void aRunIsRunAgainUnderTheNextFreeNameAndCloned() {
    make_run(box_.runs(), {.name = "dpo", .steps = 10});
    make_run(box_.runs(), {.name = "dpo-2", .steps = 10});
    box_.openRuns();
    QTRY_VERIFY(box_.is("dpo", ShownState::done));
    QVERIFY(window().dock()->select(box_.record("dpo")));
    QMenu menu;
    window().dock()->fillMenu(menu);
    const auto actions = window().dock()->runActions();
    QAction *resume = actions[0], *again = actions[1], *clone = actions[2];
    for (auto* action : actions) QVERIFY(menu.actions().contains(action) && !action->toolTip().isEmpty());
    QVERIFY(!resume->isEnabled() && again->isEnabled() && clone->isEnabled());
    again->trigger();
    QTRY_VERIFY(box_.is("dpo-3", ShownState::done));
    QTRY_COMPARE(window().page()->shown().front()->found.record, box_.record("dpo-3"));
    QCOMPARE(RecordReader::open(box_.record("dpo").toStdString()).steps(), std::size_t(10));
    // What is counted counts on.
    QVERIFY(window().dock()->select(box_.record("dpo-2")));
    clone->trigger();
    QCOMPARE(window().stack()->currentWidget(), window().launch());
    QVERIFY(window().launch()->accessibleName().contains("cloned from dpo-2"));
    QVERIFY2(window().launch()->text().contains("name = \"dpo-4\""), qPrintable(window().launch()->text()));
    QVERIFY(window().launch()->text().contains("learning_rate = 1e-5") || window().launch()->text().contains("1e-05"));
    QCOMPARE(window().launch()->runsFolder(), box_.path("runs"));
    QCOMPARE(window().queue()->freeName("seed-42", box_.path("runs")), QStringLiteral("seed-42"));
    make_run(box_.runs(), {.name = "seed-42", .steps = 2});
    QCOMPARE(window().queue()->freeName("seed-42", box_.path("runs")), QStringLiteral("seed-42-2"));
  }

  void pausingIsAStateUntilTheRunIsPaused() {
    const MadeRun made{.name = "paused", .steps = 60};
    auto writer = begin_run(box_.runs(), made);
    for (int step = 1; step <= 5; ++step) append_step(writer, made, step);
    control::CommandQueue commands;
    control::LiveStatus status;
    control::ControlServer server(commands, status);
    auto process = this_process();
    process.socket = server.path();
    write_engine_process(box_.runs() / "paused", process);
    box_.open({box_.record("paused")});
    QTRY_VERIFY(box_.is("paused", ShownState::running));
    QTRY_VERIFY(control("pause")->isVisible());
    control("pause")->click();
    QTRY_VERIFY2(inHeader().contains("pausing") && inList("paused").contains("pausing"), qPrintable(inHeader()));
    QVERIFY(!control("pause")->isEnabled() && control("stop")->isEnabled());
    QVERIFY(commands.pop().has_value());
    writer.set_status(RunState::paused);
    QTRY_VERIFY(box_.is("paused", ShownState::paused) && inHeader().contains("paused") &&
                !inHeader().contains("pausing"));
    QVERIFY(control("pause")->isEnabled());
    control("pause")->click();
    QTRY_VERIFY(inHeader().contains("going on"));
    writer.set_status(RunState::running);
    QTRY_VERIFY(!inHeader().contains("going on"));
    writer.set_status(RunState::done);
    writer.close();
  }

  void aClosedWindowLeavesTheQueueGoing() {
    box_.hold("reference");
    box_.open();
    window().startRun(box_.spec("first", 10), box_.path("runs"));
    QTRY_VERIFY(box_.is("first", ShownState::preparing));
    for (const char* name : {"second", "third"}) window().queueRun(box_.spec(name, 10), box_.path("runs"));
    QVERIFY(!window().queue()->paused());
    QCOMPARE(window().queue()->waiting(), 2);
    QVERIFY(window().close());  // nothing is asked: nothing ends or waits for it
    QVERIFY(!window().isVisible());
    box_.window.reset();
    box_.letGo("reference");
    const auto done = [&](const char* name) {
      const auto record = box_.runs() / name / "run.h5";
      std::error_code unknown;
      return std::filesystem::exists(record, unknown) && RecordReader::open(record).state() == RunState::done;
    };
    QTRY_VERIFY(done("first") && done("second") && done("third"));
    // One after another, in their order.
    const auto began = [&](const char* name) { return read_engine_process(box_.runs() / name)->started; };
    const auto ended = [&](const char* name) { return RecordReader::open(box_.runs() / name / "run.h5").heartbeat(); };
    QVERIFY(began("second") >= ended("first") && began("third") >= ended("second"));
    // The next window finds the queue empty and the runs as they are.
    box_.openRuns();
    QTRY_VERIFY(box_.is("third", ShownState::done));
    QTRY_VERIFY(window().queue()->runs().empty());
  }
};

QTEST_MAIN(TestRunStates)
#include "test_run_states.moc"
