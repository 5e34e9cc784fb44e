// SPDX-License-Identifier: GPL-3.0-or-later
// What the Pairs tab reads: pairs of one record or joined from two, each in the band of its step; texts are found,
// bounded, or it is said why there are none.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/page/pair_columns.h"
#include "app/page/pair_source.h"
#include "app/page/pair_texts.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"
#include "tests/app/launch_samples.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestPairs : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  /// A data file of so many rows.
  QString rows(const char* name, int count) const {
    const QString file = folder_.filePath(QLatin1String(name));
    write_file(file, rows_of(count));
    return file;
  }
  static QByteArray rows_of(int count) {
    QByteArray rows;
    for (int i = 0; i < count; ++i) {
      const QByteArray n = QByteArray::number(i);
      rows += "{\"prompt\":\"\\n\\nHuman: What is " + n + "?\\n\\nAssistant:\",\"chosen\":\" It is\\nnumber " + n +
              ".\",\"rejected\":\" Never" + (i % 10 == 3 ? " a Zebra" : "") + ".\"}\n";
    }
    return rows;
  }

 private Q_SLOTS:
  void two_records_are_joined_by_their_pairs() {
    const auto runs = folder_.filePath("joined").toStdString();
    // The second has other pairs at its steps (more of them in each), and is longer.
    const auto a = make_run(runs, {.name = "dpo", .steps = 30, .pairs_per_step = 8});
    const auto b = make_run(runs, {.name = "dpo-rc", .calibrated = true, .steps = 40, .pairs_per_step = 12});
    const QString first = QString::fromStdString(a.string()), second = QString::fromStdString(b.string());
    const auto reader_a = RecordReader::open(a), reader_b = RecordReader::open(b);
    for (const auto& [step, span] : std::vector<std::pair<std::optional<std::int64_t>, std::int64_t>>{
             {std::nullopt, 1000}, {25, 10}, {25, 1}, {7, 3}, {0, 5}}) {
      PairSource source({first, second});
      const auto answer = source.read(step, span);
      const std::int64_t at = std::min<std::int64_t>(30, step.value_or(30));
      std::vector<std::array<PairRow, 2>> naive;
      const auto in_span = [&](const RecordReader& reader) {
        std::vector<PairRow> all;
        for (const auto& row : reader.pair_rows()) {
          if (row.step <= at && row.step > at - span) all.push_back(row);
        }
        return all;
      };
      const auto all_a = in_span(reader_a), all_b = in_span(reader_b);
      for (std::size_t i = 0; i < all_a.size(); ++i) {
        bool later = false;
        for (std::size_t k = i + 1; k < all_a.size(); ++k) later = later || all_a[k].row == all_a[i].row;
        if (later) continue;
        for (std::size_t k = all_b.size(); k-- > 0;) {
          if (all_b[k].row != all_a[i].row) continue;
          naive.push_back({all_a[i], all_b[k]});
          break;
        }
      }
      QVERIFY(answer.rows->both);
      QCOMPARE(answer.rows->size(), naive.size());
      for (std::size_t i = 0; i < naive.size(); ++i) {
        QCOMPARE(answer.rows->first[i].row.row, naive[i][0].row);
        QCOMPARE(answer.rows->first[i].row.step, naive[i][0].step);
        QCOMPARE(answer.rows->second[i].row.row, naive[i][0].row);
        QCOMPARE(answer.rows->second[i].row.step, naive[i][1].step);
        QCOMPARE(pair_number(*answer.rows, i, {PairValue::margin, PairSide::difference}),
                 (naive[i][1].z_w - naive[i][1].z_l) - (naive[i][0].z_w - naive[i][0].z_l));
      }
      if (step == 25 && span == 10) QVERIFY(!naive.empty() && answer.of_one > 0);
    }
  }

  void a_pair_is_placed_in_the_band_of_its_step() {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const auto file =
        make_run(folder_.filePath("banded").toStdString(), {.name = "dpo-rc", .calibrated = true, .steps = 20});
    const auto reader = RecordReader::open(file);
    PairSource source({QString::fromStdString(file.string())});
    const auto answer = source.read(std::nullopt, 1000);
    QCOMPARE(answer.rows->size(), reader.pairs());
    QCOMPARE(answer.first_step, 1);
    QCOMPARE(answer.last_step, 20);
    const auto alpha = reader.column(Column::alpha), lower = reader.column(Column::band_lower),
               upper = reader.column(Column::band_upper);
    int in = 0;
    for (const auto& cells : answer.rows->first) {
      const std::size_t at = std::size_t(cells.row.step - 1);
      QVERIFY(qFuzzyCompare(cells.log_r + 1,
                            std::log(cells.row.d_w) - std::log(cells.row.d_l) + 2 * std::log(alpha[at]) + 1));
      const bool inside = cells.log_r >= lower[at] && cells.log_r <= upper[at];
      QCOMPARE(cells.band == BandPlace::in, inside);
      in += inside;
    }
    QVERIFY(in > 0);
    QCOMPARE(band_place(0.1, nan, nan), BandPlace::undefined);
    QCOMPARE(band_place(nan, -1, 1), BandPlace::undefined);
    QCOMPARE(band_place(-2, -1, 1), BandPlace::below);
    QCOMPARE(band_place(2, -1, 1), BandPlace::above);
  }

  void texts_begin_and_are_found() {
    PairTexts texts;
    texts.setData({rows("texts.jsonl", 500), {}, {}});
    QVERIFY(!texts.reading());  // nobody asked
    QVERIFY(!texts.preview(42));
    QTRY_VERIFY(texts.preview(42).has_value());
    QCOMPARE(texts.preview(42)->prompt, QStringLiteral("Human: What is 42? Assistant:"));
    QCOMPARE(texts.preview(42)->chosen, QStringLiteral("It is number 42."));
    QTRY_VERIFY(!texts.reading());
    // A line that is not there is not looked for for ever.
    QVERIFY(!texts.preview(100000));
    QTRY_VERIFY(texts.preview(100000).has_value());
    QVERIFY(texts.preview(100000)->prompt.isEmpty());

    PairTexts::Lines lines;
    QString of;
    connect(&texts, &PairTexts::found, this, [&](const QString& text, const PairTexts::Lines& found) {
      of = text;
      lines = found;
    });
    texts.search("zEBRA");
    QTRY_COMPARE(of, QStringLiteral("zEBRA"));
    QCOMPARE(lines->size(), 50u);
    for (std::size_t i = 0; i < lines->size(); ++i) QCOMPARE((*lines)[i], std::int64_t(10 * i + 3));
    texts.search("it is number 7.");  // over a line break
    QTRY_COMPARE(of, QStringLiteral("it is number 7."));
    QCOMPARE(*lines, std::vector<std::int64_t>{7});
    // Only the last search answers.
    texts.search("zebra");
    texts.search("nothing like it");
    QTRY_COMPARE(of, QStringLiteral("nothing like it"));
    QVERIFY(lines->empty());
    QVERIFY(!texts.searching());
    const auto whole = PairTexts::whole(texts.data(), {13, 4}, 1 << 20, {});
    QCOMPARE(whole.size(), 2);
    QCOMPARE(whole[13].rejected, QStringLiteral(" Never a Zebra."));
    QVERIFY_EXCEPTION_THROWN(PairTexts::whole(texts.data(), {13, 4}, 10, {}), DataError);
    const PairTextParts two = texts_of(whole, {4, 13});
    QCOMPARE(two.chosen, whole[4].chosen);
    QCOMPARE(two.rejected, whole[13].rejected);
    QCOMPARE(texts_of(whole, {13, 13}).chosen, whole[13].chosen);
  }

  void what_is_kept_of_the_texts_is_bounded() {
    constexpr std::size_t bound = 4000;
    PairTexts texts(nullptr, bound);
    texts.setData({rows("bounded.jsonl", 3000), {}, {}});
    for (const int line : {0, 2999, 1500, 20, 2998}) {
      texts.preview(line);
      QTRY_VERIFY(texts.preview(line).has_value());
      QCOMPARE(texts.preview(line)->chosen, QStringLiteral("It is number %1.").arg(line));
    }
    QTRY_VERIFY(!texts.reading());
    QVERIFY(texts.kept() > 1000);
    QVERIFY2(texts.kept() < bound + 1000, qPrintable(QString::number(texts.kept())));
  }

  void it_is_said_why_there_are_no_texts() {
    const auto why = [this](const PairTexts::Data& data) {
      PairTexts texts;
      texts.setData(data);
      texts.preview(3);
      QString searched;
      bool any = true;
      connect(&texts, &PairTexts::found, this,
              [&](const QString&, const PairTexts::Lines& lines, const QString& problem) {
                any = lines != nullptr;
                searched = problem;
              });
      texts.search("x");
      [&] { QTRY_VERIFY(!texts.problem().isEmpty() && !any); }();
      [&] { QCOMPARE(searched, texts.problem()); }();
      return texts.problem();
    };
    QVERIFY2(why({"/no/such/pairs.jsonl", {}, {}}).contains("/no/such/pairs.jsonl"),
             qPrintable(why({"/no/such/pairs.jsonl", {}, {}})));
    const QString file = rows("changed.jsonl", 20);
    QVERIFY(why({file, {}, QString(64, 'a')}).contains("has changed since"));
    QVERIFY(!why({{}, {}, {}}).isEmpty());
    // The same bytes are the run's.
    PairTexts texts;
    texts.setData({file, {}, QString::fromStdString(sha256_of(rows_of(20).toStdString()))});
    texts.preview(3);
    QTRY_VERIFY(texts.preview(3).has_value());
    // Data that came back are read after all.
    QFile::rename(file, file + ".away");
    texts.setData({file, "", {}});
    texts.preview(3);
    QTRY_VERIFY(!texts.problem().isEmpty());
    QFile::rename(file + ".away", file);
    texts.retry();
    texts.preview(3);
    QTRY_VERIFY(texts.preview(3).has_value());
  }
};

QTEST_MAIN(TestPairs)
#include "test_pairs.moc"
