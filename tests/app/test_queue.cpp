// SPDX-License-Identifier: GPL-3.0-or-later
// The queue with an engine that is a shell script, which the real keeper starts: order, limits, pause, what is kept,
// what cannot be started.
#include <signal.h>

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUndoStack>
#include <algorithm>
#include <memory>

#include "app/language/translated.h"
#include "app/queue/queue_messages.h"
#include "app/queue/queue_model.h"
#include "app/queue/queue_panel.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/queue/keeper_place.h"
#include "core/queue/settle.h"
#include "core/record/run_folder.h"

using namespace bandscope;
using namespace bandscope::app;

class TestQueue : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;

  QString file(const QString& name) const { return folder_->filePath(name); }
  QString runs() const { return file("runs"); }

  void write(const QString& name, const QByteArray& text, bool program = false) const {
    QFile out(file(name));
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
    out.close();
    if (program) QVERIFY(out.setPermissions(out.permissions() | QFile::ExeOwner | QFile::ExeUser));
  }
  /// A spec of one run, or of several with a sweep in `more`.
  QString spec(const QString& name, const QByteArray& more = {}) const {
    write(name + ".toml", "[run]\nname = \"" + name.toUtf8() +
                              "\"\ndevice = \"cpu\"\n[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n" + more);
    return file(name + ".toml");
  }
  QStringList engineOrder() const {
    QFile log(file("order.txt"));
    if (!log.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(log.readAll()).split('\n', Qt::SkipEmptyParts);
  }
  static constexpr auto start = RunQueue::Placing::start, wait = RunQueue::Placing::wait;
  static QString names(const RunQueue& queue) {
    QString all;
    for (const auto& run : queue.runs()) all += run.name;
    return all;
  }
  /// How many have started, once there is none that the keeper would start.
  int started(RunQueue& queue) const {
    const queue::QueueFile kept(file("queue.json").toStdString());
    if (!QTest::qWaitFor([&] { return kept.load().due().empty(); })) return -1;
    queue.tick();
    return int(std::count_if(queue.runs().begin(), queue.runs().end(),
                             [](const auto& run) { return run.state != QueuedRun::State::waiting; }));
  }
  /// Notes its start, writes a record, and ends when it is let go.
  void writeEngine() const {
    write("engine.sh",
          "#!/bin/bash\n"
          "[ $1 = keep-queue ] && exec " FAKE_ENGINE
          " \"$@\"\n"
          "name=$(sed -n 's/^name = \"\\(.*\\)\"/\\1/p' \"$1\" | head -1)\n"
          "case $name in bad*) echo \"bandscope-engine: key \\\"model.path\\\": there is no such folder\" >&2; exit "
          "3;; esac\n"
          "case $name in slow*) exec sleep 600;; esac\n"
          "echo \"$name threads=$OMP_NUM_THREADS\" >> " +
              file("order.txt").toUtf8() +
              "\n"
              "mkdir -p \"$3/$name\"; echo record > \"$3/$name/run.h5\"\n"
              "echo '{\"pid\": 1, \"start_ticks\": 1, \"host\": \"\", \"started\": '$(date +%s)'}' > "
              "\"$3/$name/engine.json\"\n"
              "while [ -e \"$0\" ] && [ ! -e " +
              folder_->path().toUtf8() + "/go-$name ]; do sleep 0.05; done\n",
          true);
  }
  void letGo(const QString& run) const { write("go-" + run, "x"); }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    writeEngine();
    qputenv("BANDSCOPE_ENGINE", file("engine.sh").toUtf8());
    qunsetenv("OMP_NUM_THREADS");
  }
  void cleanup() {
    const queue::QueueFile kept(file("queue.json").toStdString());
    if (const auto look = queue::look_for_keeper(kept); look.there) ::kill(pid_t(look.session), SIGTERM);
    QTRY_VERIFY(!queue::look_for_keeper(kept).there);
    folder_.reset();  // with which engines that still wait end
  }

  void runsOfASweepStartOneAfterAnother() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    const auto records = queue.add(spec("s", "[sweep]\n\"calibration.enabled\" = [false, true]\n"), runs(), start);
    QCOMPARE(records, (QStringList{runs() + "/s/run.h5", runs() + "/s-rc/run.h5"}));
    QCOMPARE(queue.runs().size(), std::size_t(2));
    QTRY_COMPARE(engineOrder(), QStringList{"s threads="});
    QCOMPARE(started(queue), 1);  // one at once
    QCOMPARE(queue.place(queue.runs()[1]), 1);
    // The one that waits is listed before it has a record, with what its spec says.
    const auto entries = queue.entries();
    QCOMPARE(entries.size(), std::size_t(2));
    QVERIFY(entries.back()->queued && entries.back()->calibrated);
    QCOMPARE(entries.back()->state, ShownState::waiting);
    QCOMPARE(entries.back()->objective, QStringLiteral("dpo"));
    letGo("s");
    QTRY_COMPARE(engineOrder().size(), 2);
    letGo("s-rc");
    QTRY_VERIFY(queue.runs().empty());
  }

  void aRunIsStoppedBeforeItHasARecord() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    const QString record = queue.add(spec("slow"), runs(), start).front();
    QTRY_VERIFY(queue.find(record) && queue.find(record)->active());
    QCOMPARE(queue.entries().front()->state, ShownState::preparing);
    for (int time = 0; time < 2; ++time) {
      const QString id = queue.find(record)->id;
      queue.stopStarting(id);
      QTRY_COMPARE(int(queue.find(record)->state), int(QueuedRun::State::failed));
      QVERIFY2(translated(queue.find(record)->reason).contains("stopped"),
               qPrintable(translated(queue.find(record)->reason)));
      if (time == 0) {
        queue.tryAgain({id});
        QTRY_COMPARE(int(queue.find(record)->state), int(QueuedRun::State::running));
      }
    }
  }

  void namesAreFoundAndOthersRunsAreNotCovered() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    QCOMPARE(queue.freeName("a", runs()), QStringLiteral("a"));
    queue.add(spec("a"), runs(), wait);  // it waits: nothing of it is on disk
    QCOMPARE(queue.freeName("a", runs()), QStringLiteral("a-2"));
    QCOMPARE(queue.freeName("a", runs(), {"a-2"}), QStringLiteral("a-3"));
    QDir().mkpath(runs() + "/a-2");
    QCOMPARE(queue.freeName("a-2", runs()), QStringLiteral("a-3"));
    QDir().mkpath(runs() + "/seed-42");
    QCOMPARE(queue.freeName("seed-42", runs()), QStringLiteral("seed-42-2"));
    QDir().mkpath(runs() + "/b/inner");
    write("runs/b/inner/run.h5", "record");
    QVERIFY_EXCEPTION_THROWN(queue.add(spec("b"), runs(), start), RunError);
    QCOMPARE(queue.runs().size(), std::size_t(1));
  }

  void severalAtOnceShareTheCores() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    queue.setAtOnce("cpu", 2);
    for (const auto& name : {"a", "b", "c"}) queue.add(spec(name), runs(), wait);
    queue.setPaused(false);
    QTRY_COMPARE(engineOrder().size(), 2);
    QCOMPARE(started(queue), 2);
    const int threads = std::max(1, QThread::idealThreadCount() / 2);
    QVERIFY2(engineOrder().front().endsWith(QStringLiteral("threads=%1").arg(threads)),
             qPrintable(engineOrder().front()));
    letGo("a");
    QTRY_COMPARE(engineOrder().size(), 3);
  }

  void orderPauseAndStartNow() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    for (const auto& name : {"a", "b", "c"}) queue.add(spec(name), runs(), wait);
    QVERIFY(queue.paused());
    QCOMPARE(started(queue), 0);
    auto order = queue.order();
    queue.startNow({order[2]});  // c, although the queue is paused
    QTRY_COMPARE(engineOrder(), QStringList{"c threads="});
    queue.setOrder({order[1], order[0]});
    QCOMPARE(queue.runs().front().name, QStringLiteral("b"));
    queue.setPaused(false);
    QCOMPARE(started(queue), 1);  // c holds the device
    letGo("c");
    QTRY_COMPARE(engineOrder(), (QStringList{"c threads=", "b threads="}));
    const auto taken = queue.take({order[0], order[1]});
    QCOMPARE(taken.size(), std::size_t(1));  // b runs and stays
    QCOMPARE(queue.runs().size(), std::size_t(1));
    queue.put(taken);
    QCOMPARE(queue.runs().size(), std::size_t(2));
  }

  void whatIsStartedAndWhatIsAddedGoToTheEnd() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    // Adding sets nothing going, in a queue that does not run.
    for (const auto& name : {"a", "b"}) {
      const auto records = queue.add(spec(name), runs(), wait);
      const QString text = placed_text(queue, records, wait);
      QVERIFY2(text.contains("queue for cpu") && text.contains("paused"), qPrintable(text));
    }
    QCOMPARE(started(queue), 0);
    // Started: now as far as there is room, behind all that wait; the pause is not for these.
    const auto sweep = queue.add(spec("s", "[sweep]\n\"calibration.enabled\" = [false, true]\n"), runs(), start);
    QString text = placed_text(queue, sweep, start);
    QVERIFY2(text.startsWith("s starts now. s-rc starts when cpu is free."), qPrintable(text));
    QTRY_COMPARE(engineOrder(), QStringList{"s threads="});
    QCOMPARE(names(queue), QStringLiteral("abss-rc"));
    text = placed_text(queue, queue.add(spec("c"), runs(), start), start);
    QCOMPARE(text, QStringLiteral("c starts when cpu is free."));
    QCOMPARE(names(queue), QStringLiteral("abss-rcc"));
    letGo("s");
    QTRY_COMPARE(engineOrder().size(), 2);
    QVERIFY(engineOrder().back().startsWith("s-rc "));
    // Another window knows what was to start whatever the queue does.
    RunQueue other(file("queue.json"));
    other.setInterval(50);
    QTRY_VERIFY(other.paused() && other.runs().size() == 4 && other.runs()[3].asked);
    // Pausing holds these back, too.
    queue.setPaused(true);
    letGo("s-rc");
    QTRY_COMPARE(names(queue), QStringLiteral("abc"));
    QCOMPARE(started(queue), 0);
    queue.setPaused(false);
    QTRY_COMPARE(engineOrder().size(), 3);
    QVERIFY(engineOrder().back().startsWith("a "));
    // In a queue that runs, too, what is started does not get before what waits.
    text = placed_text(queue, queue.add(spec("e"), runs(), start), start);
    QCOMPARE(text, QStringLiteral("e is number 3 in the queue for cpu."));
    QCOMPARE(names(queue), QStringLiteral("abce"));
    queue.take({queue.runs()[3].id});
    // A queue that runs goes on with what is added to it.
    queue.take({queue.runs()[1].id, queue.runs()[2].id});
    text = placed_text(queue, queue.add(spec("d"), runs(), wait), wait);
    QCOMPARE(text, QStringLiteral("d is number 1 in the queue for cpu."));
    letGo("a");
    QTRY_COMPARE(engineOrder().size(), 4);
    letGo("d");
    QTRY_VERIFY(queue.runs().empty() && !queue.paused());
  }

  void takingBackARemovalStartsNothing() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    queue.add(spec("a"), runs(), wait);
    const auto taken = queue.take(queue.order());
    QVERIFY(queue.runs().empty() && !queue.paused());
    queue.put(taken);
    QCOMPARE(started(queue), 0);
    QVERIFY(queue.paused());
  }

  void aFailedStartIsSaidAndTheRestGoesOn() {
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    QSignalSpy said(&queue, &RunQueue::said);
    // Both wait before either starts: what is added behind a run that has failed already sets nothing going.
    queue.add(spec("bad"), runs(), wait);
    queue.add(spec("a"), runs(), wait);
    QVERIFY(queue.paused());
    queue.setPaused(false);
    QTRY_COMPARE(engineOrder(), QStringList{"a threads="});
    QTRY_COMPARE(said.size(), 1);
    QVERIFY2(said.front().front().toString().contains("model.path"), qPrintable(said.front().front().toString()));
    const auto entries = queue.entries();
    QCOMPARE(entries.front()->state, ShownState::failed);
    QVERIFY(translated(entries.front()->reason).contains("no such folder"));
    // A missing engine is a reason as well.
    queue.add(spec("b"), runs(), wait);
    QVERIFY(QFile::remove(file("engine.sh")));  // with which a ends
    QTRY_COMPARE(queue.runs().size(), std::size_t(2));
    QTRY_COMPARE(queue.runs().back().state, QueuedRun::State::failed);
    QVERIFY2(translated(queue.runs().back().reason).contains("engine.sh"),
             qPrintable(translated(queue.runs().back().reason)));
    writeEngine();
    queue.tryAgain({queue.runs().back().id});
    QTRY_COMPARE(engineOrder().size(), 2);
  }

  void theSameRunIsNotQueuedTwice() {
    RunQueue queue(file("queue.json"));
    queue.add(spec("a"), runs(), wait);
    QVERIFY_EXCEPTION_THROWN(queue.add(spec("a"), runs(), start), Error);
    QCOMPARE(queue.runs().size(), std::size_t(1));
    QVERIFY_EXCEPTION_THROWN(queue.add(spec("c", "[objective]\nname = \"dqo\"\n"), runs(), wait), Error);
  }

  void aBrokenQueueFileIsPutAside() {
    write("queue.json", "{\"version\": 1, \"runs\": [{\"id\": 3}]}");
    RunQueue queue(file("queue.json"));
    queue.setInterval(50);
    QSignalSpy said(&queue, &RunQueue::said);
    QTRY_COMPARE(said.size(), 1);
    QVERIFY(said.front().front().toString().contains("queue.json"));
    QVERIFY(QFile::exists(file("queue.json.unreadable")));
    queue.add(spec("a"), runs(), start);
    QTRY_COMPARE(engineOrder().size(), 1);
  }

  void thePanelMovesAndRemovesAndTakesItBack() {
    RunQueue queue(file("queue.json"));
    QUndoStack undo;
    QueuePanel panel(&queue, &undo);
    QAbstractItemModelTester tester(panel.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const auto& name : {"a", "b", "c", "d"}) queue.add(spec(name), runs(), wait);
    panel.resize(300, 200);
    panel.show();
    panel.activateWindow();
    panel.view()->setFocus();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    auto* view = panel.view();
    const auto select = [&](int row) {
      view->selectionModel()->setCurrentIndex(panel.model()->index(row, 0),
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    };
    select(2);
    panel.moveSelected(-1);
    QCOMPARE(names(queue), QStringLiteral("acbd"));
    QCOMPARE(view->selectionModel()->selectedRows().front().row(), 1);  // the row moved, it was not made anew
    panel.moveBefore({queue.runs()[3].id}, queue.runs()[0].id);
    QCOMPARE(names(queue), QStringLiteral("dacb"));
    undo.undo();
    undo.undo();
    QCOMPARE(names(queue), QStringLiteral("abcd"));
    select(1);
    QTest::keyClick(view, Qt::Key_Delete);
    QTRY_COMPARE(names(queue), QStringLiteral("acd"));
    undo.undo();
    QCOMPARE(names(queue), QStringLiteral("abcd"));
    QTest::keyClick(view, Qt::Key_Down, Qt::AltModifier);
  }

  void aProcessIsKnownByItsStart() {
    QVERIFY(process_start(QCoreApplication::applicationPid()) > 0);
    QCOMPARE(process_start(0), 0);
    QCOMPARE(queue::engine_on(file("no-such.toml").toStdString()), 0);
  }
};

QTEST_MAIN(TestQueue)
#include "test_queue.moc"
