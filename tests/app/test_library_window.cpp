// SPDX-License-Identifier: GPL-3.0-or-later
// Folders of runs in the real window: runs inside runs, the folder where runs are looked for, logs of other trainers,
// the filter, the column of names.
#include <QComboBox>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTreeView>
#include <QUndoStack>

#include "app/launch/launch_page.h"
#include "app/library/columns_dialog.h"
#include "app/library/run_columns.h"
#include "app/library/run_edits.h"
#include "app/page/run_page.h"
#include "core/record/record_reader.h"
#include "tests/app/record_maker.h"
#include "tests/app/window_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLibraryWindow : public QObject {
  Q_OBJECT
  WindowBox box_;

  MainWindow& window() const { return *box_.window; }
  QString said() const { return window().statusBar()->currentMessage(); }

 private Q_SLOTS:
  void initTestCase() {
    box_.settle();
    QDir().mkpath(box_.path("data"));
  }
  void cleanup() { box_.window.reset(); }

  void aRunIsNotMadeAroundOthers() {
    make_run(box_.runs() / "group", {.name = "inner", .steps = 10});
    box_.openRuns();
    QTRY_VERIFY(box_.is("group/inner", ShownState::done));
    window().startRun(box_.spec("group", 20), box_.path("runs"));
    QVERIFY2(said().contains("holds other runs (inner)") && said().contains("group-2"), qPrintable(said()));
    QVERIFY(window().queue()->runs().empty());
    QVERIFY(!QFileInfo::exists(box_.record("group")));
    QVERIFY(QFileInfo::exists(box_.record("group/inner")));
  }

  void runsInsideARunAreListedAndStayWhenItIsDeleted() {
    // As other programs, or a move by hand, may leave them.
    make_run(box_.runs(), {.name = "outer", .steps = 10});
    make_run(box_.runs() / "outer", {.name = "kept", .steps = 10});
    QDir().mkpath(box_.path("runs/outer/checkpoint-00000010"));
    write_file(box_.path("runs/outer/checkpoint-00000010/run.h5"), "a checkpoint's");
    box_.openRuns();
    QTRY_VERIFY(box_.is("outer", ShownState::done) && box_.is("outer/kept", ShownState::done));
    QVERIFY(!box_.run("outer/checkpoint-00000010"));
    // Its name is part of the other one's path.
    window().dock()->edits()->rename(box_.run("outer"), "other");
    QVERIFY2(said().contains("Not renamed") && said().contains("kept"), qPrintable(said()));
    QVERIFY(QFileInfo::exists(box_.record("outer")));
    window().dock()->edits()->askTrash({box_.run("outer")});
    const QString question = box_.answer("ask-trash", QMessageBox::AcceptRole);
    QVERIFY2(question.contains("outer/kept") && question.contains("stay"), qPrintable(question));
    QTRY_VERIFY(!box_.run("outer") && box_.is("outer/kept", ShownState::done));
    QVERIFY(!QFileInfo::exists(box_.path("runs/outer/checkpoint-00000010")));
    QVERIFY(QFileInfo::exists(box_.record("outer/kept")));
    window().undoStack()->undo();
    QTRY_VERIFY(box_.is("outer", ShownState::done));
    QVERIFY(QFileInfo::exists(box_.path("runs/outer/checkpoint-00000010/run.h5")));
    // Both at once go with the folder, and come back.
    window().dock()->edits()->askTrash({box_.run("outer"), box_.run("outer/kept")});
    QVERIFY(!box_.answer("ask-trash", QMessageBox::AcceptRole).contains("stay"));
    QVERIFY(!QFileInfo::exists(box_.path("runs/outer")));
    window().undoStack()->undo();
    QTRY_VERIFY(box_.is("outer", ShownState::done) && box_.is("outer/kept", ShownState::done));
  }

  void theFirstWindowListsTheDemosFolder() {
    QSettings().clear();
    const QString home = box_.path("data/bandscope/runs");
    QCOMPARE(runs_home(), home);
    // Where nothing lies yet it says where it looks, and the dialog opens at the nearest folder that there is.
    box_.open();
    QCOMPARE(window().library()->folders(), QStringList{home});
    window().newExperiment();
    QCOMPARE(window().launch()->runsFolder(), home);
    box_.window.reset();
    const std::filesystem::path demo = box_.path("data/bandscope/runs/demo").toStdString();
    make_run(demo, {.name = "demo", .steps = 10});
    make_run(demo, {.name = "demo-rc", .calibrated = true, .steps = 10});
    QSettings().clear();
    box_.open();
    const QString record = home + "/demo/demo/run.h5";
    QTRY_VERIFY(window().model()->find(record).isValid());
    for (auto* action : window().actions()) {
      if (action->text().contains("folder of runs")) action->trigger();
    }
    auto* dialog = window().findChild<QFileDialog*>();
    QVERIFY(dialog);
    QCOMPARE(dialog->directory().absolutePath(), home);
    dialog->reject();
    // As the demo's last line opens it: the pair, in the folder that is listed already.
    box_.window.reset();
    box_.open({record, home + "/demo/demo-rc/run.h5"});
    QTRY_COMPARE(window().page()->records(), (QStringList{record, home + "/demo/demo-rc/run.h5"}));
    window().open({home + "/demo"});
    QCOMPARE(window().library()->folders(), QStringList{home});
    // Who has said that no folder is to be listed is not told otherwise.
    window().library()->setFolders({});
    window().close();
    box_.open();
    QVERIFY(window().library()->folders().isEmpty());
    QSettings().clear();
  }

  void theDemoNamesItsPairAndTheSameFolder() {
    QFile demo(QStringLiteral(BANDSCOPE_SOURCE "/packaging/demo"));
    QVERIFY(demo.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(demo.readAll());
    QVERIFY(text.contains("runs=\"${XDG_DATA_HOME:-$HOME/.local/share}/bandscope/runs/demo\""));
    QVERIFY(text.contains("Look     $bandscope $runs/demo/run.h5 $runs/demo-rc/run.h5"));
  }

  void logsOfOtherTrainersAreImportedWhereTheyAreOpenedOrDropped() {
    box_.openRuns();
    QDir().mkpath(box_.path("trl-dpo/checkpoint-2"));
    const QString state = box_.path("trl-dpo/checkpoint-2/trainer_state.json");
    write_file(state, R"({"log_history": [{"step": 1, "loss": 0.69, "logps/chosen": -20.0, "logps/rejected": -21.0},)"
                      R"( {"step": 2, "loss": 0.68, "logps/chosen": -19.5, "logps/rejected": -21.5}]})");
    window().open({state});
    const QString record = box_.path("runs/trl-dpo/run.h5");
    QTRY_VERIFY2(window().model()->entry(window().model()->find(record)), qPrintable(said()));
    QTRY_COMPARE(window().page()->records().value(0), record);
    QVERIFY2(said().contains("2 steps"), qPrintable(said()));
    // Dropped, and under a name of its own; preference data is still data.
    const QString chain = box_.path("trl-dpo/margin_chain.jsonl");
    write_file(chain, "{\"step\": 1, \"loss\": 0.69}\n{\"step\": 2, \"loss\": 0.68}\n");
    const auto drop = [&](const QString& file) {
      QMimeData data;
      data.setUrls({QUrl::fromLocalFile(file)});
      QDropEvent event(QPointF(600, 400), Qt::CopyAction, &data, Qt::LeftButton, {});
      static_cast<QObject&>(window()).event(&event);
    };
    drop(chain);
    const QString second = box_.path("runs/trl-dpo-2/run.h5");
    QTRY_COMPARE(window().page()->records().value(0), second);
    const QString pairs = box_.path("pairs.jsonl");
    write_file(pairs, hh_rows(4));
    drop(pairs);
    QCOMPARE(window().stack()->currentWidget(), window().launch());
    // What is none says so, and leaves no folder.
    const QString broken = box_.path("broken/trainer_state.json");
    QDir().mkpath(box_.path("broken"));
    write_file(broken, R"({"log_history": [{"step": )");
    window().open({broken});
    QTRY_VERIFY2(said().contains("is not imported"), qPrintable(said()));
    QVERIFY(!QFileInfo::exists(box_.path("runs/broken")));
  }

  void aTableIsAskedForItsColumns() {
    box_.openRuns();
    const QString table = box_.path("own-names.csv");
    write_file(table, "iteration,a,b\n1,-20,-21\n2,-19,-22\n");
    window().open({table});
    const auto dialog = [&] { return window().findChild<ColumnsDialog*>(); };
    QTRY_VERIFY2(dialog() && dialog()->isVisible(), qPrintable(said()));
    const auto choose = [&](const char* key, const char* column) {
      auto* choice = dialog()->findChild<QComboBox*>(QStringLiteral("column-") + QLatin1String(key));
      choice->setCurrentIndex(choice->findText(QLatin1String(column)));
    };
    auto* problem = dialog()->findChild<QLabel*>("columns-problem");
    const auto import = [&] {
      for (auto* button : dialog()->findChildren<QPushButton*>())
        if (button->text().contains("Import")) return button;
      return static_cast<QPushButton*>(nullptr);
    };
    QVERIFY(import() && !import()->isEnabled());
    choose("z_w", "a");
    QVERIFY2(problem->text().contains("steps"), qPrintable(problem->text()));
    choose("step", "iteration");
    choose("z_l", "a");
    QVERIFY2(problem->text().contains("a is chosen twice"), qPrintable(problem->text()));
    choose("z_l", "b");
    QVERIFY(problem->text().isEmpty() && import()->isEnabled());
    import()->click();
    const QString record = box_.path("runs/own-names/run.h5");
    QTRY_COMPARE(window().page()->records().value(0), record);
    QTRY_VERIFY2(said().contains("2 steps"), qPrintable(said()));
    QCOMPARE(RecordReader::open(record.toStdString()).column(Column::margin), (std::vector<double>{1, 3}));
    QTRY_VERIFY(!dialog());
    // What was chosen stays where more is to be.
    const QString twice = box_.path("twice.csv");
    write_file(twice, "iteration,loss,loss,a\n1,0.5,0.25,-20\n");
    window().open({twice});
    QTRY_VERIFY(dialog() && dialog()->isVisible());
    choose("step", "iteration");
    choose("z_w", "a");
    import()->click();
    QTRY_VERIFY(dialog() && dialog()->isVisible() && dialog()->columns().size() == 2);
    QCOMPARE(dialog()->columns(), (LogImport::Columns{{"step", "iteration"}, {"z_w", "a"}}));
    dialog()->reject();
    QTRY_VERIFY(!dialog());
    // Nothing is left of one that is not told.
    const QString other = box_.path("other-names.csv");
    write_file(other, "iteration,a\n1,-20\n");
    window().open({other});
    QTRY_VERIFY(dialog() && dialog()->isVisible());
    dialog()->reject();
    QTRY_VERIFY(!dialog());
    QVERIFY(!QFileInfo::exists(box_.path("runs/other-names")));
  }

  void theFilterIsClearedWithEscapeAndGroupsCountWhatMatches() {
    make_run(box_.runs(), {.name = "filtered-kto", .objective = "kto", .steps = 4});
    make_run(box_.runs(), {.name = "filtered-ipo", .objective = "ipo", .steps = 4});
    box_.openRuns();
    window().activateWindow();
    QTRY_VERIFY(box_.is("filtered-kto", ShownState::done) && box_.is("filtered-ipo", ShownState::done));
    auto* dock = window().dock();
    const auto group = [&] { return dock->view()->model()->index(0, 0).data().toString(); };
    const auto all = [&] { return window().model()->rowCount(window().model()->index(0, 0)); };
    dock->filterField()->setFocus();
    dock->filterField()->setText("objective=kto");
    QTRY_COMPARE(group(), QStringLiteral("runs (1 of %1)").arg(all()));
    QTest::keyClick(dock->filterField(), Qt::Key_Escape);
    QCOMPARE(dock->filterField()->text(), QString());
    QTRY_COMPARE(group(), QStringLiteral("runs (%1)").arg(all()));
    dock->filterField()->setText("kto");
    dock->view()->setFocus();
    QTest::keyClick(dock->view(), Qt::Key_Escape);
    QCOMPARE(dock->filterField()->text(), QString());
  }

  void inANarrowDockNamesAndStatesAreSeenWithoutScrolling() {
    box_.openRuns();
    QTRY_VERIFY(box_.is("filtered-kto", ShownState::done));
    auto* tree = window().dock()->view();
    window().resize(800, 600);
    QTRY_VERIFY(tree->viewport()->width() < 280);
    QTRY_COMPARE(tree->horizontalScrollBar()->maximum(), 0);
    const int name = tree->columnWidth(RunModel::Name), progress = tree->columnWidth(RunModel::Progress);
    QVERIFY2(name >= 120 && progress >= 60,
             qPrintable(QStringLiteral("%1 %2 of %3").arg(name).arg(progress).arg(tree->width())));
    // What was given up comes back with the room.
    window().resize(1280, 800);
    window().resizeDocks({window().dock()}, {420}, Qt::Horizontal);
    QTRY_COMPARE(tree->columnWidth(RunModel::Progress), 136);
  }

  void namesStayInSightWhileTheTableScrollsSideways() {
    box_.openRuns();
    QTRY_VERIFY(box_.is("filtered-kto", ShownState::done) && box_.is("filtered-ipo", ShownState::done));
    auto* dock = window().dock();
    auto* tree = dock->view();
    auto* still = tree->findChild<QTreeView*>("still-column");
    QVERIFY(still && !still->isVisible());
    for (int column = RunModel::Objective; column < RunModel::column_total; ++column)
      dock->columns()->setShown(column, true);
    QTRY_VERIFY(tree->horizontalScrollBar()->maximum() > 0);
    tree->horizontalScrollBar()->setValue(tree->horizontalScrollBar()->maximum());
    QTRY_VERIFY(still->isVisible());
    QCoreApplication::processEvents();  // as between a user's scroll and click
    const int scrolled = tree->horizontalScrollBar()->value();
    const auto at = tree->model()->index(1, 0, tree->model()->index(0, 0));
    QVERIFY(at.isValid() && tree->visualRect(at).right() < 0);
    const QRect seen = still->visualRect(at);
    QTRY_COMPARE(still->visualRect(at).y(), tree->visualRect(at.siblingAtColumn(RunModel::Note)).y());
    QVERIFY(seen.width() > 40);
    QCOMPARE(still->viewport()->mapTo(tree, QPoint()).y(), tree->viewport()->pos().y());
    // It is a way to choose, open and close like the tree's own.
    QTest::mouseClick(still->viewport(), Qt::LeftButton, {}, seen.center());
    QCOMPARE(dock->selectedRecords(),
             QStringList{window()
                             .model()
                             ->entry(static_cast<const QSortFilterProxyModel*>(tree->model())->mapToSource(at))
                             ->found.record});
    QCOMPARE(tree->horizontalScrollBar()->value(), scrolled);
    const auto group = tree->model()->index(0, 0);
    still->collapse(group);
    QVERIFY(!tree->isExpanded(group));
    tree->expand(group);
    QTRY_VERIFY(still->isExpanded(group));
    tree->horizontalScrollBar()->setValue(0);
    QTRY_VERIFY(!still->isVisible());
  }
};

QTEST_MAIN(TestLibraryWindow)
#include "test_library_window.moc"
