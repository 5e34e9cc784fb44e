// SPDX-License-Identifier: GPL-3.0-or-later
// What a server says of its runs, and is not believed before it was looked at; what it tells faster than the window
// takes it; where copies lie.
#include <QDir>
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include "app/library/run_filter.h"
#include "app/server/kept_runs.h"
#include "app/server/link_news.h"
#include "app/server/remote_entry.h"
#include "app/server/server_link.h"

using namespace bandscope;
using namespace bandscope::app;

class TestRemoteEntry : public QObject {
  Q_OBJECT

  static wire::Json changes(const std::string& text) { return wire::Json::parse(text); }

 private Q_SLOTS:
  void anItemOfWrongTypesIsARunWithoutThem_data() {
    QTest::addColumn<QByteArray>("item");
    QTest::newRow("nothing") << QByteArray("{\"run\": \"a\"}");
    QTest::newRow("texts") << QByteArray(
        "{\"run\": \"a\", \"read\": \"yes\", \"steps\": \"9\", \"planned\": [], \"probe\": 3, \"in_band\": {}, "
        "\"alerts\": -4, \"labels\": 7, \"progress\": [1], \"shown\": 9, \"reason\": {\"a\": 1}, \"seconds\": null}");
    QTest::newRow("numbers") << QByteArray(
        "{\"run\": \"a\", \"steps\": 1e300, \"planned\": -1e300, \"alerts\": 1e18, \"bytes\": 1e99, \"seconds\": -5, "
        "\"changed\": -1, \"labels\": {\"tags\": [1]}, \"objective\": 4, \"shown\": \"dancing\"}");
  }
  void anItemOfWrongTypesIsARunWithoutThem() {
    QFETCH(QByteArray, item);
    const auto entry =
        entry_of_item(wire::Json::parse(item.toStdString()), QStringLiteral("far"), QStringLiteral("/c"));
    QCOMPARE(entry.there, QStringLiteral("a"));
    QVERIFY(entry.steps >= 0 && entry.planned >= 0 && entry.alerts >= 0 && entry.seconds >= 0);
    QVERIFY(entry.objective.isEmpty() && entry.pair_key.isEmpty() && entry.labels.empty());
    QCOMPARE(entry.state, ShownState::waiting);
  }

  void whatIsNotReadIsNotKept() {
    const auto item = run_item(changes(R"({"run": "a", "steps": 3, "more": [1, 2], "labels": {"note": "n"}})"));
    QCOMPARE(item->json(), changes(R"({"run": "a", "steps": 3, "labels": {"note": "n"}})"));
    QVERIFY(run_item({{"run", "a"}, {"more", std::string(1 << 20, 'x')}}));
    // What no server of ours says of one run.
    QVERIFY(!run_item({{"run", "a"}, {"labels", {{"note", std::string(1 << 20, 'x')}}}}));
    QVERIFY(!run_item({{"run", "a"}, {"steps", std::vector<int>(1 << 18, 1)}}));
    for (const char* none : {"1", "[]", "{}", "{\"run\": 1}", "{\"run\": \"\"}"}) QVERIFY(!run_item(changes(none)));
  }

  void newsOfRunsHaveAnEnd() {
    LinkNews news;
    const std::string much(kMostItemBytes - 1000, 'x');
    const auto tell = [&](const std::string& name) {
      wire::Json item = {{"run", name}, {"model", much}};
      (void)news.change({{"runs", wire::Json::array({std::move(item)})}});
    };
    for (int i = 0; i < 400; ++i) tell("r" + std::to_string(i));
    std::size_t bytes = 0;
    for (const auto& run : news.take().runs) bytes += run->text.size();
    QVERIFY(bytes > kMostItemsBytes / 2 && bytes <= kMostItemsBytes);
    // They have been taken: there is room.
    tell("a");
    QCOMPARE(news.take().runs.size(), std::size_t(1));
  }

