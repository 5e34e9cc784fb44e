// SPDX-License-Identifier: GPL-3.0-or-later
// The run library's model: consistent while runs come, change and go; filter, sorting, speed.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <random>

#include "app/library/natural_order.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/page/pair_model.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

FoundRecord found(const QString& group, const QString& name) {
  return {group + "/" + name + "/run.h5", group, name, 1, 1};
}

RunEntryPtr entry(const FoundRecord& record, const QString& objective, bool calibrated) {
  auto made = std::make_shared<RunEntry>();
  made->found = record;
  made->read = true;
  made->objective = objective;
  made->calibrated = calibrated;
  made->config = {{"objective.name", objective},
                  {"calibration.enabled", calibrated ? "true" : "false"},
                  {"optimizer.learning_rate", "1e-06"}};
  made->state = ShownState::done;
  return made;
}

}  // namespace

class TestRunModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void rowsComeAndGoWithoutReset() {
    RunModel model;
    RunFilterModel proxy;
    proxy.setSourceModel(&model);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester proxy_tester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.setRecords({found("/r/demo", "b"), found("/r/demo", "a"), found("/r/other", "c")});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.runs(), 3);
    const QPersistentModelIndex kept = model.find("/r/demo/b/run.h5");
    QVERIFY(kept.isValid());
    model.setRecords({found("/r/demo", "b"), found("/r/demo", "aa"), found("/r/another", "d")});
    QCOMPARE(model.runs(), 3);
    QVERIFY(kept.isValid());
    QCOMPARE(model.entry(kept)->found.name, QStringLiteral("b"));
    QVERIFY(!model.find("/r/other/c/run.h5").isValid());
    model.updateEntries({entry(found("/r/demo", "b"), "dpo", true), entry(found("/gone", "x"), "dpo", true)});
    QCOMPARE(model.entry(kept)->objective, QStringLiteral("dpo"));
    model.setRecords({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(resets.count(), 0);
  }

  void filterTakesWordsAndKeys_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("word") << "alph" << true;
    QTest::newRow("other word") << "beta" << false;
    QTest::newRow("key") << "objective=dpo" << true;
    QTest::newRow("dotted key") << "calibration.enabled=true" << true;
    QTest::newRow("short key") << "calibration=false" << false;
    QTest::newRow("number") << "learning_rate=0.000001" << true;
    QTest::newRow("all terms") << "alpha objective=dpo calibration.enabled=false" << false;
    QTest::newRow("being typed") << "objective=" << true;
    QTest::newRow("state") << "state=done" << true;
    QTest::newRow("prefix") << "objective=d*" << true;
  }
  void filterTakesWordsAndKeys() {
    QFETCH(QString, text);
    QFETCH(bool, accepted);
    QCOMPARE(RunFilter(text).accepts(*entry(found("/r", "alpha"), "dpo", true)), accepted);
  }

  void namesThatDifferInANumberGoByIt() {
    const QStringList order = {"a",    "lr-5e-07", "lr-1e-04", "lr-0.001", "lr-0.01",  "lr-0.01-rc", "lr-10",
                               "lr-x", "run",      "run-9",    "run-10",   "run-10-2", "run-10b"};
    QStringList shuffled = order;
    for (int turn = 0; turn < 20; ++turn) {
      std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(unsigned(turn)));
      std::sort(shuffled.begin(), shuffled.end(),
                [](const QString& a, const QString& b) { return natural_compare(a, b) < 0; });
      QCOMPARE(shuffled, order);
    }
    QCOMPARE(natural_compare("x-1", "x-1"), 0);
    QVERIFY(natural_compare("x-1", "x-1.0") * natural_compare("x-1.0", "x-1") < 0);
  }

  void aThousandRunsAreListed() {
    QTemporaryDir folder;
    const std::filesystem::path first =
        make_run(folder.path().toStdString(), {.name = "run-0", .steps = 2, .pairs_per_step = 1});
    for (int i = 1; i < 1000; ++i) {
      const auto own = std::filesystem::path(folder.path().toStdString()) / ("run-" + std::to_string(i));
      std::filesystem::create_directory(own);
      std::filesystem::copy_file(first, own / "run.h5");
    }
    RunLibrary library;
    RunModel model;
    connect(&library, &RunLibrary::listed, &model, &RunModel::setRecords);
    connect(&library, &RunLibrary::entriesRead, &model, &RunModel::updateEntries);
    QElapsedTimer clock;
    clock.start();
    library.setFolders({folder.path()});
    QTRY_COMPARE_WITH_TIMEOUT(model.runs(), 1000, 60000);
    const auto listed = clock.elapsed();
    QSignalSpy settled(&library, &RunLibrary::settled);
    QVERIFY(settled.count() > 0 || settled.wait(60000));
    qInfo("1000 runs: listed in %lld ms, all read in %lld ms", static_cast<long long>(listed),
          static_cast<long long>(clock.elapsed()));
    for (const auto& run : model.entries()) QVERIFY2(run->read && run->error.empty(), run->error.english().c_str());
  }

  void anUnreadableRecordSaysWhy() {
    QTemporaryDir folder;
    QDir(folder.path()).mkdir("bad");
    QFile file(folder.filePath("bad/run.h5"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no HDF5");
    file.close();
    const auto records = find_records({folder.path()}, {});
    QCOMPARE(records.size(), std::size_t(1));
    const auto read = read_entry(records.front());
    QVERIFY(read->error.english().find("run.h5") != std::string::npos);
  }

  void pairsAreATable() {
    PairModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows(std::vector<PairRow>{{1, 6, -1.0, -2.0, -1.2, -1.9, 0.1, 0.1, 5, 6},
                                       {1, 7, -1.5, -2.5, -1.2, -1.9, 0.1, 0.1, 5, 6}});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, PairModel::Line).data().toString(), QStringLiteral("7"));
    QCOMPARE(model.index(0, PairModel::Pathway).data().toString(), QStringLiteral("disentangled"));
    QCOMPARE(model.index(1, PairModel::Pathway).data().toString(), QStringLiteral("both fall"));
    model.setRows(std::vector<PairRow>{});
    QCOMPARE(model.rowCount(), 0);
  }
};

QTEST_MAIN(TestRunModel)
#include "test_run_model.moc"
