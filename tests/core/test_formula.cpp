// SPDX-License-Identifier: Apache-2.0
// Objectives written as formulas: grammar, exact derivatives, and errors that point at the character.
#include <QTest>
#include <cmath>
#include <functional>
#include <random>

#include "core/error.h"
#include "core/objective/formula.h"

using namespace bandscope;

namespace {

const PairLikelihoods kPair{-1.5, -2.25, -1.75, -2.0, 5, 8};

double value(const char* text, const ParameterValues& parameters = {}) {
  return formula_objective(text).make(parameters, Likelihood::mean)->loss(kPair);
}

std::string complaint(std::string_view text) {
  try {
    Formula::parse(text);
  } catch (const SpecError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

class TestFormula : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void arithmetic_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("expected");
    QTest::newRow("precedence") << QByteArray("1 + 2*3 - 8/4") << 5.0;
    QTest::newRow("left to right") << QByteArray("8 - 4 - 2 + 16/4/2") << 4.0;
    QTest::newRow("power is right to left") << QByteArray("2^3^2") << 512.0;
    QTest::newRow("power before sign") << QByteArray("-2^2") << -4.0;
    QTest::newRow("signed exponent") << QByteArray("2^-1") << 0.5;
    QTest::newRow("signs") << QByteArray("--3 + +2 - -1") << 6.0;
    QTest::newRow("parentheses") << QByteArray("((1 + 2))*3") << 9.0;
    QTest::newRow("number forms") << QByteArray(".5 + 1. + 2e1 + 1.5E-1") << 21.65;
    QTest::newRow("space") << QByteArray(" \t1\n+\r2 ") << 3.0;
    QTest::newRow("variables") << QByteArray("zw + 10*zl + 100*zw_ref + 1000*zl_ref + 1e4*len_w + 1e5*len_l")
                               << -1.5 - 22.5 - 175 - 2000 + 5e4 + 8e5;
    QTest::newRow("functions") << QByteArray(
                                      "exp(0) + log(1) + log1p(0) + sqrt(4) + abs(-3) + relu(-1) + relu(2) + tanh(0)")
                               << 8.0;
    QTest::newRow("two arguments") << QByteArray("min(1, 2) + 10*max(1, 2) + 100*pow(2, 3)") << 821.0;
    QTest::newRow("sigmoids") << QByteArray("sigmoid(0) + softplus(0) + logsigmoid(0)") << 0.5;
    QTest::newRow("step") << QByteArray("step(2) + step(0) + step(-1)") << 1.0;
  }
  void arithmetic() {
    QFETCH(QByteArray, text);
    QFETCH(double, expected);
    const double got = value(text.constData());
    QVERIFY2(std::abs(got - expected) < 1e-12 * (1 + std::abs(expected)), qPrintable(QString::number(got, 'g', 17)));
  }

  void derivatives_are_exact_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"exp(zw*zl/3)", "log(zw^2 + zl^2)", "log1p(exp(zw - zl))", "sqrt(zw^2 + 1)*zl", "abs(zw)*zl", "zw/zl",
          "zl/zw/2", "pow(zw^2 + 1, zl)", "(-zw)^zl", "zw^3", "zl^-2", "softplus(zw*zl)", "sigmoid(zw)*logsigmoid(zl)",
          "tanh(zw - zl*2)", "relu(zw - zl)*relu(zl - zw) + relu(zw + 9)", "min(zw, zl)*max(zw, zl*2)",
          "-(zw - -zl)*zw", "step(zw + 9)*zw*zl", "2^zw - 3^zl"}) {
      QTest::newRow(text) << QByteArray(text);
    }
  }
  void derivatives_are_exact() {
    QFETCH(QByteArray, text);
    const auto objective = formula_objective(text.constData()).make({}, Likelihood::mean);
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform(-3, -0.2);
    for (int trial = 0; trial < 50; ++trial) {
      PairLikelihoods z;
      z.z_w = uniform(random);
      z.z_l = uniform(random);
      if (std::abs(z.z_w - z.z_l) < 0.01 || std::abs(z.z_w - 2 * z.z_l) < 0.01) continue;
      const double h = 1e-6;
      const auto slope = [&](double PairLikelihoods::*member) {
        PairLikelihoods up = z, down = z;
        up.*member += h, down.*member -= h;
        return (objective->loss(up) - objective->loss(down)) / (2 * h);
      };
      const Incentives d = objective->incentives(z);
      QVERIFY(std::abs(d.d_w + slope(&PairLikelihoods::z_w)) < 1e-6 * (1 + std::abs(d.d_w)));
      QVERIFY(std::abs(d.d_l - slope(&PairLikelihoods::z_l)) < 1e-6 * (1 + std::abs(d.d_l)));
    }
  }

  /// Per token whatever z is, with the chain rule's factor; ids do not count where z is a mean already.
  void means_per_token() {
    for (const auto likelihood : {Likelihood::mean, Likelihood::sum}) {
      const double to_w = likelihood == Likelihood::sum ? 1.0 / 5 : 1.0,
                   to_l = likelihood == Likelihood::sum ? 1.0 / 8 : 1.0;
      const auto objective = formula_objective("zw_mean^2 - 3*zl_mean + zw_ref_mean*zl_ref_mean").make({}, likelihood);
      QVERIFY(std::abs(objective->loss(kPair) - (2.25 * to_w * to_w + 6.75 * to_l + 1.75 * to_w * 2.0 * to_l)) < 1e-12);
      const Incentives d = objective->incentives(kPair);
      QVERIFY(std::abs(d.d_w - 3.0 * to_w * to_w) < 1e-12);
      QVERIFY(std::abs(d.d_l + 3.0 * to_l) < 1e-12);
    }
    QVERIFY(formula_objective("zw_ref_mean - zw").needs_reference && !formula_objective("zw_mean").needs_reference);
    QCOMPARE(formula_variables(),
             std::string("zw zl zw_ref zl_ref zw_mean zl_mean zw_ref_mean zl_ref_mean len_w len_l"));
  }

  void kinks_and_poles_of_constants_do_not_spread() {
    const auto objective = formula_objective("sqrt(len_w - 5)*zw + relu(zw - zw) - zl").make({}, Likelihood::mean);
    const Incentives d = objective->incentives(kPair);
    QCOMPARE(d.d_w, 0.0);
    QCOMPARE(d.d_l, -1.0);
  }

  void far_arguments_stay_finite() {
    const auto objective =
        formula_objective("softplus(-beta*(zw-zl)) - logsigmoid(zl)").make({{"beta", 1.0}}, Likelihood::sum);
    for (const double z : {-1e5, 1e5}) {
      const Incentives d = objective->incentives({.z_w = z, .z_l = -z});
      QVERIFY(std::isfinite(d.d_w) && std::isfinite(d.d_l));
    }
    const auto saturated = formula_objective("tanh(zw)").make({}, Likelihood::sum);
    QCOMPARE(saturated->incentives({.z_w = -1e5}).d_w, 0.0);
  }

  void parameters_are_named_in_order() {
    const Formula formula = Formula::parse("softplus(-beta*(zw - zl)) + k_2*zw + beta");
    QCOMPARE(formula.parameters().size(), 2u);
    QCOMPARE(formula.parameters()[0].name, std::string("beta"));
    QCOMPARE(formula.parameters()[0].character, 11);
    QCOMPARE(formula.parameters()[1].name, std::string("k_2"));
    QVERIFY(!formula.uses_reference());
    QVERIFY(Formula::parse("zw - zl_ref").uses_reference());
    QCOMPARE(value("a*zw + b", {{"a", 2.0}, {"b", 0.5}}), -2.5);
    QVERIFY(is_formula_parameter("beta") && is_formula_parameter("_x9"));
    for (const char* name : {"", "9x", "a-b", "zw", "exp", "loss", "name", "likelihood"})
      QVERIFY(!is_formula_parameter(name));
  }

  void errors_point_at_the_character_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("character");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("empty") << QByteArray("") << 1 << QByteArray("the formula ends");
    QTest::newRow("sign at the end") << QByteArray("zw -") << 5 << QByteArray("the formula ends");
    QTest::newRow("foreign character") << QByteArray("zw + @") << 6 << QByteArray("was expected");
    QTest::newRow("open parenthesis") << QByteArray("(zw + zl") << 9 << QByteArray("\")\" was expected");
    QTest::newRow("stray parenthesis") << QByteArray("zw)") << 3 << QByteArray("operator or the end");
    QTest::newRow("two values") << QByteArray("zw zl") << 4 << QByteArray("operator or the end");
    QTest::newRow("no such function") << QByteArray("1 + sin(zw)") << 5 << QByteArray("exp log log1p");
    QTest::newRow("function without call") << QByteArray("exp + 1") << 5 << QByteArray("is a function");
    QTest::newRow("too few arguments") << QByteArray("max(zw)") << 7 << QByteArray("takes 2 arguments");
    QTest::newRow("too many arguments") << QByteArray("exp(zw, zl)") << 7 << QByteArray("takes 1 argument");
    QTest::newRow("python's power") << QByteArray("zw**2") << 4 << QByteArray("written with ^");
    QTest::newRow("number with letters") << QByteArray("2zw") << 2 << QByteArray("after a number");
    QTest::newRow("two points") << QByteArray("1.2.3") << 4 << QByteArray("after a number");
    QTest::newRow("number too large") << QByteArray("zw*1e999") << 4 << QByteArray("no number");
    QTest::newRow("lone point") << QByteArray(".") << 1 << QByteArray("no number");
    QTest::newRow("reserved name") << QByteArray("zw*loss") << 4 << QByteArray("cannot be a parameter");
    QTest::newRow("zero byte") << QByteArray("zw\0+1", 5) << 3 << QByteArray("operator or the end");
    QTest::newRow("letters of another script") << QByteArray("zw*β") << 4 << QByteArray(">>> β");
  }
  void errors_point_at_the_character() {
    QFETCH(QByteArray, text);
    QFETCH(int, character);
    QFETCH(QByteArray, part);
    const std::string message = complaint({text.constData(), static_cast<std::size_t>(text.size())});
    QVERIFY2(message.find("at character " + std::to_string(character) + " (") != std::string::npos, message.c_str());
    QVERIFY2(message.find(part.toStdString()) != std::string::npos, message.c_str());
  }

  void excerpt_shows_the_place() {
    QCOMPARE(complaint("softplus(-beta*@zw)"),
             std::string(
                 "the formula is wrong at character 16 (\"softplus(-beta* >>> @zw)\"): a number, a name or \"(\" was "
                 "expected"));
    const std::string far = formula_excerpt(std::string(100, 'a') + "@" + std::string(100, 'b'), 101).english();
    QCOMPARE(far, "at character 101 (\"..." + std::string(24, 'a') + " >>> @" + std::string(23, 'b') + "...\")");
  }

  void hostile_formulas_are_refused() {
    QVERIFY(complaint(std::string(5000, '(')).find("nested") != std::string::npos);
    QVERIFY(complaint(std::string(5000, '-') + "1").find("nested") != std::string::npos);
    QVERIFY(complaint("2" + std::string(4000, '^')).find("expected") != std::string::npos);
    QVERIFY(complaint(std::string(20000, '1')).find("20000 characters") != std::string::npos);
    std::mt19937_64 random(2);
    const std::string alphabet = "zwl_ref()+-*/^.,0123456789exp max\t@\xc3";
    int accepted = 0;
    for (int trial = 0; trial < 20000; ++trial) {
      std::string text;
      for (std::size_t length = random() % 12; text.size() < length;) text += alphabet[random() % alphabet.size()];
      if (complaint(text).empty()) {
        const ObjectiveInfo info = formula_objective(text);
        ParameterValues values;
        for (const ObjectiveParameter& parameter : info.parameters) values[parameter.name] = 0.5;
        info.make(values, Likelihood::mean)->incentives(kPair);
        ++accepted;
      }
    }
    QVERIFY(accepted > 50);
  }
};

QTEST_GUILESS_MAIN(TestFormula)
#include "test_formula.moc"