  void whatIsKeptIsReadAgain() {
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("far/runs.json"));
    QVERIFY(read_kept_runs(file).empty());
    write_kept_runs(file, {run_item({{"run", "a"}, {"note", "\xff"}}), run_item({{"run", "b"}, {"steps", 2}})});
    const auto runs = read_kept_runs(file);
    QCOMPARE(runs.size(), std::size_t(2));
    QCOMPARE(runs[1]->run, QStringLiteral("b"));
    QCOMPARE(runs[1]->json().value("steps", 0), 2);
    write_kept_runs(file, {});
    QVERIFY(QFile::exists(file) && read_kept_runs(file).empty());
  }

  void theFilterFindsWhatItsSpecSays() {
    const auto entry = [](const char* text) {
      return entry_of_item(changes(text), QStringLiteral("far"), QStringLiteral("/c"));
    };
    const auto told = entry(R"({"run": "a", "read": true, "objective": "dpo", "tuning": "lora", "calibrated": true,
                                "config": {"run.seed": "42", "objective.beta": "0.1", "model.tuning": 3}})");
    for (const char* text : {"seed=42", "objective=dpo", "calibration.enabled=true", "beta=0.10", "tuning=lora"})
      QVERIFY2(RunFilter(QString::fromLatin1(text)).accepts(told), text);
    QVERIFY(!RunFilter(QStringLiteral("seed=4")).accepts(told));
    // An older engine tells no settings.
    const auto older = entry(R"({"run": "a", "read": true, "objective": "dpo", "calibrated": false})");
    QVERIFY(RunFilter(QStringLiteral("objective=dpo calibration.enabled=false")).accepts(older));
    QVERIFY(entry(R"({"run": "a", "config": [["run.seed", "1"]]})").config.empty());
  }

  void foldersOfCopiesKeepToTheCache() {
    const QString cache = QStringLiteral("/cache");
    QSet<QString> all;
    for (const char* run : {"a", "a/b", "a_b", "../../etc", "/etc/passwd", "..", ".", "", "a//b", "\u00e4\n"}) {
      const QString folder = mirror_folder(cache, QStringLiteral("far"), QString::fromUtf8(run));
      QCOMPARE(QDir::cleanPath(folder), folder);
      QCOMPARE(QFileInfo(folder).path(), QStringLiteral("/cache/far"));
      all << folder;
    }
    QCOMPARE(all.size(), 10);
  }

  void newsArePutTogetherUntilTheyAreTaken() {
    LinkNews news;
    QVERIFY(news.change(changes(R"({"runs": [{"run": "a", "steps": 1}, {"run": "b"}], "gone": ["c"]})")));
    // The window was told and has not come yet.
    QVERIFY(!news.change(changes(R"({"runs": [{"run": "a", "steps": 2}, {"run": "c"}], "gone": ["b"]})")));
    QVERIFY(!news.queue({{"n", 1}}));
    QVERIFY(!news.queue({{"n", 2}}));
    auto taken = news.take();
    QVERIFY(!taken.listed);
    QCOMPARE(taken.runs.size(), std::size_t(2));
    QCOMPARE(taken.runs[0]->json().value("steps", 0), 2);
    QCOMPARE(taken.runs[1]->run, QStringLiteral("c"));
    QCOMPARE(taken.gone, QStringList{QStringLiteral("b")});
    QCOMPARE(taken.queue->value("n", 0), 2);
    // What was told before a new list is of an earlier connection.
    QVERIFY(news.change(changes(R"({"runs": [{"run": "old"}], "gone": ["d"]})")));
    QVERIFY(!news.list({run_item(changes(R"({"run": "new"})"))}));
    QVERIFY(!news.change(changes(R"({"runs": [{"run": "later"}]})")));
    taken = news.take();
    QCOMPARE(taken.listed->size(), std::size_t(1));
    QCOMPARE(taken.runs.size(), std::size_t(1));
    QCOMPARE(taken.runs[0]->run, QStringLiteral("later"));
    QVERIFY(taken.gone.isEmpty() && !taken.queue);
    QVERIFY(news.take().runs.empty());
  }

  void newsOfWrongTypesAreLeftOut() {
    LinkNews news;
    for (const char* text :
         {"{}", "{\"runs\": 1, \"gone\": {}}", "{\"runs\": [1, null, {}, {\"run\": 3}], \"gone\": [4]}"})
      (void)news.change(changes(text));
    const auto taken = news.take();
    QVERIFY(taken.runs.empty() && taken.gone.isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestRemoteEntry)
#include "test_remote_entry.moc"
