// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the Pairs tab: filtered and sorted as the plainest program would do it, looked up only where they are in
// sight, written out whole.
#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QRandomGenerator>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "app/page/pair_columns.h"
#include "app/page/pair_export.h"
#include "app/page/pair_model.h"
#include "app/page/pair_order.h"
#include "app/page/pair_texts.h"

using namespace bandscope;
using namespace bandscope::app;

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

class TestPairRows : public QObject {
  Q_OBJECT

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

QTEST_MAIN(TestPairRows)
#include "test_pair_rows.moc"
