// SPDX-License-Identifier: Apache-2.0
// Band and pathways against the dynamics they are derived from (Theorem 3.1): random scores taken from real vectors.
#include <QTest>
#include <array>
#include <cmath>
#include <random>

#include "core/band/band.h"

using namespace bandscope;

namespace {

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

struct Pair {
  Vector w, l;
  Scores scores() const { return {std::sqrt(dot(w, w)), std::sqrt(dot(l, l)), dot(w, l)}; }
};

/// Two vectors of unlike size and any angle.
Pair random_pair(std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  const double size = std::exp(2 * normal(random)), common = 2 * normal(random);
  Pair pair;
  for (int i = 0; i < 3; ++i) {
    const double shared = common * normal(random);
    pair.w[i] = normal(random) + shared;
    pair.l[i] = size * (normal(random) + shared);
  }
  return pair;
}

}  // namespace

class TestBand : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void edges_and_centre() {
    const Scores scores{2.0, 3.0, 3.0};  // rho = 0.5
    QCOMPARE(scores.rho(), 0.5);
    QCOMPARE(scores.log_r_star(), std::log(1.5));
    const Band band = disentanglement_band(scores);
    QCOMPARE(band.lower, std::log(1.5) + std::log(0.5));
    QCOMPARE(band.upper, std::log(1.5) - std::log(0.5));
    QVERIFY(std::abs(slack(std::log(1.5), scores) - std::log(2.0)) < 1e-15);
    QVERIFY(slack(band.lower - 0.1, scores) < 0);
    QVERIFY(std::abs(slack(band.upper + 0.1, scores) + 0.1) < 1e-15);
  }

  void undefined_values_are_nan() {
    QVERIFY(std::isnan(Scores{}.rho()));
    QVERIFY(std::isnan(Scores{}.log_r_star()));
    QVERIFY(std::isnan(disentanglement_band({1, 1, 0}).lower));
    QVERIFY(std::isnan(disentanglement_band({1, 1, -0.5}).upper));
    QVERIFY(std::isnan(slack(0, {1, 1, -0.5})));
    QVERIFY(std::isnan(slack(NAN, {1, 1, 0.5})));
    QVERIFY(std::isnan(log_ratio(0, 1)));
    QVERIFY(std::isnan(log_ratio(1, -1)));
    QCOMPARE(log_ratio(2, 1), std::log(2.0));
    QCOMPARE(predicted_pathway(NAN, {1, 1, 0.5}), Pathway::undefined);
    QCOMPARE(predicted_pathway(0, {0, 1, 0}), Pathway::undefined);
  }

  void cosine_survives_rounding_and_extreme_norms() {
    QCOMPARE((Scores{1.0, 1.0, 1.0 + 1e-12}).rho(), 1.0);
    QVERIFY(std::abs(Scores{1e155, 1e155, 5e307}.rho() - 0.005) < 1e-15);  // the product of the norms is infinite
    QVERIFY(std::abs(Scores{1e-170, 1e170, 0.5}.rho() - 0.5) < 1e-15);
  }

  void velocities_are_those_of_a_small_gradient_step() {
    std::mt19937_64 random(3);
    for (int trial = 0; trial < 1000; ++trial) {
      const Pair pair = random_pair(random);
      const double d_w = std::exp(std::normal_distribution<double>()(random)), d_l = 0.7;
      Vector step;
      for (int i = 0; i < 3; ++i) step[i] = d_w * pair.w[i] - d_l * pair.l[i];  // Eq. (41), z linear in theta
      const Velocity velocity = likelihood_velocity(d_w, d_l, pair.scores());
      const double scale = 1 + dot(pair.w, pair.w) + dot(pair.l, pair.l);
      QVERIFY(std::abs(velocity.z_w - dot(step, pair.w)) < 1e-11 * scale);
      QVERIFY(std::abs(velocity.z_l - dot(step, pair.l)) < 1e-11 * scale);
      const Scores s = pair.scores();  // Corollary 3.2
      const double margin = d_w * s.norm_w * s.norm_w + d_l * s.norm_l * s.norm_l - (d_w + d_l) * s.dot;
      QVERIFY(std::abs(velocity.margin() - margin) < 1e-11 * scale);
    }
  }

  /// Table 2: the regime of the ratio tells the signs of the velocities, for every angle of the scores.
  void ratio_predicts_the_pathway() {
    std::mt19937_64 random(5);
    std::array<int, 5> seen{};
    int opposed = 0;
    for (int trial = 0; trial < 20000; ++trial) {
      const Scores scores = random_pair(random).scores();
      const double log_r = scores.log_r_star() + 2 * std::normal_distribution<double>()(random);
      const double d_l = std::exp(std::normal_distribution<double>()(random));
      const Band band = disentanglement_band(scores);
      if (std::min(std::abs(log_r - band.lower), std::abs(log_r - band.upper)) < 1e-9) continue;

      const Velocity velocity = likelihood_velocity(d_l * std::exp(log_r), d_l, scores);
      const Pathway predicted = predicted_pathway(log_r, scores);
      QCOMPARE(predicted, pathway_of(velocity.z_w, velocity.z_l));
      ++seen[static_cast<std::size_t>(predicted)];
      opposed += scores.rho() <= 0;
      if (scores.rho() > 0) {
        QCOMPARE(slack(log_r, scores) >= 0, predicted == Pathway::disentangled);
        QCOMPARE(log_r < band.lower, predicted == Pathway::both_fall);
      }
    }
    for (const Pathway pathway : {Pathway::both_rise, Pathway::both_fall, Pathway::disentangled}) {
      QVERIFY(seen[static_cast<std::size_t>(pathway)] > 1000);
    }
    QVERIFY(opposed > 1000);
  }

  void edges_belong_to_the_band() {
    const Scores scores{1.0, 1.0, 0.5};
    const Band band = disentanglement_band(scores);
    QCOMPARE(predicted_pathway(band.lower, scores), Pathway::disentangled);
    QCOMPARE(predicted_pathway(band.upper, scores), Pathway::disentangled);
    QCOMPARE(predicted_pathway(std::nextafter(band.lower, -9), scores), Pathway::both_fall);
    QCOMPARE(predicted_pathway(std::nextafter(band.upper, 9), scores), Pathway::both_rise);
  }

  /// Proposition 3.3: no ratio has more slack than r*.
  void slack_is_largest_at_r_star() {
    std::mt19937_64 random(9);
    int checked = 0;
    for (int trial = 0; trial < 2000; ++trial) {
      const Scores scores = random_pair(random).scores();
      if (!(scores.rho() > 0)) continue;
      const double best = slack(scores.log_r_star(), scores);
      QVERIFY(std::abs(best + std::log(scores.rho())) < 1e-12);
      const double elsewhere = scores.log_r_star() + std::normal_distribution<double>()(random);
      QVERIFY(slack(elsewhere, scores) <= best);
      ++checked;
    }
    QVERIFY(checked > 500);
  }

  void signs_of_changes() {
    QCOMPARE(pathway_of(1, 1), Pathway::both_rise);
    QCOMPARE(pathway_of(-1, -1), Pathway::both_fall);
    QCOMPARE(pathway_of(1, -1), Pathway::disentangled);
    QCOMPARE(pathway_of(0, -1), Pathway::disentangled);
    QCOMPARE(pathway_of(1, 0), Pathway::disentangled);
    QCOMPARE(pathway_of(-1, 1), Pathway::other);
    QCOMPARE(pathway_of(-1, 0), Pathway::other);
    QCOMPARE(pathway_of(0, 1), Pathway::other);
    QCOMPARE(pathway_of(0, 0), Pathway::undefined);
    QCOMPARE(pathway_of(NAN, 1), Pathway::undefined);
    QCOMPARE(to_string(Pathway::both_fall), std::string_view("both fall"));
    QCOMPARE(to_string(Pathway::undefined), std::string_view("undefined"));
  }
};

QTEST_GUILESS_MAIN(TestBand)
#include "test_band.moc"
