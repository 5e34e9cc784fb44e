// SPDX-License-Identifier: Apache-2.0
// Averages, alpha and clipping, and what happens where the ratio is undefined.
#include <QTest>
#include <cmath>
#include <random>

#include "core/calibration/calibration.h"

using namespace bandscope;

namespace {

const Scores kScores{2.0, 3.0, 3.0};  // rho 0.5, log r* = log 1.5

double applied(double d_w, double d_l, const CalibrationResult& result) {
  return log_ratio(d_w * result.alpha, d_l / result.alpha);
}

}  // namespace

class TestCalibration : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// Proposition 3.4: the calibrated ratio is r*, exactly so where the averages are this update's values.
  void first_update_hits_the_centre() {
    Calibration calibration({true, 0.98, true});
    const CalibrationResult result = calibration.update(0.2, 0.5, kScores);
    QVERIFY(!result.uncalibrated);
    QVERIFY(std::abs(result.ema_log_r - std::log(0.4)) < 1e-15);
    QVERIFY(std::abs(result.ema_log_r_star - std::log(1.5)) < 1e-15);
    QVERIFY(std::abs(applied(0.2, 0.5, result) - kScores.log_r_star()) < 1e-14);
  }

  void averages_are_exponential_and_in_the_log_domain() {
    Calibration calibration({true, 0.9, false});
    calibration.update(0.2, 0.5, kScores);
    const CalibrationResult result = calibration.update(0.8, 0.1, {1.0, 1.0, 0.5});
    const double log_r = 0.9 * std::log(0.4) + 0.1 * std::log(8.0), log_r_star = 0.9 * std::log(1.5);
    QVERIFY(std::abs(result.ema_log_r - log_r) < 1e-14);
    QVERIFY(std::abs(result.ema_log_r_star - log_r_star) < 1e-14);
    QVERIFY(std::abs(result.alpha - std::exp(0.5 * (log_r_star - log_r))) < 1e-14);
  }

  /// Eq. (64): with clipping the calibrated ratio lies in the band that the averages give around this update's ratio.
  void clipping_bounds_the_applied_ratio() {
    std::mt19937_64 random(21);
    std::normal_distribution<double> normal;
    Calibration clipped({true, 0.98, true}), free({true, 0.98, false});
    int inside = 0, outside = 0;
    for (int step = 0; step < 2000; ++step) {
      const double d_w = std::exp(normal(random)), d_l = std::exp(normal(random));
      Scores scores{std::exp(normal(random)), std::exp(normal(random)), 0};
      const double rho = 0.05 + 0.9 * std::uniform_real_distribution<double>()(random);
      scores.dot = rho * scores.norm_w * scores.norm_l;
      const CalibrationResult result = clipped.update(d_w, d_l, scores);
      const double off_centre = applied(d_w, d_l, result) - result.ema_log_r_star;
      QVERIFY(off_centre <= -std::log(scores.rho()) + 1e-12 && off_centre >= std::log(scores.rho()) - 1e-12);
      const CalibrationResult unclipped = free.update(d_w, d_l, scores);
      QCOMPARE(unclipped.ema_log_r, result.ema_log_r);
      QVERIFY(std::abs(2 * std::log(unclipped.alpha) - (result.ema_log_r_star - result.ema_log_r)) < 1e-12);
      (std::abs(applied(d_w, d_l, unclipped) - result.ema_log_r_star) <= -std::log(scores.rho()) ? inside : outside)++;
    }
    QVERIFY(inside > 200 && outside > 200);  // both branches were taken
  }

  void opposed_scores_are_not_clipped() {
    for (const double dot : {0.0, -1.0}) {
      Calibration calibration({true, 0.9, true});
      calibration.update(0.2, 0.5, kScores);
      const CalibrationResult result = calibration.update(50.0, 0.1, {2.0, 3.0, dot});
      QVERIFY(std::abs(2 * std::log(result.alpha) - (result.ema_log_r_star - result.ema_log_r)) < 1e-14);
    }
  }

  void switched_off_averages_go_on_and_alpha_is_one() {
    Calibration on({true, 0.9, false}), off({false, 0.9, false});
    for (const double d : {0.1, 0.3, 0.9}) {
      const CalibrationResult a = on.update(d, 0.5, kScores), b = off.update(d, 0.5, kScores);
      QCOMPARE(b.alpha, 1.0);
      QCOMPARE(a.ema_log_r, b.ema_log_r);
      QCOMPARE(a.ema_log_r_star, b.ema_log_r_star);
    }
    off.set_enabled(true);
    QCOMPARE(off.update(0.2, 0.5, kScores).alpha, on.update(0.2, 0.5, kScores).alpha);
    off.set_momentum(0.0);
    QVERIFY(std::abs(off.update(0.2, 0.5, kScores).ema_log_r - std::log(0.4)) < 1e-15);
  }

  void nothing_defined_yet() {
    Calibration calibration({true, 0.9, true});
    CalibrationResult result = calibration.update(0.0, 0.5, {0.0, 1.0, 0.0});
    QVERIFY(result.uncalibrated && std::isnan(result.ema_log_r) && std::isnan(result.ema_log_r_star));
    QCOMPARE(result.alpha, 1.0);
    result = calibration.update(0.0, 0.5, kScores);  // scores exist now, incentives do not
    QVERIFY(result.uncalibrated && std::isnan(result.ema_log_r));
    QVERIFY(std::abs(result.ema_log_r_star - std::log(1.5)) < 1e-15);
    QCOMPARE(result.alpha, 1.0);
  }

  void undefined_values_leave_their_averages_alone_data() {
    QTest::addColumn<double>("d_w");
    QTest::addColumn<double>("norm_w");
    QTest::newRow("hinge off") << 0.0 << 2.0;
    QTest::newRow("at the limit") << 1e-12 << 2.0;
    QTest::newRow("negative") << -0.5 << 2.0;
    QTest::newRow("not a number") << std::nan("") << 2.0;
    QTest::newRow("infinite") << HUGE_VAL << 2.0;
    QTest::newRow("no score") << 0.7 << 0.0;
    QTest::newRow("lost score") << 0.7 << std::nan("");
  }
  void undefined_values_leave_their_averages_alone() {
    QFETCH(double, d_w);
    QFETCH(double, norm_w);
    const bool incentive_undefined = norm_w == 2.0;
    Calibration calibration({true, 0.9, true});
    calibration.update(0.2, 0.5, kScores);
    const CalibrationState before = calibration.state();
    // A cosine of almost 1 would clip alpha hard, were clipping not off here.
    const CalibrationResult result = calibration.update(d_w, 0.1, {norm_w, 3.0, 0.999 * norm_w * 3.0});
    const CalibrationState after = calibration.state();
    QVERIFY(result.uncalibrated);
    QVERIFY(std::isfinite(result.alpha));
    QVERIFY(std::abs(2 * std::log(result.alpha) - (result.ema_log_r_star - result.ema_log_r)) < 1e-14);
    if (incentive_undefined) {
      QCOMPARE(after.log_d_w, before.log_d_w);
      QCOMPARE(after.log_d_l, before.log_d_l);
    } else {
      QCOMPARE(after.log_norm_w, before.log_norm_w);
      QCOMPARE(after.log_norm_l, before.log_norm_l);
      QVERIFY(after.log_d_w != before.log_d_w);
    }
  }

  void just_above_the_limit_is_defined() {
    Calibration calibration({true, 0.9, true});
    QVERIFY(!calibration.update(1.1e-12, 1.0, {1.1e-12, 1.0, 0.0}).uncalibrated);
  }

  void a_saved_state_goes_on_exactly() {
    std::mt19937_64 random(4);
    const auto value = [&] { return std::exp(std::normal_distribution<double>()(random)); };
    Calibration whole({true, 0.98, true});
    Calibration part = whole;
    for (int step = 0; step < 40; ++step) {
      if (step == 17) part = Calibration(part.settings(), part.state());
      const double d_w = value(), d_l = value();
      const Scores scores{value(), value(), 0.1};
      QVERIFY(whole.update(d_w, d_l, scores).alpha == part.update(d_w, d_l, scores).alpha);  // to the bit
    }
  }
};

QTEST_GUILESS_MAIN(TestCalibration)
#include "test_calibration.moc"
