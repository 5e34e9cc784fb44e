// SPDX-License-Identifier: Apache-2.0
// The objectives' closed forms against the same losses written as formulas (differentiated by dual numbers) and against
// central differences, and the properties that the paper's Table 1 states.
#include <QTest>
#include <cmath>
#include <random>
#include <set>

#include "core/objective/formula.h"
#include "core/objective/objective.h"
#include "tests/core/objective_values.h"

using namespace bandscope;

namespace {

struct Written {
  const char* name;
  const char* mean;  ///< the loss with z as means
  const char* sum;   ///< nullptr: the same
};

// Table 1 and section A.3, and the objectives beyond them as their authors (or TRL) write them, once more. A formula
// has no variable for D_w: kl_w below is given as a parameter.
constexpr Written kWritten[] = {
    {"dpo",
     "-(1 - label_smoothing)*logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref)))"
     " - label_smoothing*logsigmoid(-beta*((zw - zl) - (zw_ref - zl_ref)))",
     nullptr},
    {"ti-dpo", "softplus(-beta*((zw - zl) - (zw_ref - zl_ref)))", nullptr},
    {"tdpo", "-logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref) + alpha*kl_w))", nullptr},
    {"ipo", "((zw - zl) - (zw_ref - zl_ref) - 1/(2*tau))^2", nullptr},
    {"r-dpo", "-logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref)) + alpha*(len_w - len_l))", nullptr},
    {"simpo", "-logsigmoid(beta*(zw - zl) - gamma)", "-logsigmoid(beta/len_w*zw - beta/len_l*zl - gamma)"},
    {"cpo", "-log(sigmoid(beta*(zw - zl))) - lambda*zw", nullptr},
    {"rrhf", "max(0, -(zw - zl)) - lambda*zw", nullptr},
    {"slic-hf", "relu(gamma - (zw - zl)) - lambda*zw", nullptr},
    {"kto", "lambda_w*sigmoid(zw_ref - zw) + lambda_l*sigmoid(zl - zl_ref)", nullptr},
    {"ddro",
     "log(2) - (zw - zw_ref) + log(2) - log(2 - exp(min(zl - zl_ref, log(2 - 1e-6))))"
     " + (2 - 1e-6)/1e-6*relu(zl - zl_ref - log(2 - 1e-6))",
     nullptr},
    {"dil-bce", "log(1 + exp(-(zw - zw_ref))) + log1p(exp(zl - zl_ref))", nullptr},
    {"dil-ukl", "exp(zl - zl_ref) - (zw - zw_ref)", nullptr},
    {"dil-lsif", "exp(2*(zl - zl_ref))/2 - exp(zw - zw_ref)", nullptr},
    {"robust-dpo",
     "(-(1 - label_smoothing)*logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref)))"
     " + label_smoothing*logsigmoid(-beta*((zw - zl) - (zw_ref - zl_ref))))/(1 - 2*label_smoothing)",
     nullptr},
    {"hinge", "relu(1 - beta*((zw - zl) - (zw_ref - zl_ref)))", nullptr},
    {"exo",
     "sigmoid(beta*((zw - zl) - (zw_ref - zl_ref)))"
     "*(logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref))) - log(1 - label_smoothing))"
     " + sigmoid(-beta*((zw - zl) - (zw_ref - zl_ref)))"
     "*(logsigmoid(-beta*((zw - zl) - (zw_ref - zl_ref))) - log(label_smoothing))",
     nullptr},
    {"nca", "-logsigmoid(beta*(zw - zw_ref)) - logsigmoid(-beta*(zw - zw_ref))/2 - logsigmoid(-beta*(zl - zl_ref))/2",
     nullptr},
    {"sppo", "(zw - zw_ref - 0.5/beta)^2 + (zl - zl_ref + 0.5/beta)^2", nullptr},
    {"apo-zero", "1 - sigmoid(beta*(zw - zw_ref)) + sigmoid(beta*(zl - zl_ref))", nullptr},
    {"apo-down", "sigmoid(beta*(zw - zw_ref)) + 1 - sigmoid(beta*((zw - zw_ref) - (zl - zl_ref)))", nullptr},
    {"discopop",
     "-logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref)))*(1 - sigmoid(beta*((zw - zl) - (zw_ref - zl_ref))/tau))"
     " + exp(-beta*((zw - zl) - (zw_ref - zl_ref)))*sigmoid(beta*((zw - zl) - (zw_ref - zl_ref))/tau)",
     nullptr},
    {"orpo", "-zw - lambda*logsigmoid((zw - log(1 - exp(zw))) - (zl - log(1 - exp(zl))))",
     "-zw/len_w - lambda*logsigmoid((zw/len_w - log(1 - exp(zw/len_w))) - (zl/len_l - log(1 - exp(zl/len_l))))"},
    {"dpop", "-logsigmoid(beta*((zw - zl) - (zw_ref - zl_ref) - lambda*max(0, zw_ref - zw)))", nullptr},
    {"cal-dpo", "-logsigmoid((zw - zl) - (zw_ref - zl_ref)) + (zw - zw_ref - 0.5/beta)^2 + (zl - zl_ref + 0.5/beta)^2",
     nullptr},
    {"simper", "exp(zl) - exp(zw)", "exp(zl/len_l) - exp(zw/len_w)"},
};

const Written& written(const std::string& name) {
  for (const Written& entry : kWritten) {
    if (name == entry.name) return entry;
  }
  qFatal("no formula for an objective of the table");
  std::abort();
}

PairLikelihoods random_pair(std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::uniform_int_distribution<int> length(1, 60);
  PairLikelihoods z;
  z.z_w = -8 + 2 * normal(random);
  z.z_l = -8 + 2 * normal(random);
  z.z_w_ref = z.z_w + normal(random);
  z.z_l_ref = z.z_l + normal(random);
  z.len_w = length(random);
  z.len_l = length(random);
  z.kl_w = std::abs(normal(random));
  return z;
}

}  // namespace

