// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the Pairs tab: rows are filtered and sorted as the plainest program would do it, read from one record or
// joined from two, looked up only where they are in sight, written out whole; texts are found, bounded, or it is said
// why there are none.
#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/page/pair_columns.h"
#include "app/page/pair_export.h"
#include "app/page/pair_model.h"
#include "app/page/pair_order.h"
#include "app/page/pair_source.h"
#include "app/page/pair_texts.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Few different values, so that many are equal, and some that are undefined.
PairCells random_cells(QRandomGenerator& random, std::int64_t line) {
  const auto value = [&] { return random.bounded(12) == 0 ? kNan : random.bounded(7) / 4.0 - 0.75; };
  PairCells cells;
  cells.row = {random.bounded(5), line,    value(), value(),           value(),
               value(),           value(), value(), random.bounded(9), random.bounded(9)};
  cells.log_r = value();
  cells.band = BandPlace(random.bounded(4));
  return cells;
}

std::shared_ptr<PairRows> random_rows(QRandomGenerator& random, int count, bool both) {
  auto rows = std::make_shared<PairRows>();
  rows->both = both;
  for (int i = 0; i < count; ++i) {
    const std::int64_t line = random.bounded(40);
    rows->first.push_back(random_cells(random, line));
    if (both) rows->second.push_back(random_cells(random, line));
  }
  return rows;
}

/// Counts what the view asks for.
class Counted : public PairModel {
 public:
  using PairModel::PairModel;
  QVariant data(const QModelIndex& index, int role) const override {
    ++asked;
    return PairModel::data(index, role);
  }
  mutable int asked = 0;
};

}  // namespace

