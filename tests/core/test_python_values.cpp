// SPDX-License-Identifier: Apache-2.0
// The Python package's arithmetic is held to values of the C++: packaging/python/tests/values.json, which its own tests
// read. With BANDSCOPE_WRITE_VALUES=1 the file is written anew.
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "core/calibration/calibration.h"
#include "tests/core/objective_values.h"

using namespace bandscope;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kPairs = 12, kUpdates = 30;

/// Numbers that every machine draws alike: std::mt19937_64 is fixed by the standard, its distributions are not.
class Draw {
 public:
  double operator()(double from, double to) {
    return std::round((from + (to - from) * static_cast<double>(engine_() >> 11) * 0x1p-53) * 1e6) / 1e6;
  }

 private:
  std::mt19937_64 engine_{18};
};

Json number(double x) { return std::isnan(x) ? Json() : Json(x); }

Json values_of(const ObjectiveInfo& info, Likelihood likelihood, Draw& draw) {
  const auto objective = info.make(defaults(info), likelihood);
  // Summed likelihoods stay near 0 too, where exponentials of them are no zeros.
  const double deepest = likelihood == Likelihood::mean ? -6 : -60;
  Json rows = Json::array();
  for (int i = 0; i < kPairs; ++i) {
    PairLikelihoods z;
    z.z_w = draw(deepest, -0.01);
    z.z_l = draw(deepest, -0.01);
    z.z_w_ref = z.z_w + draw(-3, 3);
    z.z_l_ref = z.z_l + draw(-3, 3);
    z.len_w = std::floor(draw(1, 40));
    z.len_l = std::floor(draw(1, 40));
    const Incentives d = objective->incentives(z);
    rows.push_back({z.z_w, z.z_l, z.z_w_ref, z.z_l_ref, z.len_w, z.len_l, objective->loss(z), d.d_w, d.d_l});
  }
  return rows;
}

Json objective_values(Draw& draw) {
  Json all = Json::object();
  for (const ObjectiveInfo& info : objectives()) {
    Json parameters = Json::object();
    for (const ObjectiveParameter& parameter : info.parameters) parameters[parameter.name] = parameter.default_value;
    all[info.name] = {{"needs_reference", info.needs_reference},
                      {"own_tokens", info.statistic != TokenStatistic::none},
                      {"parameters", parameters},
                      {"mean", values_of(info, Likelihood::mean, draw)},
                      {"sum", values_of(info, Likelihood::sum, draw)}};
  }
  return all;
}

/// Updates of one calibration, ratios that are undefined and cosines that are not positive among them.
Json calibration_values(const CalibrationSettings& settings, Draw& draw) {
  Calibration calibration(settings);
  Json updates = Json::array();
  for (int i = 0; i < kUpdates; ++i) {
    const double d_w = i % 7 == 3 ? 0 : draw(0.01, 2), d_l = i % 11 == 0 ? -0.5 : draw(0.01, 2);
    Scores scores{i % 13 == 5 ? 0 : draw(0.1, 3), draw(0.1, 3), 0};
    scores.dot = scores.norm_w * scores.norm_l * draw(-0.3, 1);
    const CalibrationResult result = calibration.update(d_w, d_l, scores);
    const Band band = disentanglement_band(scores);
    const double log_r = log_ratio(d_w, d_l);
    const double applied = log_r + 2 * std::log(result.alpha);
    updates.push_back({{"d_w", d_w},
                       {"d_l", d_l},
                       {"norm_w", scores.norm_w},
                       {"norm_l", scores.norm_l},
                       {"dot", scores.dot},
                       {"rho", number(scores.rho())},
                       {"log_r", number(log_r)},
                       {"log_r_star", number(scores.log_r_star())},
                       {"band_lower", number(band.lower)},
                       {"band_upper", number(band.upper)},
                       {"slack", number(slack(applied, scores))},
                       {"ema_log_r", number(result.ema_log_r)},
                       {"ema_log_r_star", number(result.ema_log_r_star)},
                       {"alpha", result.alpha},
                       {"uncalibrated", result.uncalibrated}});
  }
  return {{"enabled", settings.enabled},
          {"momentum", settings.momentum},
          {"clip", settings.clip},
          {"updates", std::move(updates)}};
}

Json all_values() {
  Draw draw;
  Json values = {{"about", "Made by tests/core/test_python_values.cpp"},
                 {"objectives", objective_values(draw)},
                 {"calibration", Json::array()}};
  for (const CalibrationSettings& settings :
       {CalibrationSettings{true, 0.9, true}, CalibrationSettings{true, 0.98, false},
        CalibrationSettings{false, 0.5, true}})
    values["calibration"].push_back(calibration_values(settings, draw));
  return values;
}

/// Equal but for the last digits, in which machines' logarithms and exponentials differ.
bool alike(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return close(a.get<double>(), b.get<double>(), 1e-12);
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (!a.is_structured()) return a == b;
  return std::equal(a.items().begin(), a.items().end(), b.items().begin(),
                    [](const auto& x, const auto& y) { return x.key() == y.key() && alike(x.value(), y.value()); });
}

}  // namespace

class TestPythonValues : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_fixture_is_of_this_arithmetic() {
    const std::string path = BANDSCOPE_SOURCE "/packaging/python/tests/values.json";
    const Json made = all_values();
    if (qEnvironmentVariableIsSet("BANDSCOPE_WRITE_VALUES")) {
      std::ofstream out(path);
      out << made.dump() << "\n";
      QVERIFY(out.good());
      return;
    }
    std::ifstream in(path);
    QVERIFY(in.good());
    QVERIFY2(alike(Json::parse(in), made),
             "values.json is of other arithmetic; run this with BANDSCOPE_WRITE_VALUES=1");
  }
};

QTEST_GUILESS_MAIN(TestPythonValues)
#include "test_python_values.moc"
