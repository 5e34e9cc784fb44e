// SPDX-License-Identifier: GPL-3.0-or-later
// Steering of a live run on a server: the window's orders go through the real far end to the engine's own control
// server, and the answers come back.
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QToolButton>

#include "app/engine/engine_process.h"
#include "app/page/page_header.h"
#include "app/page/run_controls.h"
#include "app/page/steer_dialog.h"
#include "app/server/server_channel.h"
#include "core/record/run_folder.h"
#include "tests/app/served_box.h"
#include "tests/app/steered_engine.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

/// A run that goes on: its record is open, and its engine listens.
struct LiveRun : SteeredEngine {
  explicit LiveRun(const ServedBox& box)
      : SteeredEngine("live"), writer(begin_run(box.runs(), {.name = "live", .steps = 3})) {
    EngineProcess process = this_process();
    process.socket = server->path();
    write_engine_process(box.runs() / "live", process);
  }
  RecordWriter writer;
};

struct Bench {
  explicit Bench(ServedBox& box, const QString& there = QStringLiteral("live")) {
    controls.setChannels([links = box.links()](const RunEntry& run) {
      return std::make_shared<ServerChannel>(links, run.server, run.there);
    });
    controls.setRun(box.entry(there, ShownState::running), there);
    QObject::connect(&controls, &RunControls::said, [this](const QString& text) { said << text; });
  }
  QWidget window;
  RunControls controls{&window};
  QStringList said;
};

}  // namespace

class TestServerSteer : public QObject {
  Q_OBJECT
  QTemporaryDir runtime_;

 private Q_SLOTS:
  void initTestCase() {
    QFile::setPermissions(runtime_.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", runtime_.path().toLocal8Bit());
  }

  void every_order_reaches_the_engine() {
    ServedBox box;
    LiveRun live(box);
    QVERIFY(box.reach());
    Bench bench(box);
    QSignalSpy asked(&bench.controls, &RunControls::asked);
    bench.controls.pause();
    bench.controls.resume();
    bench.controls.checkpoint();
    bench.controls.set(*find_live_setting("calibration"), true);
    bench.controls.set(*find_live_setting("learning_rate"), 1e-6);
    QTRY_COMPARE(live.taken.size(), 5u);
    using Kind = Order::Kind;
    const Kind kinds[] = {Kind::pause, Kind::resume, Kind::checkpoint, Kind::set, Kind::set};
    for (std::size_t i = 0; i < 5; ++i) QVERIFY(live.taken[i].kind == kinds[i]);
    QVERIFY(live.taken[4].value == LiveValue(1e-6));
    QTRY_COMPARE(bench.said.size(), 5);
    QCOMPARE(asked.count(), 2);
    QCOMPARE(asked[0][1].value<Asked>(), Asked::pause);
    bench.controls.set(*find_live_setting("momentum"), 1.0);
    QTRY_COMPARE(bench.said.size(), 6);
    QVERIFY2(bench.said[5].contains("out of range"), qPrintable(bench.said[5]));
    QCOMPARE(live.taken.size(), 5u);
  }

  void the_dialog_shows_what_the_engine_says() {
    ServedBox box;
    LiveRun live(box);
    QVERIFY(box.reach());
    Bench bench(box);
    SteerDialog dialog(&bench.controls, &bench.window);
    dialog.show();
    const auto says = [&](const QString& part) {
      const auto labels = dialog.findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [&](const QLabel* one) { return one->text().contains(part); });
    };
    QTRY_VERIFY(says("now 5e-07"));
    bench.controls.set(*find_live_setting("learning_rate"), 2e-6);
    QTRY_VERIFY(says("now 2e-06"));
    // A run that cannot be reached any more cannot be steered.
    auto away = std::make_shared<RunEntry>(*bench.controls.run());
    away->reached = false;
    bench.controls.setRun(away, "live");
    QTRY_VERIFY(!dialog.isVisible());
  }

  void the_header_offers_what_can_be_done() {
    ServedBox box;
    auto run = box.entry("live", ShownState::running);
    PageHeader header;
    const auto shown = [&](const RunEntryPtr& of) {
      header.setRuns({of}, of, of->steerable(), false);
      header.show();
      QStringList names;
      for (auto* button : header.findChildren<QToolButton*>())
        if (button->isVisible() && button->isEnabled()) names << button->objectName();
      names.sort();
      return names.join(' ');
    };
    QCOMPARE(shown(run), "calibration checkpoint pause steer stop");
    run->reached = false;
    QCOMPARE(shown(run), "");
  }

