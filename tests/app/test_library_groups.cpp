// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of the run library: what they are called, and that rows stay the same rows while runs are live.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "app/library/run_model.h"
#include "tests/app/run_entries.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

QStringList group_titles(const RunModel& model) {
  QStringList titles;
  for (int row = 0; row < model.rowCount(); ++row) titles << model.index(row, 0).data().toString();
  return titles;
}

}  // namespace

class TestLibraryGroups : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void groupsFollowTheRunsWithoutReset() {
    RunModel model;
    RunFilterModel proxy;
    proxy.setSourceModel(&model);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester proxy_tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const std::vector<RunEntryPtr> all{entry("/r/a", "1", "dpo", {"x"}), entry("/r/a", "2", "simpo", {"x", "y"}),
                                       entry("/r/b", "3", "dpo")};
    for (const auto grouping : groupings()) {
      model.setRecords({});
      model.setGrouping(grouping);
      QSignalSpy resets(&model, &QAbstractItemModel::modelReset), proxy_resets(&proxy, &QAbstractItemModel::modelReset);
      model.setRecords(found(all));
      const QPersistentModelIndex kept = proxy.mapFromSource(model.find("/r/a/2/run.h5"));
      model.updateEntries(all);
      QCOMPARE(model.runs(), 3);
      QCOMPARE(model.entries().size(), std::size_t(3));
      QVERIFY2(kept.isValid(), qPrintable(to_name(grouping)));
      QCOMPARE(model.entry(proxy.mapToSource(kept))->found.name, QStringLiteral("2"));
      // It changes what groups are made of, and goes on being the same row.
      auto changed = std::make_shared<RunEntry>(*all[1]);
      changed->objective = "ipo";
      changed->calibrated = true;
      changed->model = "other";
      changed->labels.tags = {"z"};
      model.updateEntries({changed});
      if (grouping != Grouping::tag) QVERIFY(kept.isValid());
      QCOMPARE(model.entry(model.find("/r/a/2/run.h5"))->objective, QStringLiteral("ipo"));
      model.renamed("/r/a/2/run.h5", {"/r/a/0/run.h5", "/r/a", "0", 1, 1});
      QVERIFY(model.find("/r/a/0/run.h5").isValid() && !model.find("/r/a/2/run.h5").isValid());
      model.setRecords({all[2]->found});
      QCOMPARE(model.runs(), 1);
      QCOMPARE(resets.count() + proxy_resets.count(), 0);
    }
  }

  void groupsHaveTheNamesOfWhatIsShared() {
    RunModel model;
    const std::vector<RunEntryPtr> all{entry("/r/a", "1", "dpo", {"x"}), entry("/r/a", "2", "simpo", {"x", "y"}),
                                       entry("/r/b", "3", "dpo")};
    model.setRecords(found(all));
    model.updateEntries(all);
    QCOMPARE(group_titles(model), (QStringList{"a (2)", "b (1)"}));
    model.setGrouping(Grouping::objective);
    QCOMPARE(group_titles(model), (QStringList{"dpo (2)", "simpo (1)"}));
    model.setGrouping(Grouping::tag);
    QCOMPARE(group_titles(model), (QStringList{"no tag (1)", "x (2)", "y (1)"}));
    QCOMPARE(model.tags(), (QStringList{"x", "y"}));
    model.setGrouping(Grouping::none);
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(!model.index(0, 0).parent().isValid());
    model.setGrouping(Grouping::rc);
    QCOMPARE(group_titles(model), (QStringList{"w/o RC (3)"}));
  }
};

QTEST_MAIN(TestLibraryGroups)
#include "test_library_groups.moc"
