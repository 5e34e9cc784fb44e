// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of the pairs of a run on a server: fetched where they are in sight, and only while they are what it was trained
// on.
#include <QSignalSpy>
#include <QTableView>

#include "app/page/pair_model.h"
#include "app/page/pair_text_view.h"
#include "app/page/pair_texts.h"
#include "app/page/pairs_tab.h"
#include "app/server/server_files.h"
#include "core/input/sha256.h"
#include "tests/app/served_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

QByteArray row(int number) {
  return QStringLiteral(R"({"prompt": "ask %1", "chosen": " yes %1", "rejected": " no %1"})").arg(number).toUtf8() +
         '\n';
}

/// The run "a" on the server, and 300 pairs that it was trained on.
QByteArray train(const ServedBox& box, bool known = true) {
  QByteArray rows;
  for (int i = 0; i < 300; ++i) rows += row(i);
  box.write("far/runs/a/data/hh-harmless.jsonl", rows);
  make_run(box.runs(), {.name = "a", .steps = 3, .data_sha256 = known ? sha256_of(rows.toStdString()) : ""});
  return rows;
}

struct TextBench {
  explicit TextBench(ServedBox& box) : files(box.links()) {
    texts.setElsewhere(&files);
    PairData data;
    data.file = QStringLiteral("/somewhere/hh-harmless.jsonl");
    data.there = {QStringLiteral("lab"), QStringLiteral("a")};
    texts.setData(data);
  }
  ServerFiles files;
  PairTexts texts;
};

}  // namespace

