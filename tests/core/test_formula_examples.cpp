// SPDX-License-Identifier: Apache-2.0
// The library of formulas: each is read with the parameters it names, gives the numbers of the objective that it is,
// and the incentives of its own loss.
#include <QTest>
#include <cmath>
#include <random>
#include <set>

#include "core/objective/formula.h"
#include "core/objective/formula_examples.h"
#include "tests/core/objective_values.h"

using namespace bandscope;

namespace {

ParameterValues values_of(const FormulaExample& example) {
  return {example.parameters.begin(), example.parameters.end()};
}

/// Pairs as early training sees them, and far ones, whose means per token are below 0.
std::vector<PairLikelihoods> pairs(Likelihood likelihood) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> z(-4, -0.05), off(-0.8, 0.8), length(2, 60);
  std::vector<PairLikelihoods> result;
  for (int i = 0; i < 60; ++i) {
    PairLikelihoods pair;
    pair.len_w = std::floor(length(random)), pair.len_l = std::floor(length(random));
    const bool sum = likelihood == Likelihood::sum;
    const double by_w = sum ? pair.len_w : 1.0, by_l = sum ? pair.len_l : 1.0;
    pair.z_w = z(random) * by_w, pair.z_l = z(random) * by_l;
    pair.z_w_ref = pair.z_w + off(random) * by_w, pair.z_l_ref = pair.z_l + off(random) * by_l;
    result.push_back(pair);
  }
  return result;
}

}  // namespace

class TestFormulaExamples : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void incentives_data() {
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("sum");
    for (int i = 0; i < int(formula_examples().size()); ++i)
      for (const bool sum : {false, true})
        QTest::addRow("%s, %s", formula_examples()[std::size_t(i)].title.english().c_str(), sum ? "sum" : "mean")
            << i << sum;
  }
  void incentives() {
    QFETCH(int, number);
    QFETCH(bool, sum);
    const FormulaExample& example = formula_examples()[std::size_t(number)];
    const auto likelihood = sum ? Likelihood::sum : Likelihood::mean;
    const ObjectiveInfo info = formula_objective(example.formula);
    QCOMPARE(info.parameters.size(), example.parameters.size());
    for (std::size_t i = 0; i < info.parameters.size(); ++i)
      QCOMPARE(info.parameters[i].name, example.parameters[i].first);
    const auto formula = info.make(values_of(example), likelihood);
    std::unique_ptr<Objective> built_in;
    if (!example.objective.empty()) {
      const ObjectiveInfo* own = find_objective(example.objective);
      QVERIFY(own);
      QCOMPARE(info.needs_reference, own->needs_reference);
      ParameterValues values = defaults(*own);
      for (const auto& [name, value] : example.parameters) {
        QVERIFY2(values.contains(name), name.c_str());
        QVERIFY2(values[name] == value, name.c_str());  // the form offers the objective as it is
      }
      built_in = own->make(values, likelihood);
    }
    for (const PairLikelihoods& z : pairs(likelihood)) {
      const Incentives d = formula->incentives(z);
      if (built_in) {
        const Incentives own = built_in->incentives(z);
        QVERIFY(close(formula->loss(z), built_in->loss(z)));
        QVERIFY(close(d.d_w, own.d_w) && close(d.d_l, own.d_l));
      }
      const auto slope = [&](double PairLikelihoods::*member) {
        constexpr double h = 1e-6;
        PairLikelihoods up = z, down = z;
        up.*member += h, down.*member -= h;
        return (formula->loss(up) - formula->loss(down)) / (2 * h);
      };
      if (std::abs(z.z_w - z.z_l) < 1e-4 || std::abs(z.z_w - z.z_w_ref) < 1e-4) continue;  // kinks
      QVERIFY(std::abs(d.d_w + slope(&PairLikelihoods::z_w)) < 1e-5 * (1 + std::abs(d.d_w)));
      QVERIFY(std::abs(d.d_l - slope(&PairLikelihoods::z_l)) < 1e-5 * (1 + std::abs(d.d_l)));
      if (example.objective != "ipo") QVERIFY(d.d_w > -1e-12 && d.d_l > -1e-12);
    }
  }

  void titles_differ() {
    std::set<std::string> titles, formulas;
    for (const FormulaExample& example : formula_examples()) {
      titles.insert(example.title.english());
      formulas.insert(example.formula);
    }
    QCOMPARE(titles.size(), formula_examples().size());
    QCOMPARE(formulas.size(), formula_examples().size());
  }
};

QTEST_GUILESS_MAIN(TestFormulaExamples)
#include "test_formula_examples.moc"
