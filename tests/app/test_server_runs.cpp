// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a server as the window lists them: what it was asked for shows at once and stays, whatever comes before
// the answer; the list of the last time, and what comes before it is read.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/server/kept_runs.h"
#include "app/server/server_runs.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

RunItemPtr item(const char* text) { return run_item(wire::Json::parse(text)); }

/// A server that nothing connects to.
struct Bench {
  Bench() {
    address.id = address.name = QStringLiteral("far");
    link = std::make_unique<ServerLink>(address, folder.path());
  }
  void open() { runs = std::make_unique<ServerRuns>(link.get(), folder.filePath(QStringLiteral("far"))); }
  QString kept() const { return folder.filePath(QStringLiteral("far/runs.json")); }
  RunEntryPtr run(const char* name) const {
    for (const auto& entry : runs->entries())
      if (entry->there == QLatin1String(name)) return entry;
    return nullptr;
  }
  QStringList tags(const char* name) const { return run(name)->labels.tags; }

  QTemporaryDir folder;
  ServerAddress address;
  std::unique_ptr<ServerLink> link;
  std::unique_ptr<ServerRuns> runs;
};

}  // namespace

class TestServerRuns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void labelsThatAreAskedForStay() {
    Bench bench;
    bench.open();
    const auto before = item(R"({"run": "a", "labels": {"note": "n"}})");
    Q_EMIT bench.link->runsListed({before});
    bench.runs->labelling(QStringLiteral("a"), {false, {QStringLiteral("x")}, QStringLiteral("n")});
    QCOMPARE(bench.tags("a"), QStringList{QStringLiteral("x")});
    // What the server had read before.
    Q_EMIT bench.link->runsChanged({before}, {});
    QCOMPARE(bench.tags("a"), QStringList{QStringLiteral("x")});
    bench.runs->labelling(QStringLiteral("a"),
                          {false, {QStringLiteral("x"), QStringLiteral("y")}, QStringLiteral("n")});
    bench.runs->labelled(QStringLiteral("a"), {{"note", "n"}, {"tags", {"x"}}});
    QCOMPARE(bench.tags("a"), (QStringList{QStringLiteral("x"), QStringLiteral("y")}));  // it is still at the second
    bench.runs->labelled(QStringLiteral("a"), {{"note", "n"}, {"tags", {"x", "y"}}});
    // Whatever makes its entry anew.
    bench.link->setName(QStringLiteral("gpu-box"));
    bench.runs->describe();
    QCOMPARE(bench.run("a")->server_name, QStringLiteral("gpu-box"));
    QCOMPARE(bench.tags("a"), (QStringList{QStringLiteral("x"), QStringLiteral("y")}));
    // Refused: as the server has them.
    bench.runs->labelling(QStringLiteral("a"), {});
    QVERIFY(bench.run("a")->labels.empty());
    bench.runs->labelled(QStringLiteral("a"), {});
    QCOMPARE(bench.tags("a"), (QStringList{QStringLiteral("x"), QStringLiteral("y")}));
    QCOMPARE(bench.run("a")->labels.note, QStringLiteral("n"));
    bench.runs->labelled(QStringLiteral("gone"), {{"starred", true}});
    QVERIFY(!bench.run("gone"));
  }

  void namesAndDeletionsShowAtOnce() {
    Bench bench;
    bench.open();
    Q_EMIT bench.link->runsListed({item(R"({"run": "s/a", "steps": 7})"), item(R"({"run": "b"})")});
    bench.runs->setFollowed({bench.link->mirrorOf(QStringLiteral("s/a"))});
    bench.link->renamed(QStringLiteral("s/a"), QStringLiteral("s/c"));
    bench.runs->renamed(QStringLiteral("s/a"), QStringLiteral("s/c"));
    QVERIFY(!bench.run("s/a"));
    const auto now = bench.run("s/c");
    QVERIFY(now && now->steps == 7);
    QCOMPARE(now->found.name, QStringLiteral("c"));
    QCOMPARE(now->found.record, bench.link->mirrorOf(QStringLiteral("s/c")));
    QVERIFY(bench.link->follows(QStringLiteral("s/c")) && !bench.link->follows(QStringLiteral("s/a")));
    QSignalSpy changed(bench.runs.get(), &ServerRuns::changed);
    bench.runs->removed(QStringLiteral("s/c"));
    QVERIFY(!bench.run("s/c") && !bench.link->follows(QStringLiteral("s/c")));
    QVERIFY(changed.wait());
    // The new list goes with them.
    bench.runs.reset();
    const auto kept = read_kept_runs(bench.kept());
    QCOMPARE(kept.size(), std::size_t(1));
    QCOMPARE(kept[0]->run, QStringLiteral("b"));
  }

  void theListOfTheLastTimeIsRead() {
    Bench bench;
    write_kept_runs(bench.kept(), {item(R"({"run": "old", "steps": 3})")});
    bench.open();
    QTRY_VERIFY(bench.run("old"));
    QCOMPARE(bench.run("old")->steps, 3);
    // Unless the server has told its own by then.
    bench.open();
    Q_EMIT bench.link->runsListed({item(R"({"run": "new"})")});
    QTest::qWait(200);
    QVERIFY(bench.run("new") && !bench.run("old"));
  }

  void itsItemsHaveAnEnd() {
    Bench bench;
    bench.open();
    const std::string much(kMostItemBytes - 1000, 'x');
    std::vector<RunItemPtr> items;
    for (int i = 0; i < 400; ++i) items.push_back(run_item({{"run", "r" + std::to_string(i)}, {"pair_key", much}}));
    Q_EMIT bench.link->runsListed(items);
    const auto some = bench.runs->entries().size();
    QVERIFY(some > 100 && some <= kMostItemsBytes / kMostItemBytes + 2);
    // One that is there may say something else, and others may come in its place.
    Q_EMIT bench.link->runsChanged({items[0], items[399]}, {QStringLiteral("r1")});
    QVERIFY(bench.run("r0") && bench.run("r399") && !bench.run("r1"));
    QCOMPARE(bench.runs->entries().size(), some);
    bench.runs.reset();
    QCOMPARE(read_kept_runs(bench.kept()).size(), some);
  }
};

QTEST_GUILESS_MAIN(TestServerRuns)
#include "test_server_runs.moc"
