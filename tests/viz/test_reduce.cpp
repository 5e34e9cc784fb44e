// SPDX-License-Identifier: GPL-3.0-or-later
// Reduction keeps extremes, ends and gaps; summaries say what a full look would.
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

#include "viz/data/samples.h"
#include "viz/figure/reduce.h"
#include "viz/figure/smoothing.h"
#include "viz/figure/ticks.h"

using namespace bandscope::viz;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Data {
  Samples x, y;
};

Data noisy(std::size_t rows, unsigned seed, double undefined_share = 0) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> share;
  std::vector<double> x(rows), y(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    x[i] = static_cast<double>(i + 1);
    y[i] = share(random) < undefined_share ? kNan : normal(random);
  }
  return {Samples(x), Samples(y)};
}

}  // namespace

class TestReduce : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_row_is_drawn_where_there_is_room() {
    const Data data = noisy(150, 1);
    const DrawnRows rows = reduce_curve(data.x, data.y, {{1, 150}, 0, 100}, false, 100);
    QVERIFY(!rows.dense);
    QCOMPARE(rows.rows.size(), std::size_t(150));
    QCOMPARE(rows.points, std::size_t(150));
    QCOMPARE(rows.drawn, std::size_t(150));
  }

  /// Against a plain look at every row of every column.
  void extremes_of_every_column_are_kept_data() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<double>("undefined");
    QTest::newRow("whole") << 100'000 << 0.0;
    QTest::newRow("with gaps") << 100'000 << 0.2;
    QTest::newRow("odd length") << 12'345 << 0.01;
  }
  void extremes_of_every_column_are_kept() {
    QFETCH(int, rows);
    QFETCH(double, undefined);
    const Data data = noisy(static_cast<std::size_t>(rows), 7, undefined);
    constexpr int kColumns = 97;
    const Scale scale{{500, rows - 700.0}, 0, kColumns};
    const DrawnRows reduced = reduce_curve(data.x, data.y, scale, false, kColumns);
    QVERIFY(reduced.dense);
    QVERIFY(reduced.rows.size() <= 4 * kColumns + 2);
    std::vector<double> least(kColumns, HUGE_VAL), greatest(kColumns, -HUGE_VAL), kept_least = least,
                                                                                  kept_greatest = greatest;
    std::size_t points = 0, holes = 0;
    const auto column = [&](double x) { return std::min(kColumns - 1, static_cast<int>(std::floor(scale(x)))); };
    for (std::size_t i = 0; i < data.x.size(); ++i) {
      if (data.x[i] < scale.range.least || data.x[i] > scale.range.greatest) continue;
      if (std::isnan(data.y[i])) {
        ++holes;
        continue;
      }
      ++points;
      const auto c = static_cast<std::size_t>(column(data.x[i]));
      least[c] = std::min(least[c], data.y[i]);
      greatest[c] = std::max(greatest[c], data.y[i]);
    }
    for (const auto row : reduced.rows) {
      if (data.x[row] < scale.range.least || data.x[row] > scale.range.greatest) continue;
      const auto c = static_cast<std::size_t>(column(data.x[row]));
      kept_least[c] = std::min(kept_least[c], data.y[row]);
      kept_greatest[c] = std::max(kept_greatest[c], data.y[row]);
    }
    QCOMPARE(kept_least, least);
    QCOMPARE(kept_greatest, greatest);
    QCOMPARE(reduced.points, points);
    QCOMPARE(reduced.undefined, holes);
    QVERIFY(std::is_sorted(reduced.rows.begin(), reduced.rows.end()));
  }

  void gaps_are_not_bridged() {
    std::vector<double> x(1000), y(1000, 1.0);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
    for (std::size_t i = 300; i < 400; ++i) y[i] = kNan;
    for (const int columns : {50, 2000}) {
      const DrawnRows rows = reduce_curve(Samples(x), Samples(y), {{0, 999}, 0, 1.0 * columns}, false, columns);
      QCOMPARE(rows.pieces.size(), std::size_t(2));
      QVERIFY(rows.rows[rows.pieces[1] - 1] < 300);
      QCOMPARE(rows.rows[rows.pieces[1]], 400u);
      QCOMPARE(rows.undefined, std::size_t(100));
      QVERIFY(!rows.skipped.empty());
    }
  }

  void logarithmic_axes_leave_out_what_they_cannot_show() {
    std::vector<double> x(1000), y(1000);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<double>(i + 1), y[i] = i % 10 == 0 ? -1.0 : 0.5 + static_cast<double>(i);
    const DrawnRows rows = reduce_curve(Samples(x), Samples(y), {{1, 1000}, 0, 60, true}, true, 60);
    QCOMPARE(rows.undefined, std::size_t(100));
    QCOMPARE(rows.points, std::size_t(900));
    for (const auto row : rows.rows) QVERIFY(y[row] > 0);
  }

  void off_scale_rows_are_counted_all() {
    const Data data = noisy(10'000, 3);
    std::size_t above = 0, below = 0;
    for (std::size_t i = 100; i < 9'000; ++i) above += data.y[i] > 1.5, below += data.y[i] < -2;
    const OffScale off = count_off_scale(data.y, {100, 9'000}, {-2, 1.5}, false);
    QCOMPARE(off.above, above);
    QCOMPARE(off.below, below);
  }

  void appending_leaves_earlier_copies_as_they_were() {
    SampleWriter writer;
    std::vector<double> all;
    std::vector<Samples> copies;
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
      std::vector<double> more(random() % 37);
      for (double& value : more) value = static_cast<double>(random() % 1000);
      writer.append(more);
      all.insert(all.end(), more.begin(), more.end());
      copies.push_back(writer.samples());
    }
    for (const Samples& copy : copies) {
      QVERIFY(std::equal(copy.values().begin(), copy.values().end(), all.begin()));
      double least = 0, greatest = 0;
      if (copy.size() < 10) continue;
      QVERIFY(copy.extremes(3, copy.size(), &least, &greatest));
      QCOMPARE(least, *std::min_element(all.begin() + 3, all.begin() + static_cast<std::ptrdiff_t>(copy.size())));
      QCOMPARE(greatest, *std::max_element(all.begin() + 3, all.begin() + static_cast<std::ptrdiff_t>(copy.size())));
    }
  }

  void smoothing_skips_what_is_undefined() {
    const std::vector<double> values = {1, kNan, 3, 5};
    const auto ema = smooth(values, {Smoothing::Kind::ema, 0.5});
    QCOMPARE(ema[0], 1.0);
    QVERIFY(std::isnan(ema[1]));
    QCOMPARE(ema[2], (0.25 * 1 + 0.5 * 3) / 0.75);
    const auto mean = smooth(values, {Smoothing::Kind::window, 3});
    QCOMPARE(mean[0], 1.0);
    QCOMPARE(mean[2], 4.0);
    QCOMPARE(mean[3], 4.0);
  }

  void ticks_are_ones_twos_and_fives() {
    const auto labels = [](const Range& range, bool log, bool whole, int wanted) {
      QStringList out;
      for (const Tick& tick : make_ticks(range, log, whole, wanted)) {
        if (!tick.label.empty()) out << QString::fromStdString(tick.label);
      }
      return out;
    };
    QCOMPARE(labels({0, 1204}, false, true, 5), QStringList({"0", "500", "1,000"}));
    QCOMPARE(labels({-0.31, 0.29}, false, false, 4), QStringList({"−0.2", "0", "0.2"}));
    QCOMPARE(labels({1, 3}, false, true, 20), QStringList({"1", "2", "3"}));
    QCOMPARE(labels({0.01, 100}, true, false, 10), QStringList({"0.01", "0.1", "1", "10", "100"}));
    QCOMPARE(labels({1'000'000, 2'000'000}, false, true, 2), QStringList({"1,000,000", "1,500,000", "2,000,000"}));
    QVERIFY(make_ticks({1, 1}, false, false, 5).empty());
  }

  void numbers_read_well() {
    QCOMPARE(format_fixed(-1234567.5, 1), std::string("−1,234,567.5"));
    QCOMPARE(format_fixed(-0.0001, 2), std::string("0.00"));
    QCOMPARE(format_value(kNan), std::string("undefined"));
    QCOMPARE(format_value(0.0000012), std::string("1.20×10⁻⁶"));
  }
};

QTEST_MAIN(TestReduce)
#include "test_reduce.moc"
