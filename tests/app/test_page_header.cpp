// SPDX-License-Identifier: GPL-3.0-or-later
// The head of a page with many runs: whose the controls are, who waits, and how many there is room for.
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>

#include "app/base/elided_line.h"
#include "app/library/run_cells.h"
#include "app/page/page_header.h"
#include "app/page/problem_bar.h"
#include "app/page/run_chips.h"
#include "app/page/run_page.h"
#include "tests/app/run_entries.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestPageHeader : public QObject {
  Q_OBJECT

  static std::vector<RunEntryPtr> many(int count) {
    std::vector<RunEntryPtr> runs;
    for (int i = 0; i < count; ++i)
      runs.push_back(entry("/runs", QStringLiteral("pythia-410m-objective-%1").arg(i), "dpo"));
    return runs;
  }
  static RunEntryPtr training(const QString& name) {
    auto run = std::make_shared<RunEntry>(*entry("/runs", name, "dpo"));
    run->state = ShownState::running;
    run->socket = "/tmp/socket";
    return run;
  }
  static int widthOf(const QLabel& label) {
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(label.font());
    document.setHtml(label.text());
    return int(document.idealWidth());
  }

 private Q_SLOTS:
  void asManyRunsAsThereIsRoomFor() {
    PageHeader header;
    header.resize(960, 60);
    header.show();
    auto* chips = header.findChild<RunChips*>();
    auto runs = many(10);
    header.setRuns(runs, nullptr, false, false);
    QTRY_VERIFY(chips->text().contains("more"));
    QVERIFY(widthOf(*chips) <= chips->width());
    QVERIFY(chips->toolTip().contains("objective-9"));
    const auto shown = chips->text().count("objective-");
    // The controls of a run take room, and what was shown is shown in less.
    runs[0] = training("live");
    header.setRuns(runs, runs[0], true, false);
    QTRY_VERIFY(chips->text().count("objective-") < shown);
    QVERIFY2(widthOf(*chips) <= chips->width(), qPrintable(chips->text()));
    header.resize(5000, 60);
    QTRY_COMPARE(chips->text().count("objective-"), 9);
    QVERIFY(!chips->text().contains("more") && chips->toolTip().isEmpty());
  }

  /// What another trainer writes is watched; it takes no orders.
  void ordersAreOfferedToRunsThatTakeThem() {
    PageHeader header;
    header.resize(1280, 60);
    header.show();
    auto* chips = header.findChild<RunChips*>();
    const auto stops = [&] {
      for (auto* button : header.findChildren<QToolButton*>())
        if (button->isVisible() && button->toolTip().startsWith("Stop")) return true;
      return false;
    };
    const auto own = training("own");
    const auto other = std::make_shared<RunEntry>(*own);
    other->socket.clear();
    const auto preparing = std::make_shared<RunEntry>(*other);
    preparing->state = ShownState::preparing;
    header.setRuns({own}, own, true, false);
    QVERIFY(stops());
    QTRY_VERIFY(chips->text().contains("w/o RC") && !chips->text().contains("on now"));
    header.setRuns({other}, other, false, false);
    QVERIFY(!stops());
    header.setRuns({preparing}, preparing, false, false);
    QVERIFY(stops());
    // Switched on while it goes on.
    header.setRuns({own}, own, true, true);
    QTRY_VERIFY2(chips->text().contains("w/o RC, which is on now"), qPrintable(chips->text()));
  }

  void itIsSaidWhoseTheControlsAre() {
    PageHeader header;
    header.resize(1280, 60);
    header.show();
    auto* name = header.findChild<QLabel*>("controlled-run");
    const auto one = training("first"), other = training("second");
    header.setRuns({one}, one, true, false);
    QVERIFY(!name->isVisible());  // there is no other
    header.setRuns({one, other}, other, true, false);
    QVERIFY(name->isVisible());
    QCOMPARE(name->text(), QStringLiteral("second"));
    QVERIFY(name->toolTip().contains("second"));
    header.setRuns(many(2), nullptr, false, false);
    QVERIFY(!name->isVisible());
  }

  void runsThatWaitAreCounted() {
    PageHeader header;
    header.resize(1280, 60);
    header.show();
    const auto* title = header.findChild<ElidedLine*>();
    header.setRuns(many(8), nullptr, false, false);
    QVERIFY2(title->whole().startsWith("8 runs") && !title->whole().contains("queue"), qPrintable(title->whole()));
    header.setWaiting(2);
    QVERIFY2(title->whole().contains("2 more in the queue"), qPrintable(title->whole()));
    // A title that is cut is copied whole.
    header.resize(300, 60);
    QTRY_VERIFY(title->text() != title->whole());
    QCOMPARE(title->contextMenuPolicy(), Qt::ActionsContextMenu);
    title->actions().front()->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), title->whole());
  }

  void aBarBelowTheChartsSaysWhatCanBeHelped() {
    RunPage page;
    page.resize(1000, 700);
    page.show();
    auto run = std::make_shared<RunEntry>(*training("alarmed"));
    run->alerts = 3;
    run->last_alert = Message::plain("the loss is not finite");
    const int tabs = page.tabs()->tabBar()->mapTo(&page, QPoint()).y();
    page.setSelection({run}, {run});
    QTRY_VERIFY2(page.problems()->text().contains("alarmed"), qPrintable(page.problems()->text()));
    QTRY_VERIFY(page.problems()->geometry().top() >= page.tabs()->geometry().bottom());
    QCOMPARE(page.tabs()->tabBar()->mapTo(&page, QPoint()).y(), tabs);  // nothing is pushed from under the mouse
    // Alerts of a run that has ended are history.
    auto ended = std::make_shared<RunEntry>(*run);
    ended->state = ShownState::done;
    page.setSelection({ended}, {ended});
    QTRY_VERIFY2(page.problems()->text().isEmpty(), qPrintable(page.problems()->text()));
  }

  void aStoppedRunSaysHowFarItGot() {
    auto run = std::make_shared<RunEntry>(*entry("/runs", "stopped", "dpo"));
    run->state = ShownState::stopped;
    run->steps = 90;
    run->planned = 240;
    run->reason = Message::tr("stopped before step %1 of %2", 91, 240);
    QCOMPARE(progress_text(*run), QStringLiteral("38 % stopped"));
    QVERIFY(run_cell(*run, RunModel::Progress, Qt::ToolTipRole).toString().contains("before step 91"));
  }

  void pairsStandTogether() {
    std::vector<RunEntryPtr> runs;
    for (const auto& [name, key, calibrated] : {std::tuple("simpo-rc", "s", true),
                                                {"kto", "", false},
                                                {"dpo", "d", false},
                                                {"simpo", "s", false},
                                                {"dpo-rc", "d", true}}) {
      auto run = std::make_shared<RunEntry>(*entry("/runs", name, "x"));
      run->pair_key = key;
      run->calibrated = calibrated;
      runs.push_back(run);
    }
    QStringList names;
    for (const auto& run : in_pairs(runs)) names << run->found.name;
    QCOMPARE(names, (QStringList{"simpo", "simpo-rc", "kto", "dpo", "dpo-rc"}));
  }
};

QTEST_MAIN(TestPageHeader)
#include "test_page_header.moc"