  void stop_ends_the_process_there() {
    ServedBox box;
    const auto writer = begin_run(box.runs(), {.name = "live", .steps = 3});
    QProcess engine;
    engine.start("sleep", {"1000"});
    QVERIFY(engine.waitForStarted());
    EngineProcess process = this_process();
    process.pid = engine.processId();
    process.start_ticks = process_start(process.pid);
    write_engine_process(box.runs() / "live", process);
    QVERIFY(box.reach());
    Bench bench(box);
    QSignalSpy asked(&bench.controls, &RunControls::asked);
    bench.controls.stop();
    QTRY_COMPARE(asked.count(), 1);
    QVERIFY(engine.state() == QProcess::NotRunning || engine.waitForFinished());
    QCOMPARE(asked[0][1].value<Asked>(), Asked::stop);
    QCOMPARE(bench.said, QStringList("live stops after this step."));
    // It has gone.
    bench.controls.stop();
    QTRY_COMPARE(bench.said.size(), 2);
    QVERIFY2(bench.said[1].startsWith("live was not stopped: this run is not going on"), qPrintable(bench.said[1]));
    bench.controls.pause();
    QTRY_COMPARE(bench.said.size(), 3);
    QCOMPARE(asked.count(), 1);
  }

  void a_server_that_goes_is_said() {
    ServedBox box;
    QVERIFY(box.reachLiar({}));
    Bench bench(box);
    bench.controls.pause();
    QTRY_COMPARE(bench.said.size(), 1);
    QVERIFY2(bench.said[0].contains("the connection to Lab was lost before it answered"), qPrintable(bench.said[0]));
    QTRY_VERIFY(!box.link->ready());
    bench.controls.stop();
    QTRY_COMPARE(bench.said.size(), 2);
    QCOMPARE(bench.said[1], "live was not stopped: Lab is not reached.");
  }

  void answers_of_other_types_are_no_success() {
    ServedBox box;
    QVERIFY(box.reachLiar(R"("ok":true,"answer":[1])"));
    Bench bench(box);
    bench.controls.pause();
    QTRY_COMPARE(bench.said.size(), 1);
    QVERIFY2(bench.said[0].contains("Lab gave an answer that is not understood"), qPrintable(bench.said[0]));
    box.say(R"("ok":true,"answer":{"step":"x","learning_rate":{},"momentum":[],"calibration":7})");
    SteerDialog dialog(&bench.controls, &bench.window);
    dialog.show();
    const auto labels = dialog.findChildren<QLabel*>();
    QTRY_VERIFY(
        std::any_of(labels.begin(), labels.end(), [](const QLabel* one) { return one->text() == "now 0, at step 0"; }));
  }

  void what_became_of_an_order_is_said_whichever_run_is_chosen_since() {
    ServedBox box;
    LiveRun live(box);
    QVERIFY(box.reach());
    Bench bench(box);
    QSignalSpy asked(&bench.controls, &RunControls::asked), answers(bench.controls.client(), &EngineClient::answered);
    const QString record = bench.controls.run()->found.record;
    bench.controls.pause();
    bench.controls.client()->send({Order::Kind::status});
    bench.controls.setRun(box.entry("other", ShownState::running), "other");
    bench.controls.pause();  // there is no such run
    QTRY_COMPARE(bench.said.size(), 2);
    QCOMPARE(bench.said[0], "live pauses after this step.");
    QVERIFY2(bench.said[1].startsWith("other: no “pause”"), qPrintable(bench.said[1]));
    QCOMPARE(live.taken.size(), 1u);
    QVERIFY(asked.count() == 1 && asked[0][0].toString() == record);
    QCOMPARE(answers.count(), 1);  // the status of another run is of no use
    // A line that goes is said of the run that the order went to.
    QVERIFY(box.reachLiar({}));
    bench.controls.setRun(box.entry("live", ShownState::running), "live");
    bench.controls.checkpoint();
    bench.controls.setRun(nullptr, {});
    QTRY_COMPARE(bench.said.size(), 3);
    QVERIFY2(bench.said[2].startsWith("live: no “checkpoint”: the connection to Lab was lost"),
             qPrintable(bench.said[2]));
  }
};

QTEST_MAIN(TestServerSteer)
#include "test_server_steer.moc"
