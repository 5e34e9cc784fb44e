// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that change while they are looked at: calibration switched, a run that goes on after a stop, one that is watched
// from before its first step, two that are at different steps.
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "app/library/runs_dock.h"
#include "app/page/cursor_strip.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestFollowedRuns : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString path(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }
  RunPage* page() const { return window_->page(); }
  bool shows(const QStringList& records) const {
    if (page()->records() != records) return false;
    const auto all = page()->loader()->runs();
    return std::size_t(records.size()) == all.size() && !all.front()->steps.empty();
  }
  void openFresh(const QStringList& paths) {
    window_ = std::make_unique<MainWindow>();
    window_->resize(1280, 800);
    window_->open(paths);
    window_->show();
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test-followed-runs");
    QCoreApplication::setApplicationName("bandscope-test-followed-runs");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
  }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void a_switch_of_calibration_is_seen() {
    MadeRun live{.name = "switched", .objective = "cpo", .calibrated = true, .steps = 30, .planned = 60};
    auto writer = begin_run(runs(), live);
    for (int step = 1; step <= 20; ++step) append_step(writer, live, step);
    openFresh({path("switched")});
    QTRY_VERIFY(shows({path("switched")}));
    QTRY_VERIFY(page()->controls()->run());
    QVERIFY(page()->controls()->calibrated());
    writer.append_event({20, 1, "rc", Message::plain("reward calibration switched off")});
    append_step(writer, live, 21);
    QTRY_VERIFY_WITH_TIMEOUT(!page()->controls()->calibrated(), 60000);
    QVERIFY(page()->controls()->run()->calibrated);  // what the spec said
    writer.append_event({21, 2, "rc", Message::plain("reward calibration switched on")});
    append_step(writer, live, 22);
    QTRY_VERIFY_WITH_TIMEOUT(page()->controls()->calibrated(), 60000);
    window_.reset();
    writer.set_status(RunState::done);
  }

  void a_run_that_goes_on_is_followed_again() {
    const MadeRun made{.name = "resumed", .steps = 12, .planned = 30};
    const auto record = runs() / "resumed" / "run.h5";
    {
      auto writer = begin_run(runs(), made);
      for (int step = 1; step <= 12; ++step) append_step(writer, made, step);
      writer.set_status(RunState::stopped);
      writer.close();
    }
    openFresh({path("resumed")});
    const auto last = [&] {
      const auto run = page()->loader()->run(path("resumed"));
      return run ? run->last_step() : 0;
    };
    QTRY_COMPARE(last(), 12.0);
    QTRY_COMPARE(page()->loader()->run(path("resumed"))->state, RunState::stopped);
    auto writer = RecordWriter::resume(record, 12);
    for (int step = 13; step <= 20; ++step) append_step(writer, made, step);
    writer.set_status(RunState::running);
    QTRY_COMPARE_WITH_TIMEOUT(last(), 20.0, 60000);
    append_step(writer, made, 21);
    QTRY_COMPARE_WITH_TIMEOUT(last(), 21.0, 60000);
    window_.reset();
    writer.set_status(RunState::done);
  }

  /// A run that is watched from before its first step: the values that arrive need more room than none did.
  void values_stand_under_their_heads_from_the_first_step_on() {
    const MadeRun made{.name = "watched", .steps = 12, .planned = 30};
    auto writer = begin_run(runs(), made);
    openFresh({path("watched")});
    QTRY_VERIFY(page()->strip()->lineCount() == 1);
    for (int step = 1; step <= 12; ++step) append_step(writer, made, step);
    QTRY_VERIFY_WITH_TIMEOUT(page()->strip()->lineText(0).contains("z_w "), 60000);
    auto* scroll = page()->strip()->findChild<QScrollArea*>();
    QTRY_VERIFY(scroll->widget()->width() > 0);
    QCoreApplication::processEvents();
    const auto left = [&](const QLabel* label) { return label->mapTo(page()->strip(), QPoint()).x(); };
    std::set<int> heads, values;
    for (auto* label : page()->strip()->findChildren<QLabel*>()) {
      if (!label->isVisible()) continue;
      (scroll->widget()->isAncestorOf(label) ? values : heads).insert(left(label));
    }
    QVERIFY(values.size() > 3);
    QVERIFY(heads == values);
    window_.reset();
    writer.set_status(RunState::done);
  }

  void only_values_of_one_step_are_compared() {
    make_run(runs(), {.name = "short", .steps = 20});
    make_run(runs(), {.name = "long", .objective = "kto", .steps = 40});
    openFresh({QString::fromStdString(runs().string())});
    QTRY_COMPARE(window_->dock()->selectAll({path("short"), path("long")}), 2);
    QTRY_VERIFY(page()->loader()->runs().size() == 2 && page()->strip()->lineCount() == 2);
    const auto* strip = page()->strip();
    QTRY_VERIFY(strip->lineText(1).contains("z_w "));
    // Without a cursor each is at its own last step.
    QVERIFY2(!strip->lineText(0).contains('(') && !strip->lineText(1).contains('('), qPrintable(strip->lineText(1)));
    page()->setCursor(10);
    QVERIFY2(strip->lineText(0).contains("Step 10") && strip->lineText(1).contains('('),
             qPrintable(strip->lineText(1)));
  }
};

QTEST_MAIN(TestFollowedRuns)
#include "test_followed_runs.moc"
