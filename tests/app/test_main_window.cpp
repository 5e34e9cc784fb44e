// SPDX-License-Identifier: GPL-3.0-or-later
// A walk through the real window, offscreen: open, follow, launch, compare, close.
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QTreeView>

#include "app/figure/figure_dialog.h"
#include "app/launch/launch_page.h"
#include "app/launch/recipes.h"
#include "app/launch/spec_form.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/pair_model.h"
#include "app/page/pairs_tab.h"
#include "app/page/problem_bar.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/page/transport.h"
#include "app/shell/main_window.h"
#include "core/objective/objective.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestMainWindow : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString path(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }
  viz::RunDataPtr shown(int index) const {
    const auto all = window_->page()->loader()->runs();
    return index < int(all.size()) ? all[std::size_t(index)] : nullptr;
  }
  void openFresh(const QStringList& paths) {
    window_ = std::make_unique<MainWindow>();
    window_->library()->setInterval(200);
    window_->resize(1280, 800);
    window_->open(paths);
    window_->show();
  }

 private Q_SLOTS:
  void initTestCase() {
    // Queue and trash of this test are its own.
    qputenv("XDG_DATA_HOME", folder_.filePath("data").toUtf8());
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_run(runs(), {.name = "dpo", .steps = 120, .layers = true, .alert = true});
    make_run(runs(), {.name = "dpo-rc", .calibrated = true, .steps = 120});
    make_run(runs(), {.name = "kto", .objective = "kto", .steps = 30, .state = RunState::failed});
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
  }
  void cleanup() { window_.reset(); }

  void aRunIsShownWithItsTwin() {
    openFresh({QString::fromStdString(runs().string()), path("dpo-rc")});
    auto* page = window_->page();
    QTRY_COMPARE(window_->stack()->currentWidget(), page);
    QTRY_COMPARE(page->records(), (QStringList{path("dpo"), path("dpo-rc")}));
    QTRY_VERIFY(shown(0) && shown(1) && shown(0)->last_step() == 120);
    page->setCursor(60);
    QVERIFY2(page->strip()->lineText(1).contains("60") && page->strip()->lineText(1).contains("(+"),
             qPrintable(page->strip()->lineText(1)));
    QCOMPARE(page->charts()->view()->cursor().value_or(-1), 60.0);
    QCOMPARE(page->transport()->step(), 60.0);
    QTest::keyClick(page->charts()->view(), Qt::Key_Escape);
  }

  void everyTabIsWalkedAndEmptyChartSpaceClicked() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    auto* page = window_->page();
    QTRY_VERIFY(shown(0));
    for (int tab = 0; tab < page->tabs()->count(); ++tab) {
      page->setTab(RunPage::Tab(tab));
      QTest::qWait(80);
      if (auto* charts = page->charts()) {
        // QTBUG-118669: a click where no item is crashed the stock view.
        for (auto* child : charts->view()->findChildren<QWidget*>()) {
          if (child->isVisible()) QTest::mouseClick(child, Qt::LeftButton, {}, QPoint(2, 2));
        }
        QTest::mouseClick(charts->view(), Qt::LeftButton, {}, QPoint(2, 2));
      }
    }
    page->setTab(RunPage::Pairs);
    QTRY_COMPARE(page->findChild<PairsTab*>()->model()->rowCount(), 8);
    window_->resize(800, 600);
    QTest::qWait(50);
    QCOMPARE(window_->size(), QSize(800, 600));
  }

  /// Where the keyboard is at first, a field would take it as "to the end of the line".
  void figuresAreExportedByTheirKeyFromTheFilterToo() {
    openFresh({path("dpo")});
    QTRY_VERIFY(shown(0));
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    auto* filter = window_->dock()->filterField();
    filter->setFocus();
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, "dp");
    filter->setCursorPosition(0);
    QTest::keyClick(filter, Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(window_->findChild<FigureDialog*>());
    QCOMPARE(filter->cursorPosition(), 0);
    window_->findChild<FigureDialog*>()->reject();
  }

  void comparisonHasADifferenceColumn() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    auto* page = window_->page();
    QTRY_VERIFY(shown(1));
    page->setTab(RunPage::Compare);
    auto* compare = page->findChild<CompareTab*>();
    QTRY_VERIFY(compare->table()->rowCount() > 8);
    QCOMPARE(compare->table()->columnCount(), 4);
    QCOMPARE(compare->table()->item(0, 1)->text(), QStringLiteral("120"));
  }

  void aLiveRecordIsFollowed() {
    const MadeRun live{.name = "live", .objective = "ipo", .steps = 60};
    auto writer = begin_run(runs(), live);
    for (int step = 1; step <= 10; ++step) append_step(writer, live, step);
    openFresh({path("live")});
    QTRY_VERIFY(shown(0) && shown(0)->last_step() == 10);
    QTRY_VERIFY(window_->page()->controls()->run());
    for (int step = 11; step <= 30; ++step) append_step(writer, live, step);
    QTRY_COMPARE_WITH_TIMEOUT(shown(0)->last_step(), 30.0, 60000);
    writer.set_status(RunState::done);
    writer.close();
    QTRY_COMPARE_WITH_TIMEOUT(window_->model()->entry(window_->model()->find(path("live")))->state, ShownState::done,
                              8000);
  }

  void aPairIsFollowedWhileOneOfItsRunsGoesOn() {
    MadeRun live{.name = "followed-rc", .objective = "slic-hf", .calibrated = true, .steps = 60};
    make_run(runs(), {.name = "followed", .objective = "slic-hf", .steps = 60});
    auto writer = begin_run(runs(), live);
    append_step(writer, live, 1);
    openFresh({QString::fromStdString(runs().string()),
               path("followed")});  // the finished run is read first, its partner beside it
    QTRY_VERIFY(shown(1) && shown(1)->last_step() == 1);
    QTRY_VERIFY(window_->page()->transport()->follows());
    writer.set_status(RunState::done);
    writer.close();
  }

  void aFailedRunSaysWhyInTheBar() {
    openFresh({path("kto")});
    QTRY_VERIFY(window_->page()->problems()->text().contains("out of memory"));
  }

  void anExperimentIsLaunchedAndWatchedToItsEnd() {
    openFresh({});
    window_->newExperiment();
    auto* launch = window_->launch();
    launch->setRunsFolder(folder_.filePath("launched"));
    launch->setText("[model]\npath = \"m\"\n[data]\ntrain = \"x\"\n[objective]\nname = \"dqo\"\n");
    QVERIFY(launch->problem().contains("dpo"));
    QVERIFY(!launch->startButton()->isEnabled());
    make_model(folder_.filePath("model"));
    write_file(folder_.filePath("pairs.jsonl"), hh_rows(2));
    launch->setText(
        "[run]\nname = \"tiny\"\n[objective]\nname = \"dpo\"\n[training]\nsteps = 30\nbatch_size = "
        "2\n[sweep]\n\"calibration.enabled\" = [false, true]\n");
    launch->setModel(folder_.filePath("model"));
    launch->setData(folder_.filePath("pairs.jsonl"));
    QTRY_VERIFY2(launch->startButton()->isEnabled(), qPrintable(launch->problem()));
    launch->startButton()->click();
    const QString first = folder_.filePath("launched/tiny/run.h5");
    QTRY_VERIFY_WITH_TIMEOUT(window_->page()->records().contains(first), 60000);
    const auto state = [&](const QString& record) {
      const auto entry = window_->model()->entry(window_->model()->find(record));
      return entry && entry->read ? entry->state : ShownState::waiting;
    };
    QTRY_COMPARE_WITH_TIMEOUT(state(first), ShownState::done, 60000);
    QTRY_COMPARE_WITH_TIMEOUT(state(folder_.filePath("launched/tiny-rc/run.h5")), ShownState::done, 60000);
    // The pair is offered by itself.
    QTRY_COMPARE_WITH_TIMEOUT(window_->page()->shown().size(), std::size_t(2), 60000);
  }

  void aRunOutlivesTheWindowAndIsStoppedWhenFoundAgain() {
    openFresh({});
    QFile spec(folder_.filePath("long.toml"));
    QVERIFY(spec.open(QIODevice::WriteOnly));
    spec.write(("[run]\nname = \"long\"\n[model]\npath = \"" + folder_.filePath("model") + "\"\n[data]\ntrain = \"" +
                folder_.filePath("pairs.jsonl") + "\"\n[training]\nsteps = 4000\n")
                   .toUtf8());
    spec.close();
    window_->startRun(spec.fileName(), folder_.filePath("launched"));
    const QString record = folder_.filePath("launched/long/run.h5");
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(record), 60000);
    window_->close();
    window_.reset();
    openFresh({record});
    QTRY_VERIFY_WITH_TIMEOUT(window_->page()->controls()->run(), 60000);
    window_->page()->controls()->askStop();
    auto* box = window_->findChild<QMessageBox*>("ask-stop");
    QVERIFY(box);
    for (auto* button : box->buttons()) {
      if (box->buttonRole(button) == QMessageBox::AcceptRole) button->click();
    }
    QTRY_VERIFY_WITH_TIMEOUT(window_->model()->entry(window_->model()->find(record))->state == ShownState::stopped,
                             10000);
  }

  void filterHidesRunsAndLanguageSwitches() {
    openFresh({QString::fromStdString(runs().string())});
    QTRY_VERIFY(window_->model()->runs() >= 3);
    QTest::qWait(400);
    window_->dock()->filterField()->setText("objective=kto");
    auto* view = window_->dock()->view();
    QTRY_COMPARE(view->model()->rowCount(view->model()->index(0, 0)), 1);
    window_->setLanguage("zh_CN");
    QTRY_COMPARE(window_->dock()->windowTitle(), QStringLiteral("运行"));
    window_->setLanguage("en");
    QTRY_COMPARE(window_->dock()->windowTitle(), QStringLiteral("Runs"));
  }

  void everyHelpLineOfTheSchemaIsTranslated() {
    QTranslator chinese;
    QVERIFY(chinese.load("bandscope_zh_CN", ":/i18n"));
    const auto known = [&](const std::string& help) {
      return help.empty() || !chinese.translate("SpecHelp", help.c_str()).isEmpty();
    };
    for (const auto& key : spec_keys()) QVERIFY2(known(key.help), key.help.c_str());
    for (const auto& objective : objectives()) {
      for (const auto& parameter : objective.parameters) QVERIFY2(known(parameter.help), parameter.help.c_str());
    }
  }

  void everyRecipeIsTranslated() {
    QTranslator chinese;
    QVERIFY(chinese.load("bandscope_zh_CN", ":/i18n"));
    const auto known = [&](const QString& words) {
      return !chinese.translate("RecipeText", words.toUtf8().constData()).isEmpty();
    };
    for (const auto& recipe : recipes()) {
      if (recipe.own) continue;
      QVERIFY2(known(recipe.title) && known(recipe.about), qPrintable(recipe.title));
    }
  }

  void theSessionComesBack() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shown(0));
    window_->page()->setTab(RunPage::Scores);
    window_->close();
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    QCOMPARE(window_->page()->tab(), RunPage::Scores);
    QTRY_COMPARE(window_->page()->records().value(0), path("dpo"));
  }

  void closingWhileLoadingIsHarmless() {
    for (int i = 0; i < 5; ++i) {
      openFresh({QString::fromStdString(runs().string()), path("dpo")});
      QTest::qWait(i * 15);
      window_->close();
      window_.reset();
    }
  }
};

QTEST_MAIN(TestMainWindow)
#include "test_main_window.moc"