class TestServerTexts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void texts_of_pairs_are_fetched_where_they_are_asked_for() {
    ServedBox box;
    train(box);
    QVERIFY(box.reach());
    TextBench bench(box);
    QVERIFY(!bench.texts.preview(7));
    QTRY_VERIFY(bench.texts.preview(7));
    QCOMPARE(bench.texts.preview(7)->prompt, "ask 7");
    QCOMPARE(bench.texts.preview(7)->chosen, "yes 7");
    // More than one request has, as a view asks that is painted anew.
    QTRY_VERIFY([&] {
      bool all = true;
      for (int line = 100; line < 250; ++line) all &= bench.texts.preview(line).has_value();
      return all;
    }());
    QCOMPARE(bench.texts.preview(249)->prompt, "ask 249");
    // Lines that the data do not have are there without a text.
    QTRY_VERIFY(bench.texts.preview(5000));
    QCOMPARE(bench.texts.preview(5000)->prompt, QString());
    QSignalSpy whole(&bench.texts, &PairTexts::wholeRead);
    bench.texts.readWhole({12, 12});
    QTRY_COMPARE(whole.count(), 1);
    QCOMPARE(whole[0][1].value<PairTextParts>().rejected, " no 12");
    bench.texts.readWhole({30, 20});
    QTRY_COMPARE(whole.count(), 2);
    QCOMPARE(whole[1][1].value<PairTextParts>().chosen, " yes 30");
    QCOMPARE(whole[1][1].value<PairTextParts>().rejected, " no 20");
    QCOMPARE(bench.texts.problem(), QString());
    // Not all of them: to search or to save them.
    QSignalSpy found(&bench.texts, &PairTexts::found);
    bench.texts.search("ask");
    QTRY_COMPARE(found.count(), 1);
    QVERIFY(found[0][2].toString().contains("The data are on a server"));
    QVERIFY_EXCEPTION_THROWN(PairTexts::whole(bench.texts.data(), {1}, 1 << 20, {}), Error);
  }

  void texts_of_changed_data_are_not_shown() {
    ServedBox box;
    const QByteArray rows = train(box);
    box.write("far/runs/a/data/hh-harmless.jsonl", rows + row(300));
    QVERIFY(box.reach());
    TextBench bench(box);
    QVERIFY(!bench.texts.preview(7));
    QTRY_VERIFY2(bench.texts.problem().contains("has changed since the run was trained on it"),
                 qPrintable(bench.texts.problem()));
    QVERIFY(!bench.texts.preview(7));
    box.write("far/runs/a/data/hh-harmless.jsonl", rows);
    bench.texts.retry();
    QTRY_VERIFY(bench.texts.preview(7));
    QCOMPARE(bench.texts.preview(7)->prompt, "ask 7");
  }

  void data_elsewhere_on_the_server_are_not_served() {
    ServedBox box;
    const QByteArray rows = train(box);
    box.write("outside/hh-harmless.jsonl", rows);
    QVERIFY(QDir(box.path("far/runs/a/data")).removeRecursively());
    QVERIFY(QFile::link(box.path("outside"), box.path("far/runs/a/data")));
    QVERIFY(box.reach());
    TextBench bench(box);
    QVERIFY(!bench.texts.preview(7));
    QTRY_VERIFY2(bench.texts.problem().contains("leads out of the folders"), qPrintable(bench.texts.problem()));
  }

  void rows_of_other_types_are_no_texts() {
    ServedBox box;
    QVERIFY(box.reachLiar(R"("ok":true,"rows":[7])"));
    TextBench bench(box);
    QVERIFY(!bench.texts.preview(7));
    QTRY_VERIFY2(bench.texts.problem().contains("not understood"), qPrintable(bench.texts.problem()));
    box.say(R"("ok":true,"rows":["a","b"])");  // more than were asked for
    bench.texts.retry();
    bench.texts.preview(7);
    QTRY_VERIFY2(bench.texts.problem().contains("not understood"), qPrintable(bench.texts.problem()));
    int line = 10;
    for (const QByteArray& text : {QByteArray("[[[["), QByteArray("no JSON"), QByteArray(R"({\"prompt\":1})"),
                                   QByteArray(60'000, '['), QByteArray()}) {
      box.say(R"("ok":true,"rows":[")" + text + R"("])");
      bench.texts.retry();
      bench.texts.preview(++line);
      QTRY_VERIFY2(bench.texts.preview(line), text.left(20).constData());
      QCOMPARE(bench.texts.preview(line)->prompt, QString());
    }
    box.say({});
    bench.texts.preview(2);
    QTRY_VERIFY2(bench.texts.problem().contains("was lost before it answered"), qPrintable(bench.texts.problem()));
  }

  void the_table_shows_them() {
    ServedBox box;
    train(box);
    const auto copy = make_run(box.path("cache").toStdString(), {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    ServerFiles files(box.links());
    PairsTab tab;
    tab.setElsewhere(&files);
    const auto run = box.entry("a");
    QCOMPARE(run->found.record, QString::fromStdString(copy.string()));
    tab.setRuns({run}, {"a"});
    tab.resize(900, 600);
    tab.show();
    QTRY_COMPARE(tab.model()->rowCount(), 8);
    const QModelIndex text = tab.model()->index(0, tab.model()->columnOf(PairColumn{PairValue::text}));
    QTRY_VERIFY2(text.data().toString().contains("ask "), qPrintable(text.data().toString()));
    // A cut is said, and is over when the server is back.
    box.leave();
    PairData other = tab.texts()->data();
    other.split = QStringLiteral("x");
    tab.texts()->setData(other);
    tab.texts()->preview(1);
    QTRY_VERIFY2(tab.status().contains("No texts: "), qPrintable(tab.status()));
    auto away = std::make_shared<RunEntry>(*run);
    away->reached = false;
    tab.setRuns({away}, {"a"});
    QVERIFY(box.reach());
    tab.setRuns({run}, {"a"});
    QTRY_VERIFY2(!tab.status().contains("No texts: "), qPrintable(tab.status()));
    QTRY_VERIFY(text.data().toString().contains("ask "));
  }

  void the_text_of_a_pair_comes_after_a_cut() {
    ServedBox box;
    train(box);
    make_run(box.path("cache").toStdString(), {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    ServerFiles files(box.links());
    PairsTab tab;
    tab.setElsewhere(&files);
    const auto run = box.entry("a");
    tab.setRuns({run}, {"a"});
    tab.setTokensShown(true);
    tab.resize(900, 600);
    tab.show();
    auto* table = tab.findChild<QTableView*>("pairs");
    const auto preview = [&](int row) {
      return tab.model()->index(row, tab.model()->columnOf(PairColumn{PairValue::text})).data().toString();
    };
    QTRY_COMPARE(tab.model()->rowCount(), 8);
    QTRY_VERIFY(preview(0).contains("ask ") && preview(5).contains("ask "));
    table->selectRow(0);
    QTRY_VERIFY(tab.pairText()->text().contains("ask "));
    QVERIFY2(tab.pairText()->status().contains("here is the text"), qPrintable(tab.pairText()->status()));
    box.leave();
    auto away = std::make_shared<RunEntry>(*run);
    away->reached = false;
    tab.setRuns({away}, {"a"});
    table->selectRow(5);
    QTRY_VERIFY2(tab.pairText()->status().contains("No text: "), qPrintable(tab.pairText()->status()));
    QVERIFY(tab.pairText()->text().isEmpty() && !tab.pairText()->status().contains("here is the text"));
    QVERIFY(preview(5).contains("ask "));
    QVERIFY(box.reach());
    tab.setRuns({run}, {"a"});
    QTRY_VERIFY2(tab.pairText()->text().contains("ask "), qPrintable(tab.pairText()->status()));
    QVERIFY2(tab.pairText()->status().contains("here is the text"), qPrintable(tab.pairText()->status()));
  }

  void a_row_without_a_text_is_said() {
    ServedBox box;
    QVERIFY(box.reachLiar(R"("ok":true,"rows":[null])"));
    TextBench bench(box);
    QSignalSpy failed(&bench.texts, &PairTexts::wholeFailed), read(&bench.texts, &PairTexts::wholeRead);
    bench.texts.readWhole({7, 7});
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY2(failed[0][1].toString().contains("Line 8 of the data"), qPrintable(failed[0][1].toString()));
    box.say(
        "\"ok\":true,\"rows\":[\"{\\\"prompt\\\":\\\"p\\\",\\\"chosen\\\":\\\"c\\\",\\\"rejected\\\":\\\"r\\\"}\"]");
    bench.texts.retry();
    QTRY_COMPARE(read.count(), 1);
    bench.texts.retry();  // there is nothing that failed
    // Of pairs that one steps over the last is read.
    const int before = int(box.read("asked").count("data_rows"));
    for (const qint64 line : {20, 21, 22, 23}) bench.texts.readWhole({line, line});
    QTRY_COMPARE(read.count(), 2);
    QCOMPARE(read[1][0].value<PairLines>(), (PairLines{23, 23}));
    QCOMPARE(int(box.read("asked").count("data_rows")) - before, 2);
  }

  void tokens_are_not_computed_here() {
    PairTextView view;
    view.setThere({"/cache/a/run.h5"});
    view.show();
    QSignalSpy wanted(&view, &PairTextView::textsWanted);
    view.setPair("/cache/a/run.h5", 3);
    QTRY_COMPARE(wanted.count(), 1);
    view.setTexts({3, 3}, {"ask", " yes", " no"});
    QVERIFY(view.text().contains("ask") && view.text().contains("yes"));
    QVERIFY2(view.status().contains("on the machine of the weights only"), qPrintable(view.status()));
    QVERIFY(!view.computing());
  }
};

QTEST_MAIN(TestServerTexts)
#include "test_server_texts.moc"
