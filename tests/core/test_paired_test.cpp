// SPDX-License-Identifier: Apache-2.0
// Paired tests against closed forms and figures of scipy 1.17 and statsmodels (mcnemar(exact=True)).
#include <QTest>
#include <cmath>
#include <random>

#include "core/benchmark/paired_test.h"

using namespace bandscope;

class TestPairedTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void mcnemar_data() {
    QTest::addColumn<int>("gained");
    QTest::addColumn<int>("lost");
    QTest::addColumn<double>("p");
    QTest::newRow("nothing changed") << 0 << 0 << 1.0;
    QTest::newRow("five to none") << 5 << 0 << 2.0 / 32;
    QTest::newRow("one to five") << 1 << 5 << 0.21875;
    QTest::newRow("nine to three") << 9 << 3 << 0.14599609375;
    QTest::newRow("even") << 10 << 10 << 1.0;
    QTest::newRow("121 to 59") << 121 << 59 << 4.434449263755176e-06;
    QTest::newRow("beyond 2^-1074") << 600 << 520 << 0.018207019279300234;
    QTest::newRow("thousands") << 1500 << 1400 << 0.06598734966518381;
  }
  void mcnemar() {
    QFETCH(int, gained);
    QFETCH(int, lost);
    QFETCH(double, p);
    for (const double found :
         {mcnemar_p(std::size_t(gained), std::size_t(lost)), mcnemar_p(std::size_t(lost), std::size_t(gained))})
      QVERIFY2(std::abs(found - p) <= 1e-11 * p, qPrintable(QString::number(found, 'g', 17)));
  }

  void which_test_is_taken() {
    const std::vector<double> hits = {1, 0, 0, 1, 0, 1}, others = {1, 1, 1, 1, 0, 0}, shares = {1, 0.5, 0, 1, 0, 1};
    const PairedResult exact = paired_test(hits, others);
    QCOMPARE(int(exact.test), int(PairedTest::mcnemar));
    QCOMPARE(exact.gained, std::size_t(2));
    QCOMPARE(exact.lost, std::size_t(1));
    QCOMPARE(exact.items, std::size_t(6));
    QVERIFY(std::abs(exact.difference - 1.0 / 6) < 1e-15);
    QCOMPARE(exact.p, 1.0);  // two of three coins
    QCOMPARE(int(paired_test(hits, shares).test), int(PairedTest::bootstrap));
    const PairedResult none = paired_test({}, {});
    QVERIFY(none.test == PairedTest::none && none.p == 1 && !none.significant() && in_words(none.test).empty());
    QVERIFY_EXCEPTION_THROWN(paired_test(hits, std::span(others).first(5)), std::invalid_argument);
    QVERIFY(in_words(PairedTest::mcnemar).english() != in_words(PairedTest::bootstrap).english());
  }

  void bootstrap_ends() {
    const double smallest = 2.0 / (kBootstrapResamples + 1);
    QCOMPARE(bootstrap_p(std::vector<double>(30, 0.25)), smallest);
    QCOMPARE(bootstrap_p(std::vector<double>(30, -0.25)), smallest);
    QCOMPARE(bootstrap_p(std::vector<double>(30, 0.0)), 1.0);
    QCOMPARE(bootstrap_p({}), 1.0);
  }

  /// Of many values the mean is nearly normal: p is that of the z test with the deviation over n, not n - 1.
  void bootstrap_is_near_the_normal_test() {
    std::mt19937_64 random(7);
    for (const double shift : {0.0, 0.05, 0.1}) {
      std::vector<double> differences;
      double mean = 0, squares = 0;
      constexpr std::size_t count = 500;
      for (std::size_t i = 0; i < count; ++i) {
        differences.push_back(static_cast<double>(random() >> 11) / 9007199254740992.0 * 2 - 1 + shift);
        mean += differences.back() / count;
      }
      for (const double one : differences) squares += (one - mean) * (one - mean) / count;
      const double z = std::abs(mean) / std::sqrt(squares / count), normal = std::erfc(z / std::sqrt(2.0));
      const double found = bootstrap_p(differences);
      QVERIFY2(std::abs(found - normal) < 0.01 + 0.05 * normal,
               qPrintable(QStringLiteral("%1 for %2").arg(found).arg(normal)));
      QCOMPARE(bootstrap_p(differences), found);  // the same draws each time
    }
  }
};

QTEST_APPLESS_MAIN(TestPairedTest)
#include "test_paired_test.moc"
