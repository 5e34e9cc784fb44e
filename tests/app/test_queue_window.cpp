// SPDX-License-Identifier: GPL-3.0-or-later
// Queue and run library in the real window: a run waits, is shown as waiting, starts, becomes a run like others, and is
// labelled with keys and undone.
#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUndoStack>
#include <memory>

#include "app/launch/launch_page.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/queue/queue_panel.h"
#include "app/queue/run_queue.h"
#include "app/queue/waiting_page.h"
#include "app/shell/main_window.h"
#include "tests/app/launch_samples.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestQueueWindow : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  QString record(const char* name, const char* runs = "runs") const {
    return folder_.filePath(QStringLiteral("%1/%2/run.h5").arg(runs, name));
  }
  RunEntryPtr run(const char* name, const char* runs = "runs") const {
    return window_->model()->entry(window_->model()->find(record(name, runs)));
  }
  void openWindow() {
    window_ = std::make_unique<MainWindow>();
    window_->library()->setInterval(150);
    window_->queue()->setInterval(50);
    window_->resize(1280, 800);
    window_->show();
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
  }
  QString spec(const QByteArray& name, int steps, const QByteArray& more = {}) const {
    QFile file(folder_.filePath(QString::fromUtf8(name) + ".toml"));
    if (!file.open(QIODevice::WriteOnly)) return {};
    file.write("[run]\nname = \"" + name +
               "\"\ndevice = \"cpu\"\n[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n" +
               "[training]\nsteps = " + QByteArray::number(steps) + "\n" + more);
    return file.fileName();
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", folder_.filePath("data").toUtf8());
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
  }
  void cleanup() { window_.reset(); }

  void aWaitingRunHasAPageAndBecomesARun() {
    openWindow();
    QVERIFY(!window_->queuePanel()->isVisible());
    window_->queueRun(spec("pair", 20, "[sweep]\n\"calibration.enabled\" = [false, true]\n"), folder_.filePath("runs"));
    QVERIFY(run("pair") && run("pair")->queued && run("pair-rc"));
    QCOMPARE(run("pair")->state, ShownState::waiting);
    auto* waiting = window_->findChild<WaitingPage*>();
    QCOMPARE(window_->stack()->currentWidget(), waiting);
    QVERIFY(window_->queuePanel()->isVisible());
    QVERIFY(window_->page()->records().isEmpty());
    // Another window finds it waiting.
    window_.reset();
    openWindow();
    QTRY_COMPARE(window_->queue()->runs().size(), std::size_t(2));
    QTRY_VERIFY(run("pair") && run("pair")->queued);
    QVERIFY(window_->dock()->select(record("pair")));
    waiting = window_->findChild<WaitingPage*>();
    QTRY_COMPARE(window_->stack()->currentWidget(), waiting);
    auto* start = waiting->findChild<QPushButton*>("start-now");
    QVERIFY(start->isVisible());
    start->click();
    // The same row goes on as the run, and its page follows.
    QTRY_VERIFY_WITH_TIMEOUT(run("pair") && !run("pair")->queued, 60000);
    QTRY_COMPARE(window_->stack()->currentWidget(), window_->page());
    QCOMPARE(window_->page()->records().value(0), record("pair"));
    QTRY_COMPARE_WITH_TIMEOUT(run("pair")->state, ShownState::done, 60000);
    QVERIFY(run("pair-rc")->queued);
    window_->queue()->setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(run("pair-rc") && !run("pair-rc")->queued, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(window_->queue()->runs().empty(), 60000);
    QTRY_VERIFY(!window_->queuePanel()->isVisible());
  }

  void newExperimentStartsOrAddsToTheQueue() {
    openWindow();
    const QString model = make_model(folder_.filePath("model"));
    write_file(folder_.filePath("d.jsonl"), hh_rows(40));
    auto* launch = window_->launch();
    auto* start = launch->startButton();
    auto* add = launch->queueButton();
    const auto fill = [&](const char* name) {
      window_->newExperiment();
      launch->setRunsFolder(folder_.filePath("new"));
      launch->setText(
          QStringLiteral("run.name = \"%1\"\nrun.device = \"cpu\"\nmodel.path = \"%2\"\ndata.train = \"%3\"\n"
                         "training.steps = 60\n")
              .arg(QLatin1String(name), model, folder_.filePath("d.jsonl")));
      return QTest::qWaitFor([&] { return start->isEnabled() && add->isEnabled(); }, 10000);
    };
    QVERIFY(!start->isEnabled() && !add->isEnabled());  // there is no spec yet
    for (const auto* button : {start, add}) {
      QVERIFY(!button->text().isEmpty() && button->toolTip().contains("Ctrl+"));
      QVERIFY(!button->accessibleDescription().isEmpty());
    }
    const auto says = [&] { return window_->statusBar()->currentMessage(); };
    const auto names = [&] {
      QStringList all;
      for (const auto& run : window_->queue()->runs()) all << run.name;
      return all.join(' ');
    };
    QVERIFY(fill("later"));
    QVERIFY(launch->isAncestorOf(window_->focusWidget()));
    QTest::keyClick(window_->focusWidget(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(names(), QStringLiteral("later"));
    QVERIFY(window_->queue()->paused() && window_->queuePanel()->isVisible());
    QVERIFY2(says().contains("later is number 1") && says().contains("paused"), qPrintable(says()));
    QVERIFY(window_->stack()->currentWidget() != launch);
    // Started past what waits, although the queue does not run.
    QVERIFY(fill("now"));
    QTest::keyClick(window_->focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY2(says().startsWith("now starts now."), qPrintable(says()));
    QTRY_VERIFY_WITH_TIMEOUT(run("now", "new") && !run("now", "new")->queued, 60000);
    QVERIFY(run("later", "new")->queued);
    // Its device is busy now.
    QVERIFY(fill("soon"));
    QTest::mouseClick(start, Qt::LeftButton);
    QCOMPARE(says(), QStringLiteral("soon starts when cpu is free."));
    QCOMPARE(names(), QStringLiteral("later now soon"));
    auto* waiting = window_->findChild<WaitingPage*>();
    QCOMPARE(window_->stack()->currentWidget(), waiting);
    QVERIFY(fill("last"));
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(names(), QStringLiteral("later now soon last"));
    QTRY_VERIFY_WITH_TIMEOUT(run("soon", "new") && !run("soon", "new")->queued, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(names(), QStringLiteral("later last"), 60000);
    QTest::qWait(300);
    QCOMPARE(names(), QStringLiteral("later last"));
    // A run of this name waits already: the form says so, and starts nothing.
    QVERIFY(!fill("later"));
    QVERIFY2(launch->problem().contains("later") && launch->problem().contains("is free"),
             qPrintable(launch->problem()));
    QCOMPARE(window_->stack()->currentWidget(), launch);
    window_->queue()->take(window_->queue()->order());
    QTRY_VERIFY(!window_->queuePanel()->isVisible());
  }

  void aWaitingRunIsLabelledAndRenamed() {
    openWindow();
    window_->queueRun(spec("plan", 10), folder_.filePath("labelled"));
    QVERIFY(run("plan", "labelled"));
    QVERIFY(window_->dock()->select(record("plan", "labelled")));
    auto* view = window_->dock()->view();
    view->setFocus();
    QTest::keyClick(view, Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(run("plan", "labelled")->labels.starred);
    window_->dock()->edits()->retag({run("plan", "labelled")}, {"paper"});
    window_->dock()->edits()->setNote({run("plan", "labelled")}, "first of all");
    QCOMPARE(run("plan", "labelled")->labels.tags, QStringList{"paper"});
    // Its name, with F2; the row stays selected, and all of it is taken back and done again.
    QTest::keyClick(view, Qt::Key_F2);
    auto* dialog = window_->findChild<QInputDialog*>("ask-rename");
    QVERIFY(dialog);
    dialog->setTextValue("first");
    dialog->accept();
    QTRY_VERIFY(run("first", "labelled"));
    QVERIFY(!run("plan", "labelled"));
    QCOMPARE(window_->dock()->selected().size(), std::size_t(1));
    QCOMPARE(window_->dock()->selected().front()->found.record, record("first", "labelled"));
    QVERIFY(run("first", "labelled")->labels.starred);
    window_->undoStack()->undo();
    QTRY_VERIFY(run("plan", "labelled") && !run("first", "labelled"));
    window_->undoStack()->undo();
    QCOMPARE(run("plan", "labelled")->labels.note, QString());
    window_->undoStack()->redo();
    window_->undoStack()->redo();
    QTRY_VERIFY(run("first", "labelled"));
    // Started, it is a run like others, with its labels in its folder.
    window_->queue()->setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(run("first", "labelled") && !run("first", "labelled")->queued, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(window_->queue()->runs().empty(), 60000);
    QTRY_COMPARE(run("first", "labelled")->labels, (RunLabels{true, {"paper"}, "first of all"}));
    QCOMPARE(read_labels(record("first", "labelled")), (RunLabels{true, {"paper"}, "first of all"}));
    window_->activateWindow();
    view->setFocus();
    QTRY_VERIFY(view->hasFocus());
    QVERIFY(window_->dock()->select(record("first", "labelled")));
    QTest::keyClick(view, Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(!run("first", "labelled")->labels.starred);
    QVERIFY(!read_labels(record("first", "labelled")).starred);
  }

  void aRunIsStarredWithAKeyAndItIsUndone() {
    openWindow();
    window_->open({folder_.filePath("runs")});
    QTRY_VERIFY(run("pair") && run("pair")->read);
    QVERIFY(window_->dock()->select(record("pair")));
    auto* view = window_->dock()->view();
    view->setFocus();
    QTest::keyClick(view, Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(run("pair")->labels.starred);
    QTest::keyClick(view, Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(!run("pair")->labels.starred);
    QVERIFY(window_->undoStack()->canRedo());
    // Delete is for the list alone: in the charts, it asks nothing.
    window_->page()->setFocus();
    QTest::keyClick(window_->page(), Qt::Key_Delete);
    QVERIFY(!window_->findChild<QMessageBox*>("ask-trash"));
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Delete);
    auto* box = window_->findChild<QMessageBox*>("ask-trash");
    QVERIFY(box);
    box->reject();
    QTRY_VERIFY(!window_->findChild<QMessageBox*>("ask-trash"));
    // Two at once, from the menu.
    view->selectAll();
    QMenu menu;
    window_->dock()->fillMenu(menu);
    QVERIFY(menu.actions().contains(window_->dock()->editActions().front()));
    window_->dock()->editActions().front()->trigger();
    QVERIFY(run("pair")->labels.starred && run("pair-rc")->labels.starred);
    window_->undoStack()->undo();
  }

  void aWaitingRunIsDeletedFromTheLibraryAndPutBackInItsPlace() {
    openWindow();
    window_->queueRun(spec("wait", 20, "[sweep]\n\"run.seed\" = [1, 2, 3]\n"), folder_.filePath("runs"));
    QVERIFY(window_->queue()->paused());
    const auto order = window_->queue()->order();
    QCOMPARE(order.size(), 3);
    const QString second = window_->queue()->runs()[1].record();
    QVERIFY(window_->dock()->select(second));
    auto* view = window_->dock()->view();
    view->setFocus();
    const auto answer = [&](QMessageBox::ButtonRole role) {
      auto* box = window_->findChild<QMessageBox*>("ask-trash");
      if (!box) return false;
      const QString said = box->text() + box->informativeText();
      for (auto* button : box->buttons()) {
        if (box->buttonRole(button) == role) button->click();
      }
      box->setObjectName("answered");
      return said.contains("queue");
    };
    QTest::keyClick(view, Qt::Key_Delete);
    QVERIFY(answer(QMessageBox::RejectRole));
    QCOMPARE(window_->queue()->order(), order);
    QTest::keyClick(view, Qt::Key_Delete);
    QVERIFY(answer(QMessageBox::AcceptRole));
    QCOMPARE(window_->queue()->order(), (QStringList{order[0], order[2]}));
    QVERIFY(!window_->model()->find(second).isValid());
    window_->undoStack()->undo();
    QCOMPARE(window_->queue()->order(), order);
    QTRY_VERIFY(window_->model()->find(second).isValid());
    window_->undoStack()->redo();
    QCOMPARE(window_->queue()->order().size(), 2);
    window_->undoStack()->undo();
    // Together with a run that is over: each goes where it belongs, and comes back.
    window_->open({folder_.filePath("runs")});
    QTRY_VERIFY(run("pair") && run("pair")->read && !run("pair")->live());
    window_->dock()->selectAll({record("pair"), second});
    window_->dock()->edits()->askTrash(window_->dock()->selected());
    QVERIFY(answer(QMessageBox::AcceptRole));
    QVERIFY(!QFileInfo::exists(record("pair")));
    QCOMPARE(window_->queue()->order().size(), 2);
    window_->undoStack()->undo();
    QVERIFY(QFileInfo::exists(record("pair")));
    QCOMPARE(window_->queue()->order(), order);
    // One that starts while the question stands is not deleted, and nothing with it.
    QTRY_VERIFY(run("pair") && run("pair")->read);
    window_->dock()->selectAll({record("pair"), second});
    const auto asked = window_->dock()->selected();
    QCOMPARE(asked.size(), std::size_t(2));
    window_->queue()->startNow({order[1]});
    QTRY_VERIFY(window_->queue()->find(second)->active());
    const int undoable = window_->undoStack()->index();
    window_->dock()->edits()->trash(asked);
    QCOMPARE(window_->undoStack()->index(), undoable);
    QVERIFY(QFileInfo::exists(record("pair")));
    QVERIFY2(window_->statusBar()->currentMessage().contains("Not deleted"),
             qPrintable(window_->statusBar()->currentMessage()));
    window_->queue()->take(window_->queue()->order());
    QTRY_VERIFY_WITH_TIMEOUT(window_->queue()->runs().empty(), 60000);
  }

  void groupingAndClosedGroupsComeBack() {
    openWindow();
    window_->open({folder_.filePath("runs")});
    QTRY_VERIFY(run("pair") && run("pair")->read && run("pair-rc") && run("pair-rc")->read);
    window_->dock()->setGrouping(Grouping::rc);
    auto* view = window_->dock()->view();
    QTRY_COMPARE(view->model()->rowCount(), 2);
    view->collapse(view->model()->index(0, 0));
    window_->close();
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    QTRY_VERIFY(run("pair") && run("pair")->read && run("pair-rc") && run("pair-rc")->read);
    view = window_->dock()->view();
    QCOMPARE(window_->model()->grouping(), Grouping::rc);
    QTRY_VERIFY(view->isExpanded(view->model()->index(1, 0)));
    QVERIFY(!view->isExpanded(view->model()->index(0, 0)));
  }
};

QTEST_MAIN(TestQueueWindow)
#include "test_queue_window.moc"
