// SPDX-License-Identifier: GPL-3.0-or-later
// What a window was, found again: after its end, after kill -9, and where part of it has gone.
#include <QJsonObject>
#include <QLineEdit>
#include <QSignalSpy>
#include <QUndoStack>

#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/compare_tab.h"
#include "app/page/layers_tab.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_choice.h"
#include "app/shell/autosave.h"
#include "tests/app/views_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestKeptViews : public QObject, ViewsBox {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { settle("bandscope-test-kept-views"); }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void a_killed_window_comes_back_as_it_was() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    window_->restoreSession();
    window_->open({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    page()->zoom()->set_x("step", viz::Range{20, 60});
    page()->zoom()->set_y("margin", viz::Range{-1, 1});
    page()->setCursor(40);
    view()->setSettings({.smoothing = {viz::Smoothing::Kind::window, 21}, .log_y = true, .parts = {"margin"}});
    page()->chartTabs()[2]->setChoice({QStringLiteral("slack"), {}});
    page()->setTab(RunPage::Scores);
    window_->launch()->setText(QStringLiteral("[run]\nname = \"half written\"\n"));
    QTest::qWait(Autosave::soon_ms + Autosave::interval_ms + 500);
    QTRY_VERIFY(QSettings().value("launch/text").toString().contains("half written"));
    window_.reset();  // no closeEvent: as after kill -9
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    QCOMPARE(page()->tab(), RunPage::Scores);
    QCOMPARE(page()->charts()->figure(), QStringLiteral("slack"));
    QCOMPARE(*page()->zoom()->x(), (viz::Range{20, 60}));
    QCOMPARE(*page()->zoom()->y("margin"), (viz::Range{-1, 1}));
    QTRY_COMPARE(page()->charts()->view()->cursor().value_or(-1), 40.0);
    QCOMPARE(view()->smoothing().amount, 21.0);
    QVERIFY(view()->settings().log_y);
    QCOMPARE(view()->settings().parts, std::vector<std::string>{"margin"});
    QVERIFY(window_->launch()->text().contains("half written"));
    QCOMPARE(window_->undoStack()->count(), 0);
  }

  void all_selected_runs_and_every_choice_come_back() {
    make_run(runs(), {.name = "simpo", .objective = "simpo", .steps = 60});
    const QStringList three{path("dpo-rc"), path("kto"), path("simpo")};
    openFresh({QString::fromStdString(runs().string())});
    QTRY_COMPARE(window_->dock()->selectAll(three), 3);
    QTRY_VERIFY(shows(three));
    page()->setTab(RunPage::Compare);
    auto* pairs = page()->findChild<PairsTab*>();
    pairs->setTokensShown(true);
    pairs->setSpan(100);
    pairs->setSideBySide(true);  // a wish, while there are three
    pairs->choice()->setCurrentIndex(1);
    page()->findChild<CompareTab*>()->setDifferencesOnly(false);
    page()->findChild<LayersTab*>()->setQuantity(2);
    page()->chartTabs()[1]->setPanelWanted(false);
    window_->close();
    for (int restart = 0; restart < 2; ++restart) {  // what came back is kept again
      window_ = std::make_unique<MainWindow>();
      window_->restoreSession();
      window_->show();
      if (restart == 0) window_->saveSession();  // before the library has found them
      QTRY_VERIFY(shows(three));
      QCOMPARE(window_->dock()->selectedRecords(), three);
      QCOMPARE(page()->tab(), RunPage::Compare);
      pairs = page()->findChild<PairsTab*>();
      QVERIFY(pairs->tokensShown());
      QCOMPARE(pairs->span(), 100);
      QVERIFY(pairs->sideBySide());
      QCOMPARE(pairs->choice()->record(), path("kto"));
      QVERIFY(!page()->findChild<CompareTab*>()->differencesOnly());
      QCOMPARE(page()->findChild<LayersTab*>()->quantity(), 2);
      QVERIFY(!page()->chartTabs()[1]->panelWanted());
      window_->close();
    }
  }

  void what_is_gone_does_not_keep_the_rest_from_coming_back() {
    QSettings().setValue("page/records", QStringList{path("dpo"), path("never-was"), path("kto")});
    QSettings().setValue("library/folders", QStringList{QString::fromStdString(runs().string())});
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    QSignalSpy settled(window_->library(), &RunLibrary::settled);
    QTRY_VERIFY(shows({path("dpo"), path("kto")}));
    // Nor is it looked for once the library has looked everywhere.
    QTRY_VERIFY(!settled.isEmpty());
    window_->saveSession();
    QCOMPARE(QSettings().value("page/records").toStringList(), (QStringList{path("dpo"), path("kto")}));
    QVERIFY(window_->dock()->select(path("dpo-rc")));
    settled.clear();
    window_->library()->rescan();
    QTRY_VERIFY(!settled.isEmpty());
    QCOMPARE(window_->dock()->selectedRecords(), QStringList{path("dpo-rc")});
  }

  void runs_that_the_filter_hid_are_selected_again() {
    openFresh({QString::fromStdString(runs().string()), path("kto")});
    QTRY_VERIFY(shows({path("kto")}));
    window_->dock()->filterField()->setText("objective=dpo");
    QVERIFY(window_->dock()->selectedRecords().isEmpty());
    window_->dock()->filterField()->clear();
    QCOMPARE(window_->dock()->selectedRecords(), QStringList{path("kto")});
  }

  void the_open_tab_is_kept_by_its_name() {
    openFresh({path("kto")});
    QTRY_VERIFY(shows({path("kto")}));
    page()->setTab(RunPage::Answers);
    QJsonObject layout = page()->saveLayout();
    QCOMPARE(layout["tab"].toString(), QStringLiteral("answers"));
    page()->setTab(RunPage::Dynamics);
    page()->restoreLayout(layout);
    QCOMPARE(page()->tab(), RunPage::Answers);
    layout["tab"] = 7;  // a number
    page()->restoreLayout(layout);
    QCOMPARE(page()->tab(), RunPage::Evaluation);
    for (const QJsonValue& strange : {QJsonValue("no such"), QJsonValue(""), QJsonValue(99), QJsonValue(-1)}) {
      layout["tab"] = strange;
      page()->restoreLayout(layout);
      QCOMPARE(page()->tab(), RunPage::Evaluation);
    }
  }

  void a_broken_session_is_no_obstacle() {
    QSettings settings;
    settings.setValue("page/layout", "{ not json");
    settings.setValue("page/view", R"({"records": 7, "x": {"step": [5]}, "cursor": "a"})");
    settings.setValue("window/layout", QByteArray("nonsense"));
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    window_->open({path("kto")});
    QTRY_VERIFY(shows({path("kto")}));
    QVERIFY(!page()->zoom()->x().has_value());
    settings.setValue("page/layout", R"({"tab": 99, "charts": [{"figure": "no such", "parts": ["x"], "smoothing": 1,
                                        "amount": 5}], "splitters": ["AAAA"]})");
    settings.sync();
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    QCOMPARE(page()->chartTabs().front()->figure(), QStringLiteral("dynamics"));
    QVERIFY(view()->settings().parts.empty());
    QVERIFY(!view()->smoothing().active());
  }
};

QTEST_MAIN(TestKeptViews)
#include "test_kept_views.moc"