class TestPairs : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString write(const QString& name, const QByteArray& bytes) {
    const QString file = folder_.filePath(name);
    QDir().mkpath(QFileInfo(file).absolutePath());
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly)) qFatal("cannot write");
    out.write(bytes);
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
  void rows_are_filtered_and_sorted_as_the_plainest_program_does() {
    QRandomGenerator random(7);
    for (int round = 0; round < 300; ++round) {
      const bool both = random.bounded(2) == 1;
      const auto rows = random_rows(random, random.bounded(60), both);
      PairFilter filter;
      if (random.bounded(2)) filter.pathway[0] = Pathway(random.bounded(4));
      if (random.bounded(3) == 0) filter.pathway[1] = Pathway(random.bounded(4));
      if (random.bounded(2)) filter.in_band = random.bounded(2) == 1;
      if (random.bounded(2)) filter.band_of = PairSide::second;
      if (random.bounded(3) == 0) filter.lines = {{random.bounded(20), 20 + random.bounded(20)}};
      if (random.bounded(3) == 0)
        filter.text =
            std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{1, 2, 5, 8, 13, 21, 34});
      const auto& columns = pair_columns(both);
      const PairColumn by = columns[std::size_t(random.bounded(int(columns.size())))];
      const bool descending = random.bounded(2) == 1;

      std::vector<std::uint32_t> naive;
      for (std::uint32_t i = 0; i < rows->size(); ++i) {
        const PairCells &a = rows->first[i], &b = both ? rows->second[i] : a;
        const BandPlace place = filter.band_of == PairSide::second ? b.band : a.band;
        bool in = true;
        if (filter.pathway[0])
          in = in && pathway_of(a.row.z_w - a.row.z_w_ref, a.row.z_l - a.row.z_l_ref) == *filter.pathway[0];
        if (filter.pathway[1] && both)
          in = in && pathway_of(b.row.z_w - b.row.z_w_ref, b.row.z_l - b.row.z_l_ref) == *filter.pathway[1];
        if (filter.in_band == true) in = in && place == BandPlace::in;
        if (filter.in_band == false) in = in && (place == BandPlace::below || place == BandPlace::above);
        if (filter.lines) in = in && a.row.row >= filter.lines->first && a.row.row <= filter.lines->last;
        if (filter.text) in = in && std::count(filter.text->begin(), filter.text->end(), a.row.row) > 0;
        if (in) naive.push_back(i);
      }
      std::stable_sort(naive.begin(), naive.end(), [&](std::uint32_t i, std::uint32_t k) {
        const double x = pair_number(*rows, i, by), y = pair_number(*rows, k, by);
        if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
        return descending ? x > y : x < y;
      });
      QCOMPARE(arranged(*rows, filter, by, descending), naive);
    }
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(arranged(*random_rows(random, 50, false), {}, {}, false, stop.get_token()).empty());
  }

  void what_is_typed_is_lines_or_text() {
    const auto lines = [](const QString& typed) {
      return parse_pair_search(typed).lines.value_or(PairFilter::Lines{-1, -1});
    };
    QCOMPARE(lines("#12"), (PairFilter::Lines{11, 11}));
    QCOMPARE(lines(" # 10 - 20 "), (PairFilter::Lines{9, 19}));
    QCOMPARE(lines("#20-10"), (PairFilter::Lines{9, 19}));
    QVERIFY(lines("#10-").first == 9 && lines("#10-").last > 1'000'000'000);
    QCOMPARE(parse_pair_search("12").text, QStringLiteral("12"));
    QCOMPARE(parse_pair_search("#hash").text, QStringLiteral("#hash"));
    QCOMPARE(parse_pair_search("  two\twords ").text, QStringLiteral("two words"));
    QVERIFY(parse_pair_search("#").text.isEmpty() && !parse_pair_search("#").lines);
    QVERIFY(parse_pair_search("").text.isEmpty());
  }

  void the_model_is_one() {
    PairModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    PairTexts texts;
    model.setTexts(&texts);
    QRandomGenerator random(1);
    for (const bool both : {false, true, false}) {
      for (const int count : {0, 5, 5, 3}) {
        const auto rows = random_rows(random, count, both);
        model.setRuns({"dpo", "dpo-rc"});
        model.setRows(rows, arranged(*rows, {}, {}, false));
        QCOMPARE(model.rowCount(), count);
        QCOMPARE(model.columnCount(), int(pair_columns(both).size()));
        for (int column = 0; column < model.columnCount(); ++column) {
          for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
            QVERIFY(!model.headerData(column, Qt::Horizontal, role).toString().isEmpty());
          if (count > 0) QVERIFY(!model.index(0, column).data().toString().isEmpty());
        }
      }
    }
    // The names of the enumeration are those of the table's columns.
    const auto& columns = pair_columns(false);
    QCOMPARE(columns[PairModel::Pathway].value, PairValue::pathway);
    QCOMPARE(columns[PairModel::LogR].value, PairValue::log_r);
    QCOMPARE(columns[PairModel::Step].value, PairValue::step);
    QCOMPARE(columns.size(), std::size_t(PairModel::Step + 1));
  }

  void of_a_million_rows_only_those_in_sight_are_asked_for() {
    auto rows = std::make_shared<PairRows>();
    rows->first.resize(1'000'000);
    for (std::size_t i = 0; i < rows->first.size(); ++i) {
      auto& row = rows->first[i].row;
      row.row = std::int64_t(i);
      row.z_w = double((i * 7919) % 1'000'003);
    }
    const auto order = arranged(*rows, {}, {PairValue::z_w}, true);
    QCOMPARE(order.size(), rows->first.size());
    QVERIFY(std::is_sorted(order.begin(), order.end(),
                           [&](auto a, auto b) { return rows->first[a].row.z_w > rows->first[b].row.z_w; }));
    Counted model;
    QTableView view;
    view.setModel(&model);
    view.resize(900, 500);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    model.setRows(rows, order);
    view.grab();
    view.scrollToBottom();
    view.grab();
    QVERIFY(view.indexAt(QPoint(5, 400)).row() > 999'000);
    QVERIFY2(model.asked > 100 && model.asked < 20'000, qPrintable(QString::number(model.asked)));
  }

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
    QCOMPARE(band_place(0.1, kNan, kNan), BandPlace::undefined);
    QCOMPARE(band_place(kNan, -1, 1), BandPlace::undefined);
    QCOMPARE(band_place(-2, -1, 1), BandPlace::below);
    QCOMPARE(band_place(2, -1, 1), BandPlace::above);
  }

  void texts_begin_and_are_found() {
    PairTexts texts;
    texts.setData({write("texts/pairs.jsonl", rows_of(500)), {}, {}});
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
  }

  void what_is_kept_of_the_texts_is_bounded() {
    constexpr std::size_t bound = 4000;
    PairTexts texts(nullptr, bound);
    texts.setData({write("bounded/pairs.jsonl", rows_of(3000)), {}, {}});
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
    const QString file = write("changed/pairs.jsonl", rows_of(20));
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

  void shown_rows_are_written_whole() {
    QRandomGenerator random(3);
    for (const bool both : {false, true}) {
      const auto rows = random_rows(random, 30, both);
      PairExport pairs{rows, arranged(*rows, {}, {PairValue::z_w}, true),
                       both ? QStringList{"dpo", "a,b"} : QStringList(), ',', nullptr};
      QHash<qint64, PairTextParts> texts;
      texts.insert(pairs.rows->first[pairs.order[0]].row.row, {"a \"b\"\nc", "x,y", "plain"});
      pairs.texts = &texts;
      QBuffer out;
      out.open(QIODevice::WriteOnly);
      QVERIFY(write_pairs(out, pairs));
      const QByteArray text = out.data();
      QVERIFY(text.contains("\"a \"\"b\"\"\nc\",\"x,y\",plain\n"));
      QCOMPARE(text.contains("difference/z_w"), both);
      QCOMPARE(text.contains("\"a,b/z_w\""), both);
      // Numbers read back as they were.
      pairs.texts = nullptr;
      pairs.separator = '\t';
      QBuffer tabbed;
      tabbed.open(QIODevice::WriteOnly);
      QVERIFY(write_pairs(tabbed, pairs));
      const auto lines = tabbed.data().split('\n');
      QCOMPARE(lines.size(), 32);  // head, rows, the end
      const auto head = lines[0].split('\t');
      const qsizetype at = head.indexOf(both ? "difference/log_r_applied" : "log_r_applied");
      QVERIFY(at > 0);
      for (int i = 0; i < 30; ++i) {
        const auto cells = lines[i + 1].split('\t');
        QCOMPARE(cells.size(), head.size());
        QCOMPARE(cells[0].toLongLong(), rows->first[pairs.order[std::size_t(i)]].row.row + 1);
        const double value = pair_number(*rows, pairs.order[std::size_t(i)],
                                         {PairValue::log_r, both ? PairSide::difference : PairSide::first});
        if (std::isnan(value)) {
          QVERIFY(cells[at].isEmpty());
        } else {
          QCOMPARE(cells[at].toDouble(), value);
        }
      }
    }
  }
};

QTEST_MAIN(TestPairs)
#include "test_pairs.moc"
