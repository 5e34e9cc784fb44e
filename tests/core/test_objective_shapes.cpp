// SPDX-License-Identifier: Apache-2.0
// Where the objectives bend: hinges, targets, poles, and the factor of those that look at means per token.
#include <QTest>
#include <cmath>

#include "tests/core/objective_values.h"

using namespace bandscope;

class TestObjectiveShapes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void targets_are_where_the_incentive_changes_its_sign() {
    const auto with = [](const char* name, const ParameterValues& values) {
      return find_objective(name)->make(values, Likelihood::mean);
    };
    const double logit = std::log(3.0);  // of 1 - label_smoothing = 3/4
    for (const char* name : {"dpo", "exo"}) {
      const auto smoothed = with(name, {{"beta", 2.0}, {"label_smoothing", 0.25}});
      QVERIFY(smoothed->incentives({.z_w = logit / 2 - 1e-9}).d_w > 0);
      QVERIFY(smoothed->incentives({.z_w = logit / 2 + 1e-9}).d_w < 0);
    }
    QVERIFY(std::abs(with("exo", {{"beta", 2.0}, {"label_smoothing", 0.25}})->loss({.z_w = logit / 2})) < 1e-15);
    const auto nca = with("nca", {{"beta", 1.0}});
    QVERIFY(nca->incentives({.z_w = std::log(2.0) - 1e-9}).d_w > 0);
    QVERIFY(nca->incentives({.z_w = std::log(2.0) + 1e-9}).d_w < 0);
    const auto sppo = with("sppo", {{"beta", 0.25}});
    QCOMPARE(sppo->loss({.z_w = 2.0, .z_l = -2.0}), 0.0);
    QVERIFY(sppo->incentives({.z_w = 2.5, .z_l = -2.5}).d_w < 0);
    QVERIFY(sppo->incentives({.z_w = 2.5, .z_l = -2.5}).d_l < 0);
    const auto down = with("apo-down", {{"beta", 1.0}});
    QCOMPARE(down->incentives({}).d_w, 0.0);
    QVERIFY(down->incentives({.z_w = 1.0, .z_l = 0.5}).d_w > 0);
    QVERIFY(down->incentives({.z_w = 0.5, .z_l = -0.5}).d_w < 0);
    const auto disco = with("discopop", {{"beta", 0.1}, {"tau", 0.05}});
    QVERIFY(disco->incentives({}).d_w < 0);
    QVERIFY(disco->incentives({.z_w = 10.0}).d_w > 0);
    QVERIFY(disco->incentives({.z_l = 10.0}).d_w > 0);
  }

  void hinges_let_go_at_their_margin() {
    const auto rrhf = find_objective("rrhf")->make({{"lambda", 0.25}}, Likelihood::mean);
    QCOMPARE(rrhf->incentives({.z_w = 0.0, .z_l = 0.0}).d_l, 0.0);
    QCOMPARE(rrhf->incentives({.z_w = -1e-9, .z_l = 0.0}).d_l, 1.0);
    QCOMPARE(rrhf->incentives({.z_w = -1e-9, .z_l = 0.0}).d_w, 1.25);
    const auto slic = find_objective("slic-hf")->make({{"gamma", 2.0}, {"lambda", 0.25}}, Likelihood::mean);
    QCOMPARE(slic->incentives({.z_w = 2.0}).d_w, 0.25);
    QCOMPARE(slic->incentives({.z_w = 1.999}).d_w, 1.25);
    const auto hinge = find_objective("hinge")->make({{"beta", 0.5}}, Likelihood::mean);
    QCOMPARE(hinge->incentives({.z_w = 2.0}).d_w, 0.0);
    QCOMPARE(hinge->incentives({.z_w = 1.999}).d_l, 0.5);
    const auto dpop = find_objective("dpop")->make({{"beta", 1.0}, {"lambda", 4.0}}, Likelihood::mean);
    QCOMPARE(dpop->incentives({}).d_w, 0.5);
    QVERIFY(close(dpop->incentives({.z_w = -1e-12}).d_w, 2.5));
  }

  void ddro_goes_on_straight_beyond_its_pole() {
    const auto ddro = find_objective("ddro")->make({}, Likelihood::mean);
    const double knee = std::log(2.0 - 1e-6), slope = (2.0 - 1e-6) / 1e-6;
    const auto loss = [&](double u) { return ddro->loss({.z_l = u}); };
    QVERIFY(close(ddro->incentives({.z_l = knee}).d_l, slope, 1e-8));
    QVERIFY(close(ddro->incentives({.z_l = std::nextafter(knee, 0)}).d_l, slope, 1e-8));
    QVERIFY(close(loss(std::nextafter(knee, 0)), loss(knee), 1e-8));
    for (const double beyond : {knee + 1e-9, 0.7, 1.0, 50.0}) {
      QCOMPARE(ddro->incentives({.z_l = beyond}).d_l, slope);
      QVERIFY(close(loss(beyond), loss(knee) + slope * (beyond - knee)));
    }
  }

  void orpo_goes_on_straight_beyond_its_pole() {
    const auto orpo = find_objective("orpo")->make({{"lambda", 2.0}}, Likelihood::mean);
    const double knee = std::log1p(-1e-6), before = std::nextafter(knee, -1);
    for (const bool chosen : {true, false}) {
      const auto at = [&](double z) {
        return chosen ? PairLikelihoods{.z_w = z, .z_l = -1e-5} : PairLikelihoods{.z_w = -1.0, .z_l = z};
      };
      const Incentives left = orpo->incentives(at(before)), right = orpo->incentives(at(knee));
      QVERIFY(close(left.d_w, right.d_w, 1e-6) && close(left.d_l, right.d_l, 1e-6));
      QVERIFY(close(orpo->loss(at(before)), orpo->loss(at(knee)), 1e-8));
    }
    QVERIFY(close(orpo->incentives({.z_w = -1.0, .z_l = 0.0}).d_l, 2.0 / 1e-6, 1e-5));
  }

  void the_per_token_objectives_see_means_of_sums() {
    for (const char* name : {"orpo", "simper"}) {
      const ObjectiveInfo& info = *find_objective(name);
      const auto mean = info.make(defaults(info), Likelihood::mean), sum = info.make(defaults(info), Likelihood::sum);
      const Incentives by_mean = mean->incentives({-1.5, -2.5, 0, 0, 4, 8});
      const Incentives by_sum = sum->incentives({-6.0, -20.0, 0, 0, 4, 8});
      QVERIFY(close(by_sum.d_w, by_mean.d_w / 4) && close(by_sum.d_l, by_mean.d_l / 8));
      QVERIFY(close(sum->loss({-6.0, -20.0, 0, 0, 4, 8}), mean->loss({-1.5, -2.5, 0, 0, 4, 8})));
    }
  }
};

QTEST_GUILESS_MAIN(TestObjectiveShapes)
#include "test_objective_shapes.moc"
