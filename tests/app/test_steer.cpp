// SPDX-License-Identifier: GPL-3.0-or-later
// Steering over the socket, with the engine's own control server at the other end: what is sent, what is refused before
// it is sent, what is asked first, and what the window says of the answer.
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/page/run_controls.h"
#include "app/page/steer_dialog.h"
#include "tests/app/steered_engine.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

class Loop : public testing::SteeredEngine {
 public:
  Loop() : SteeredEngine("dpo") {}
  RunEntryPtr run() const {
    auto entry = std::make_shared<RunEntry>();
    entry->found = {"/runs/dpo/run.h5", "/runs", "dpo", 0, 0};
    entry->state = ShownState::running;
    entry->read = true;
    entry->socket = QString::fromStdString(server->path());
    return entry;
  }
};

bool is(const Order& order, std::string_view setting, LiveValue value) {
  return order.kind == Order::Kind::set && order.setting->name == setting && order.value == value;
}

QMessageBox* question(QWidget* of, const char* name) { return of->findChild<QMessageBox*>(QString::fromLatin1(name)); }

void answer(QMessageBox* box, bool yes) {
  for (auto* button : box->buttons()) {
    if ((box->buttonRole(button) == QMessageBox::AcceptRole) == yes) {
      button->click();
      return;
    }
  }
}

}  // namespace

class TestSteer : public QObject {
  Q_OBJECT
  QTemporaryDir runtime_;

 private Q_SLOTS:
  void initTestCase() {
    QFile::setPermissions(runtime_.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", runtime_.path().toLocal8Bit());
  }

  void every_order_reaches_the_engine() {
    Loop loop;
    QWidget window;
    RunControls controls(&window);
    controls.setRun(loop.run(), "dpo");
    QSignalSpy said(&controls, &RunControls::said);
    controls.pause();
    controls.resume();
    controls.checkpoint();
    controls.set(*find_live_setting("calibration"), true);
    controls.set(*find_live_setting("momentum"), 0.5);
    controls.set(*find_live_setting("learning_rate"), 1e-6);
    QTRY_COMPARE(loop.taken.size(), 6u);
    using Kind = Order::Kind;
    const Kind kinds[] = {Kind::pause, Kind::resume, Kind::checkpoint, Kind::set, Kind::set, Kind::set};
    for (std::size_t i = 0; i < 6; ++i) QVERIFY(loop.taken[i].kind == kinds[i]);
    QVERIFY(is(loop.taken[3], "calibration", true));
    QVERIFY(is(loop.taken[4], "momentum", 0.5));
    QVERIFY(is(loop.taken[5], "learning_rate", 1e-6));
    QTRY_COMPARE(said.count(), 6);
  }

  void what_the_engine_refuses_is_said() {
    Loop loop;
    QWidget window;
    RunControls controls(&window);
    controls.setRun(loop.run(), "dpo");
    QSignalSpy said(&controls, &RunControls::said);
    controls.set(*find_live_setting("momentum"), 1.0);
    QTRY_COMPARE(said.count(), 1);
    QVERIFY2(said[0][0].toString().contains("out of range"), qPrintable(said[0][0].toString()));
    QVERIFY(loop.taken.empty());
  }

  void an_engine_that_has_gone_is_said() {
    QWidget window;
    RunControls controls(&window);
    auto loop = std::make_unique<Loop>();
    controls.setRun(loop->run(), "dpo");
    loop.reset();
    QSignalSpy said(&controls, &RunControls::said);
    controls.pause();
    QTRY_COMPARE(said.count(), 1);
    QVERIFY2(said[0][0].toString().contains("does not listen"), qPrintable(said[0][0].toString()));
  }

  void what_became_of_an_order_is_said_whichever_run_is_chosen_since() {
    Loop loop;
    QWidget window;
    RunControls controls(&window);
    QSignalSpy said(&controls, &RunControls::said), asked(&controls, &RunControls::asked);
    controls.setRun(loop.run(), "dpo");
    controls.pause();
    controls.checkpoint();
    controls.setRun(nullptr, {});
    QTRY_COMPARE(said.count(), 2);
    QCOMPARE(said[0][0].toString(), "dpo pauses after this step.");
    QCOMPARE(said[1][0].toString(), "dpo writes a checkpoint after this step.");
    QCOMPARE(asked[0][0].toString(), "/runs/dpo/run.h5");
    QTRY_COMPARE(loop.taken.size(), 2u);
  }

  void the_dialog_checks_asks_sends_and_shows_the_answer() {
    Loop loop;
    QWidget window;
    RunControls controls(&window);
    controls.setRun(loop.run(), "dpo");
    SteerDialog dialog(&controls, &window);
    dialog.show();
    auto* field = dialog.findChild<QLineEdit*>("learning_rate");
    auto* set = dialog.findChild<QPushButton*>("set-learning_rate");
    auto* problem = dialog.findChild<QLabel*>("problem-learning_rate");
    const auto says = [&](const QString& part) {
      for (auto* label : dialog.findChildren<QLabel*>()) {
        if (label->text().contains(part)) return true;
      }
      return false;
    };
    QTRY_VERIFY(says("now 5e-07"));
    QTRY_VERIFY(says("now 0.98"));
    for (const char* bad : {"0", "-1e-6", "1000", "fast", "nan", "inf", "1,5"}) {
      field->setText(bad);
      QVERIFY2(!set->isEnabled() && problem->text().contains("above 0"), bad);
    }
    auto* momentum = dialog.findChild<QLineEdit*>("momentum");
    momentum->setText("1");
    QVERIFY(!dialog.findChild<QPushButton*>("set-momentum")->isEnabled());
    momentum->setText("0");
    QVERIFY(dialog.findChild<QPushButton*>("set-momentum")->isEnabled());
    // The declined question and the accepted one ask for different values; the first order that comes tells them apart.
    field->setText("3e-6");
    QVERIFY(set->isEnabled() && problem->text().isEmpty());
    set->click();
    QTRY_VERIFY(question(&dialog, "ask-steer"));
    QVERIFY(question(&dialog, "ask-steer")->informativeText().contains("cannot be taken back"));
    answer(question(&dialog, "ask-steer"), false);
    field->setText("2e-6");
    set->click();
    QTRY_VERIFY(question(&dialog, "ask-steer") && question(&dialog, "ask-steer")->isVisible());
    answer(question(&dialog, "ask-steer"), true);
    QTRY_COMPARE(loop.taken.size(), 1u);
    QVERIFY(is(loop.taken[0], "learning_rate", 2e-6));
    QTRY_VERIFY_WITH_TIMEOUT(says("is 2e-06 since step"), 60000);
    QCOMPARE(loop.taken.size(), 1u);  // and nothing of the one that was declined
  }

  void the_switch_of_calibration_is_asked_before() {
    Loop loop;
    QWidget window;
    RunControls controls(&window);
    controls.setRun(loop.run(), "dpo");
    QSignalSpy declined(&controls, &RunControls::declined);
    controls.askCalibration(false);
    answer(question(&window, "ask-calibration"), false);
    QTRY_COMPARE(declined.count(), 1);
    controls.askCalibration(true);
    QTRY_VERIFY(question(&window, "ask-calibration") && question(&window, "ask-calibration")->isVisible());
    answer(question(&window, "ask-calibration"), true);
    QTRY_COMPARE(loop.taken.size(), 1u);
    QVERIFY(is(loop.taken[0], "calibration", true));
  }
};

QTEST_MAIN(TestSteer)
#include "test_steer.moc"
