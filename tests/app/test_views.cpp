// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader changes about the view: undone and redone, kept over a killed window, saved as layouts, shown on the
// whole screen.
#include <QComboBox>
#include <QDockWidget>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QUndoStack>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/launch/launch_page.h"
#include "app/library/run_cells.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/layers_tab.h"
#include "app/page/pairs_tab.h"
#include "app/page/problem_bar.h"
#include "app/page/run_choice.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/autosave.h"
#include "app/shell/full_screen.h"
#include "app/shell/layouts.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"
#include "tests/viz/synthetic.h"
#include "viz/figure/x_axis.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestViews : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString path(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }
  RunPage* page() const { return window_->page(); }
  viz::DynamicsView* view() const { return page()->chartTabs().front()->view(); }
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
    QCoreApplication::setOrganizationName("bandscope-test-views");
    QCoreApplication::setApplicationName("bandscope-test-views");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_run(runs(), {.name = "dpo", .steps = 120});
    make_run(runs(), {.name = "dpo-rc", .calibrated = true, .steps = 120});
    make_run(runs(), {.name = "kto", .objective = "kto", .steps = 60});
  }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void zoom_and_panels_are_undone_and_redone() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    auto* stack = window_->undoStack();
    QTest::qWait(600);
    QCOMPARE(stack->count(), 0);
    page()->zoom()->set_x("step", viz::Range{20, 60});
    page()->zoom()->set_x("step", viz::Range{30, 50});  // notches of one wheel
    QTRY_COMPARE(stack->count(), 1);
    view()->setSmoothing({viz::Smoothing::Kind::ema, 0.9});
    QCOMPARE(stack->count(), 2);
    view()->setParts({"margin"});
    view()->setLogX(true);
    QCOMPARE(stack->count(), 4);
    page()->setTab(RunPage::Scores);
    stack->undo();
    QCOMPARE(page()->tab(), RunPage::Dynamics);  // one sees what is undone
    QVERIFY(!view()->settings().log_x);
    stack->undo();
    QVERIFY(view()->settings().parts.empty());
    stack->undo();
    QVERIFY(!view()->smoothing().active());
    stack->undo();
    QVERIFY(!page()->zoom()->x().has_value());
    stack->redo();
    QCOMPARE(*page()->zoom()->x(), (viz::Range{30, 50}));
    stack->redo();
    QCOMPARE(view()->smoothing().amount, 0.9);
    QTest::qWait(600);
    QCOMPARE(stack->count(), 4);  // undoing is no change of its own
  }

  void what_the_charts_run_over_is_chosen_kept_and_undone() {
    openFresh({path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}) || shows({path("dpo")}));
    auto* axis = page()->chartTabs().front()->xAxis();
    const int tokens = int(viz::XAxis::tokens);
    QTRY_VERIFY(axis->model()->flags(axis->model()->index(tokens, 0)) & Qt::ItemIsEnabled);
    axis->setCurrentIndex(tokens);
    Q_EMIT axis->activated(tokens);
    QTRY_VERIFY(view()->shownRanges().x.contains("tokens"));
    QCOMPARE(view()->shownRanges().x.at("tokens").greatest, 120 * 2100.0);
    const QJsonObject layout = page()->saveLayout();
    window_->undoStack()->undo();
    QVERIFY(view()->settings().x_axis == viz::XAxis::step && axis->currentIndex() == 0);
    QVERIFY(view()->shownRanges().x.contains("step"));
    page()->restoreLayout(layout);
    QVERIFY(view()->settings().x_axis == viz::XAxis::tokens && axis->currentIndex() == tokens);
  }

  // An axis that a run has no column for says which run and which column, and the charts stay over steps.
  void an_axis_that_a_run_lacks_says_so() {
    ChartTab tab(viz::FigureTab::dynamics, nullptr);
    tab.resize(900, 600);
    const auto whole = viz::testing::synthetic_run({.steps = 20, .name = "whole"});
    auto lacking = std::make_shared<viz::RunData>(*viz::testing::synthetic_run({.steps = 20, .name = "imported"}));
    lacking->set(Column::tokens, viz::Samples(std::vector<double>(20, std::nan(""))));
    const int tokens = int(viz::XAxis::tokens), time = int(viz::XAxis::time);
    const auto flags = [&](int row) { return tab.xAxis()->model()->flags(tab.xAxis()->model()->index(row, 0)); };
    tab.setRuns({whole, lacking}, {});
    QVERIFY(!(flags(tokens) & Qt::ItemIsEnabled) && (flags(time) & Qt::ItemIsEnabled));
    const QString why = tab.xAxis()->itemData(tokens, Qt::ToolTipRole).toString();
    QVERIFY2(why.contains("imported") && why.contains("tokens") && !why.contains("whole"), qPrintable(why));
    tab.view()->setXAxis(viz::XAxis::tokens);
    QVERIFY(tab.view()->shownRanges().x.contains("step"));
    tab.setRuns({whole}, {});
    QVERIFY(flags(tokens) & Qt::ItemIsEnabled);
    QVERIFY(tab.view()->shownRanges().x.contains("tokens"));
  }

  void all_records_that_are_named_are_shown() {
    openFresh({path("kto"), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("kto")}));
    // Pairs stand together, the run without calibration first, wherever the list has them.
    openFresh({path("kto"), path("dpo-rc"), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc"), path("kto")}));
  }

  void another_run_s_zoom_is_not_undone_here() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    page()->zoom()->set_x("step", viz::Range{20, 60});
    QTRY_COMPARE(window_->undoStack()->count(), 1);
    window_->open({path("kto")});
    QTRY_VERIFY(shows({path("kto")}));
    page()->zoom()->set_x("step", viz::Range{5, 10}, false);
    window_->undoStack()->undo();
    QCOMPARE(*page()->zoom()->x(), (viz::Range{5, 10}));
  }

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

  void a_problem_can_be_read_after_the_look_is_switched() {
    make_run(runs(), {.name = "broken", .objective = "rrhf", .steps = 30, .state = RunState::failed});
    openFresh({path("broken")});
    QTRY_VERIFY(!page()->problems()->text().isEmpty());
    for (const char* look : {"dark", "light", "dark"}) {
      window_->setColorSchemeName(look);
      QCoreApplication::processEvents();
      for (const auto* label : page()->problems()->findChildren<QLabel*>()) {
        const QPalette palette = label->palette();
        QVERIFY(viz::contrast(palette.color(QPalette::WindowText), palette.color(QPalette::Window)) >= 4.5);
      }
    }
    window_->setColorSchemeName("light");
  }

  void a_spec_s_colours_follow_the_look() {
    window_ = std::make_unique<MainWindow>();
    window_->setColorSchemeName("light");
    window_->show();
    window_->newExperiment();
    auto* text = window_->launch()->findChild<QPlainTextEdit*>();
    QVERIFY(text);
    const QString before = window_->launch()->text();
    for (const char* look : {"dark", "light"}) {
      window_->setColorSchemeName(look);
      QCoreApplication::processEvents();
      int coloured = 0;
      for (auto block = text->document()->begin(); block.isValid(); block = block.next()) {
        for (const auto& range : block.layout()->formats()) {
          if (range.format.foreground().style() == Qt::NoBrush) continue;
          ++coloured;
          QVERIFY(viz::contrast(range.format.foreground().color(), text->palette().color(QPalette::Base)) >= 4.5);
        }
      }
      QVERIFY(coloured > 0);
    }
    QCOMPARE(window_->launch()->text(), before);
  }

  void text_stands_out_from_its_ground_in_both_looks() {
    for (const ColorScheme look : {ColorScheme::light, ColorScheme::dark}) {
      apply_color_scheme(look);
      const QPalette palette = QApplication::palette();
      using enum QPalette::ColorRole;
      const std::pair<QPalette::ColorRole, QPalette::ColorRole> roles[] = {{WindowText, Window},
                                                                           {Text, Base},
                                                                           {Text, AlternateBase},
                                                                           {ButtonText, Button},
                                                                           {Link, Window},
                                                                           {PlaceholderText, Base},
                                                                           {PlaceholderText, Window},
                                                                           {HighlightedText, Highlight},
                                                                           {Link, Base},
                                                                           {BrightText, Window},
                                                                           {ToolTipText, ToolTipBase},
                                                                           {PlaceholderText, AlternateBase}};
      for (const auto& [text, ground] : roles) {
        const double found = viz::contrast(palette.color(text), palette.color(ground));
        QVERIFY2(found >= 4.5,
                 qPrintable(QString("%1 on %2, look %3: %4").arg(text).arg(ground).arg(to_name(look)).arg(found)));
      }
      for (const auto state :
           {ShownState::running, ShownState::done, ShownState::waiting, ShownState::stalled, ShownState::failed}) {
        for (const auto ground : {Base, Window}) {
          QVERIFY(viz::contrast(state_color(state, look == ColorScheme::dark), palette.color(ground)) >= 4.5);
        }
      }
      const viz::Theme theme = chart_theme();
      for (const QColor& text : {theme.text, theme.muted}) {
        QVERIFY(viz::contrast(text, theme.background) >= 4.5 && viz::contrast(text, theme.plot) >= 4.5);
      }
      for (const QColor& hue :
           {theme.both_rise, theme.both_fall, theme.disentangled, theme.without_rc, theme.with_rc}) {
        QVERIFY(viz::contrast(viz::legible(hue, theme.plot), theme.plot) >= 4.5);
      }
    }
    apply_color_scheme(ColorScheme::light);
  }

  void layouts_are_saved_taken_reset_and_forgotten() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    auto* layouts = window_->layouts();
    QVERIFY(layouts->names().isEmpty());
    view()->setParts({"likelihood", "margin"});
    page()->setTab(RunPage::Training);
    layouts->save("Writing / 50 %");
    QCOMPARE(layouts->names(), QStringList{"Writing / 50 %"});
    layouts->reset();
    QVERIFY(view()->settings().parts.empty());
    QCOMPARE(page()->tab(), RunPage::Dynamics);
    layouts->take("Writing / 50 %");
    QCOMPARE(view()->settings().parts.size(), 2u);
    QCOMPARE(page()->tab(), RunPage::Training);
    window_->undoStack()->undo();
    QVERIFY(view()->settings().parts.empty());
    layouts->remove("Writing / 50 %");
    QVERIFY(layouts->names().isEmpty());
    window_->undoStack()->undo();
    QCOMPARE(layouts->names().size(), 1);
  }

  void the_dashboard_takes_the_whole_screen_and_gives_it_back() {
    openFresh({QString::fromStdString(runs().string()), path("dpo")});
    QTRY_VERIFY(shows({path("dpo"), path("dpo-rc")}));
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    view()->setFocus();
    auto* dock = window_->findChild<QDockWidget*>();
    QTest::keyClick(view(), Qt::Key_F);
    QVERIFY(window_->isFullScreen());
    QVERIFY(!window_->menuBar()->isVisible() && !dock->isVisible() && !page()->tabs()->tabBar()->isVisible());
    // The dock is not saved as hidden.
    window_->saveSession();
    QTest::keyClick(view(), Qt::Key_Escape);
    QVERIFY(!window_->isFullScreen());
    QVERIFY(window_->menuBar()->isVisible() && dock->isVisible() && page()->tabs()->tabBar()->isVisible());
  }
};

QTEST_MAIN(TestViews)
#include "test_views.moc"
