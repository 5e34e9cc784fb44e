// SPDX-License-Identifier: GPL-3.0-or-later
// The run library's list: what stays as it is while runs live, columns and their widths, many runs.
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QTreeView>

#include "app/library/run_columns.h"
#include "tests/app/library_box.h"
#include "tests/app/run_entries.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLibraryList : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void selectionScrollAndClosedGroupsSurviveLiveRuns() {
    LibraryBox bench({});
    std::vector<RunEntryPtr> all;
    for (int i = 0; i < 120; ++i) {
      all.push_back(entry(i % 2 ? "/r/a" : "/r/b", QStringLiteral("run-%1").arg(i, 3, 10, QLatin1Char('0')),
                          i % 3 ? "dpo" : "simpo"));
    }
    QTest::qWait(50);
    Q_EMIT bench.library.listed(found(all));
    Q_EMIT bench.library.entriesRead(all);
    bench.dock.setGrouping(Grouping::objective);
    QTest::qWait(30);
    auto* view = bench.dock.view();
    QVERIFY(view->isExpanded(view->model()->index(0, 0)) && view->isExpanded(view->model()->index(1, 0)));
    view->collapse(view->model()->index(1, 0));
    QVERIFY(bench.dock.select("/r/a/run-031/run.h5"));
    view->verticalScrollBar()->setValue(17);
    QSignalSpy selections(&bench.dock, &RunsDock::selectionChanged);
    for (int round = 1; round <= 5; ++round) {
      std::vector<RunEntryPtr> read;
      for (const auto& one : all) {
        auto live = std::make_shared<RunEntry>(*one);
        live->state = ShownState::running;
        live->steps = round;
        read.push_back(std::move(live));
      }
      Q_EMIT bench.library.entriesRead(read);
      // Another run of a group comes, one changes its group.
      auto fresh = entry("/r/c", QStringLiteral("new-%1").arg(round), "kto");
      all.push_back(fresh);
      Q_EMIT bench.library.listed(found(all));
      Q_EMIT bench.library.entriesRead({fresh});
      QTest::qWait(10);
    }
    QCOMPARE(selections.count(), 0);
    QCOMPARE(bench.dock.selected().size(), std::size_t(1));
    QCOMPARE(bench.dock.selected().front()->found.name, QStringLiteral("run-031"));
    QCOMPARE(view->verticalScrollBar()->value(), 17);
    QCOMPARE(view->model()->rowCount(), 3);
    for (int row = 0; row < 3; ++row) {
      const auto group = view->model()->index(row, 0);
      QCOMPARE(view->isExpanded(group), !group.data().toString().startsWith("simpo"));
    }
  }

  void columnsAreChosenOrderedAndKept() {
    LibraryBox bench({});
    auto* columns = bench.dock.columns();
    auto* header = bench.dock.view()->header();
    QVERIFY(!columns->shown(RunModel::Tags) && columns->shown(RunModel::Progress));
    columns->setShown(RunModel::Tags, true);
    columns->setShown(RunModel::InBand, true);
    columns->move(RunModel::InBand, -1);
    columns->move(RunModel::InBand, -1);
    columns->setShown(RunModel::Name, false);
    QVERIFY(columns->shown(RunModel::Name));
    QVERIFY(header->visualIndex(RunModel::InBand) < header->visualIndex(RunModel::Progress));
    QVERIFY(header->visualIndex(RunModel::Progress) < header->visualIndex(RunModel::Tags));
    header->resizeSection(RunModel::Tags, 233);
    bench.dock.view()->sortByColumn(RunModel::InBand, Qt::DescendingOrder);
    const auto kept = bench.dock.saveColumns();
    LibraryBox other({});
    other.dock.restoreColumns(kept);
    auto* restored = other.dock.view()->header();
    QCOMPARE(restored->sectionSize(RunModel::Tags), 233);
    QCOMPARE(restored->visualIndex(RunModel::Name), 0);
    QVERIFY(restored->visualIndex(RunModel::InBand) < restored->visualIndex(RunModel::Progress));
    QVERIFY(restored->isSectionHidden(RunModel::Model));
    QCOMPARE(restored->sortIndicatorSection(), int(RunModel::InBand));
    QCOMPARE(other.dock.saveColumns(), kept);
    other.dock.restoreColumns("nothing of ours");
    QCOMPARE(other.dock.saveColumns(), kept);
  }

  void theNameTakesTheRoomThatTheOthersLeave() {
    LibraryBox bench({});
    Q_EMIT bench.library.listed(found({entry("/r", "a", "dpo")}));  // else the tree stands behind a sentence
    auto* columns = bench.dock.columns();
    auto* view = bench.dock.view();
    auto* header = view->header();
    const auto spare = [&] { return view->viewport()->width() - header->length(); };
    QTRY_COMPARE(spare(), 0);
    const int name = header->sectionSize(RunModel::Name), state = header->sectionSize(RunModel::Progress);
    bench.dock.resize(560, 400);
    QTRY_COMPARE(header->sectionSize(RunModel::Name), name + 200);
    QCOMPARE(header->sectionSize(RunModel::Progress), state);
    header->resizeSection(RunModel::Progress, state + 40);
    QCOMPARE(header->sectionSize(RunModel::Name), name + 160);
    QCOMPARE(spare(), 0);
    // In a narrow dock one scrolls: the name stays readable.
    columns->setShown(RunModel::Note, true);
    columns->setShown(RunModel::Model, true);
    QVERIFY(spare() < 0);
    QVERIFY(header->sectionSize(RunModel::Name) >= 148);
    columns->setShown(RunModel::Note, false);
    columns->setShown(RunModel::Model, false);
    QCOMPARE(spare(), 0);
    // A width that the user gave it is kept, also in the next window.
    header->resizeSection(RunModel::Name, 190);
    const int left = spare();
    bench.dock.resize(700, 400);
    QTRY_COMPARE(spare(), left + 140);
    QCOMPARE(header->sectionSize(RunModel::Name), 190);
    LibraryBox other({});
    other.dock.restoreColumns(bench.dock.saveColumns());
    other.dock.resize(640, 400);
    QTest::qWait(10);
    QCOMPARE(other.dock.view()->header()->sectionSize(RunModel::Name), 190);
    columns->reset();
    QCOMPARE(header->sectionSize(RunModel::Progress), state);
    QCOMPARE(spare(), 0);
  }

  void aStateThatANarrowDockShrankGrowsAgainInTheNextWindow() {
    const auto one = found({entry("/r", "a", "dpo")});
    LibraryBox narrow({});
    Q_EMIT narrow.library.listed(one);
    const auto state = [](const LibraryBox& bench) {
      return bench.dock.view()->header()->sectionSize(RunModel::Progress);
    };
    narrow.dock.resize(260, 400);
    QTRY_VERIFY2(state(narrow) < 136, qPrintable(QString::number(state(narrow))));
    LibraryBox other({});
    Q_EMIT other.library.listed(one);
    other.dock.resize(260, 400);
    other.dock.restoreColumns(narrow.dock.saveColumns());
    other.dock.resize(560, 400);
    QTRY_COMPARE(state(other), 136);
    // One that the user gave it is kept.
    other.dock.view()->header()->resizeSection(RunModel::Progress, 100);
    LibraryBox third({});
    Q_EMIT third.library.listed(one);
    third.dock.restoreColumns(other.dock.saveColumns());
    third.dock.resize(700, 400);
    QTRY_COMPARE(third.dock.view()->viewport()->width() - third.dock.view()->header()->length(), 0);
    QCOMPARE(state(third), 100);
  }

  void aThousandRunsAreGrouped() {
    LibraryBox bench({});
    QTest::qWait(50);
    bench.dock.setGrouping(Grouping::objective);
    const QStringList objectives{"dpo", "simpo", "ipo", "kto", "cpo"};
    std::vector<RunEntryPtr> all;
    for (int i = 0; i < 1000; ++i) {
      all.push_back(entry("/r", QStringLiteral("run-%1").arg(i), objectives[i % 5]));
    }
    QElapsedTimer clock;
    clock.start();
    Q_EMIT bench.library.listed(found(all));
    // As the library hands them over, some at a time.
    for (int i = 0; i < 1000; i += 50) {
      Q_EMIT bench.library.entriesRead({all.begin() + i, all.begin() + i + 50});
      QCoreApplication::processEvents();
    }
    const auto grouped = clock.restart();
    auto* bar = bench.dock.view()->verticalScrollBar();
    QVERIFY(bar->maximum() > 900);
    int frames = 0;
    for (int at = 0; at < bar->maximum(); at += 20, ++frames) {
      bar->setValue(at);
      bench.dock.view()->viewport()->repaint();
    }
    const double frame = double(clock.elapsed()) / frames;
    qInfo("1000 runs: grouped in %lld ms, %.1f ms for each frame scrolled", static_cast<long long>(grouped), frame);
  }
};

QTEST_MAIN(TestLibraryList)
#include "test_library_list.moc"