class TestObjectives : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void table_is_that_of_the_contract() {
    const std::vector<std::string> names = {
        "dpo",  "ti-dpo",   "tdpo",     "ipo",      "r-dpo",    "simpo",      "cpo",     "rrhf",  "slic-hf",
        "kto",  "ddro",     "dil-bce",  "dil-ukl",  "dil-lsif", "robust-dpo", "hinge",   "exo",   "nca",
        "sppo", "apo-zero", "apo-down", "discopop", "orpo",     "dpop",       "cal-dpo", "simper"};
    const std::set<std::string> disentangled = {"kto", "ddro", "dil-bce",  "dil-ukl", "dil-lsif",
                                                "nca", "sppo", "apo-zero", "simper"};
    QCOMPARE(objectives().size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const ObjectiveInfo& info = objectives()[i];
      QCOMPARE(info.name, names[i]);
      QCOMPARE(find_objective(info.name), &info);
      QCOMPARE(info.entangled, !disentangled.contains(info.name));
      for (const ObjectiveParameter& parameter : info.parameters) {
        QVERIFY(parameter.range.contains(parameter.default_value));
        QVERIFY(!parameter.help.empty());
      }
    }
    QCOMPARE(find_objective("no-such"), nullptr);
    QCOMPARE(find_objective("tdpo")->statistic, TokenStatistic::kl);
    QCOMPARE(find_objective("ti-dpo")->statistic, TokenStatistic::importance);
  }

  void defaults_are_those_of_the_contract() {
    const auto value = [](const char* name, const char* parameter) {
      return defaults(*find_objective(name)).at(parameter);
    };
    for (const char* name : {"dpo", "ti-dpo", "tdpo", "r-dpo", "simpo", "cpo", "robust-dpo", "hinge", "exo", "nca",
                             "sppo", "apo-zero", "apo-down", "discopop", "dpop", "cal-dpo"})
      QCOMPARE(value(name, "beta"), 0.1);
    QCOMPARE(value("dpo", "label_smoothing"), 0.0);
    QCOMPARE(value("robust-dpo", "label_smoothing"), 0.1);
    QCOMPARE(value("exo", "label_smoothing"), 1e-3);
    QCOMPARE(value("discopop", "tau"), 0.05);
    QCOMPARE(value("orpo", "lambda"), 0.1);
    QCOMPARE(value("dpop", "lambda"), 50.0);
    QCOMPARE(value("tdpo", "alpha"), 0.5);
    QCOMPARE(value("ipo", "tau"), 0.1);
    QCOMPARE(value("r-dpo", "alpha"), 0.01);
    QCOMPARE(value("simpo", "gamma"), 1.0);
    QCOMPARE(value("cpo", "lambda"), 1.0);
    QCOMPARE(value("rrhf", "lambda"), 0.1);
    QCOMPARE(value("slic-hf", "gamma"), 1.0);
    QCOMPARE(value("slic-hf", "lambda"), 0.1);
    QCOMPARE(value("kto", "lambda_w"), 1.0);
    QCOMPARE(value("kto", "lambda_l"), 1.0);
    for (const char* name : {"ddro", "dil-bce", "dil-ukl", "dil-lsif", "simper"})
      QVERIFY(find_objective(name)->parameters.empty());
  }

  void incentives_are_derivatives_of_the_loss_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("mean");
    for (std::size_t i = 0; i < objectives().size(); ++i) {
      for (const bool mean : {true, false}) {
        QTest::addRow("%s %s", objectives()[i].name.c_str(), mean ? "mean" : "sum") << static_cast<int>(i) << mean;
      }
    }
  }
  void incentives_are_derivatives_of_the_loss() {
    QFETCH(int, index);
    QFETCH(bool, mean);
    const ObjectiveInfo& info = objectives()[static_cast<std::size_t>(index)];
    const Written& loss = written(info.name);
    const ObjectiveInfo formula = formula_objective(!mean && loss.sum ? loss.sum : loss.mean);
    QCOMPARE(formula.needs_reference, info.needs_reference);

    std::mt19937_64 random(7);
    for (int trial = 0; trial < 500; ++trial) {
      const PairLikelihoods z = random_pair(random);
      ParameterValues values = defaults(info);
      for (auto& [name, value] : values) value *= std::exp(std::normal_distribution<double>(0, 0.7)(random));
      // A share below a half, also where the default is 0.
      if (values.contains("label_smoothing")) {
        values["label_smoothing"] = std::uniform_real_distribution<double>(1e-3, 0.45)(random);
      }
      const auto objective = info.make(values, mean ? Likelihood::mean : Likelihood::sum);
      values["kl_w"] = z.kl_w;
      const auto automatic = formula.make(values, Likelihood::mean);

      const Incentives got = objective->incentives(z), expected = automatic->incentives(z);
      QVERIFY2(close(objective->loss(z), automatic->loss(z), 1e-8), info.name.c_str());
      QVERIFY2(close(got.d_w, expected.d_w, 1e-7) && close(got.d_l, expected.d_l, 1e-7), info.name.c_str());

      // Central differences, away from the kinks of hinges and the stiff end of DDRO.
      const double h = 1e-5, u = z.z_l - z.z_l_ref;
      const double m = z.z_w - z.z_l;
      if (std::abs(u - std::log(2.0)) < 0.1 || std::abs(m) < 1e-3) continue;
      if (info.name == "slic-hf" && std::abs(m - values.at("gamma")) < 1e-3) continue;
      const double normalised = z.z_w - z.z_w_ref;
      if (info.name == "hinge" && std::abs(values.at("beta") * (normalised - u) - 1) < 1e-3) continue;
      if (info.name == "dpop" && std::abs(normalised) < 1e-3) continue;
      PairLikelihoods up = z, down = z;
      up.z_w += h, down.z_w -= h;
      QVERIFY(close(got.d_w, -(objective->loss(up) - objective->loss(down)) / (2 * h), 2e-5));
      up = down = z;
      up.z_l += h, down.z_l -= h;
      QVERIFY(close(got.d_l, (objective->loss(up) - objective->loss(down)) / (2 * h), 2e-5));
    }
  }

  void symmetric_objectives_push_both_alike() {
    std::mt19937_64 random(11);
    for (const char* name : {"dpo", "ti-dpo", "tdpo", "ipo", "r-dpo", "robust-dpo", "hinge", "exo", "discopop"}) {
      const auto objective = find_objective(name)->make(defaults(*find_objective(name)), Likelihood::sum);
      for (int trial = 0; trial < 100; ++trial) {
        const Incentives d = objective->incentives(random_pair(random));
        QCOMPARE(d.d_w, d.d_l);
      }
    }
  }

  void disentangled_incentives_do_not_see_the_other_response() {
    std::mt19937_64 random(13);
    for (const ObjectiveInfo& info : objectives()) {
      if (info.entangled) continue;
      const auto objective = info.make(defaults(info), Likelihood::mean);
      for (int trial = 0; trial < 100; ++trial) {
        const PairLikelihoods z = random_pair(random);
        PairLikelihoods other = z;
        other.z_l += 0.7;
        QCOMPARE(objective->incentives(other).d_w, objective->incentives(z).d_w);
        other = z;
        other.z_w += 0.7;
        QCOMPARE(objective->incentives(other).d_l, objective->incentives(z).d_l);
      }
    }
  }

  void incentives_are_not_negative_except_where_a_target_is_past() {
    // Those whose losses rise again somewhere.
    const std::set<std::string> with_target = {"ipo", "exo", "nca", "sppo", "cal-dpo", "apo-down", "discopop"};
    std::mt19937_64 random(17);
    for (const ObjectiveInfo& info : objectives()) {
      const auto objective = info.make(defaults(info), Likelihood::sum);
      for (int trial = 0; trial < 200; ++trial) {
        const Incentives d = objective->incentives(random_pair(random));
        if (!with_target.contains(info.name)) QVERIFY2(d.d_w >= 0 && d.d_l >= 0, info.name.c_str());
      }
    }
    const auto ipo = find_objective("ipo")->make({{"tau", 0.1}}, Likelihood::mean);
    QCOMPARE(ipo->incentives({.z_w = 5.0}).d_w, 0.0);  // target 1 / (2 * 0.1)
    QVERIFY(ipo->incentives({.z_w = 5.5}).d_w < 0);
    QCOMPARE(ipo->loss({.z_w = 5.0}), 0.0);
  }

  void at_the_reference() {
    const PairLikelihoods z{-3.25, -4.5, -3.25, -4.5, 7, 9};
    const auto at = [&](const char* name) {
      return find_objective(name)->make(defaults(*find_objective(name)), Likelihood::mean)->incentives(z);
    };
    QCOMPARE(at("dpo").d_w, 0.05);
    QCOMPARE(find_objective("dpo")->make(defaults(*find_objective("dpo")), Likelihood::mean)->loss(z), std::log(2.0));
    QCOMPARE(at("ipo").d_w, 10.0);
    QCOMPARE(at("kto").d_w, 0.25);
    QCOMPARE(at("ddro").d_l, 1.0);
    QCOMPARE(at("dil-bce").d_w, 0.5);
    QCOMPARE(at("dil-ukl").d_l, 1.0);
    QCOMPARE(at("dil-lsif").d_w, 1.0);
    QVERIFY(close(at("robust-dpo").d_l, 0.1 * (0.5 + 0.125)));
    QCOMPARE(at("hinge").d_w, 0.1);
    QVERIFY(close(at("exo").d_w, 0.025 * std::log(999.0)));
    QCOMPARE(at("nca").d_w, 0.025);
    QCOMPARE(at("nca").d_l, 0.025);
    QCOMPARE(at("sppo").d_w, 10.0);
    QCOMPARE(at("apo-zero").d_l, 0.025);
    QCOMPARE(at("apo-down").d_l, 0.025);
    QCOMPARE(at("dpop").d_w, 0.05);
    QCOMPARE(at("cal-dpo").d_l, 10.5);
  }

  void far_values_stay_finite() {
    for (const ObjectiveInfo& info : objectives()) {
      const bool grows_exponentially = info.name == "dil-ukl" || info.name == "dil-lsif" || info.name == "simper";
      for (const Likelihood likelihood : {Likelihood::mean, Likelihood::sum}) {
        const auto objective = info.make(defaults(info), likelihood);
        for (const double w : {-1e5, -1e3, -300.0, 0.0, 300.0, 1e3, 1e5}) {
          for (const double l : {-1e5, -1e3, -300.0, 0.0, 300.0, 1e3, 1e5}) {
            if (grows_exponentially && std::max(w, l) > 300) continue;
            const Incentives d = objective->incentives({.z_w = w, .z_l = l});
            QVERIFY2(std::isfinite(d.d_w) && std::isfinite(d.d_l), info.name.c_str());
            QVERIFY(std::isfinite(objective->loss({.z_w = w, .z_l = l})));
          }
        }
        const Incentives lost = objective->incentives({.z_w = NAN, .z_l = NAN});
        const bool indicator = info.name == "rrhf" || info.name == "slic-hf" || info.name == "hinge";
        if (!indicator) QVERIFY(std::isnan(lost.d_w) || std::isnan(lost.d_l) || info.name == "ddro");
        QVERIFY(std::isnan(objective->loss({.z_w = NAN, .z_l = NAN})));  // so that a step can notice
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestObjectives)
#include "test_objectives.moc"
