// SPDX-License-Identifier: Apache-2.0
// Objectives and calibration against runs of an independent float64 implementation: what those recorded per pair and
// per step must come out of the scalar core alone.
#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/calibration/calibration.h"
#include "core/spec/objective_choice.h"
#include "core/spec/run_spec.h"

using namespace bandscope;
using nlohmann::json;

namespace {

const std::filesystem::path kRuns = std::filesystem::path(BANDSCOPE_SOURCE) / "tests/fixtures/golden/runs";

std::vector<double> numbers(const json& pairs, const char* name) { return pairs.at(name).get<std::vector<double>>(); }

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * (1 + std::abs(b)); }

double mean(const std::vector<double>& values, std::size_t from, std::size_t count) {
  double sum = 0;
  for (std::size_t i = from; i < from + count; ++i) sum += values[i];
  return sum / static_cast<double>(count);
}

}  // namespace

class TestGoldenScalars : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runs_data() {
    QTest::addColumn<QString>("file");
    for (const auto& entry : std::filesystem::directory_iterator(kRuns)) {
      if (entry.path().extension() == ".toml") {
        QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().string());
      }
    }
  }
  void runs() {
    QFETCH(QString, file);
    const std::filesystem::path path(file.toStdString());
    const RunSpec spec = load_run_specs(path).at(0);
    QCOMPARE(spec.run.name, path.stem().string());
    std::ifstream in(std::filesystem::path(path).replace_extension(".json"));
    const json golden = json::parse(in);
    const auto objective = make_objective(spec.objective);
    Calibration calibration({spec.calibration.enabled, spec.calibration.momentum, spec.calibration.clip});
    const bool per_step = spec.calibration.granularity == Granularity::step;
    const auto group = static_cast<std::size_t>(per_step ? spec.training.batch_size : spec.training.micro_batch);

    int checked = 0;
    for (const json& step : golden.at("steps")) {
      const json& pairs = step.at("pairs");
      const auto zw = numbers(pairs, "zw"), zl = numbers(pairs, "zl"), rw = numbers(pairs, "rw"),
                 rl = numbers(pairs, "rl");
      const auto lw = numbers(pairs, "lw"), ll = numbers(pairs, "ll"), dw = numbers(pairs, "dw"),
                 dl = numbers(pairs, "dl");
      const auto loss = numbers(pairs, "loss");
      // TDPO's constant D_w was not recorded.
      for (std::size_t i = 0; i < zw.size() && token_statistic(spec.objective) != TokenStatistic::kl; ++i) {
        const PairLikelihoods z{zw[i], zl[i], rw[i], rl[i], lw[i], ll[i]};
        const Incentives d = objective->incentives(z);
        QVERIFY(close(d.d_w, dw[i]) && close(d.d_l, dl[i]) && close(objective->loss(z), loss[i]));
        ++checked;
      }

      // The scores of each micro-batch were not recorded, so only the step's own scores give alpha as well.
      const Scores scores{step.at("score_norm_w"), step.at("score_norm_l"), step.at("score_dot")};
      QVERIFY(close(scores.rho(), step.at("rho")) && close(scores.log_r_star(), step.at("log_r_star")));
      QVERIFY(close(log_ratio(step.at("d_w"), step.at("d_l")), step.at("log_r")));
      CalibrationResult result;
      for (std::size_t from = 0; from < dw.size(); from += group) {
        result = calibration.update(mean(dw, from, group), mean(dl, from, group), scores);
      }
      QVERIFY(close(result.ema_log_r, step.at("ema_log_r")));
      if (per_step) {
        QVERIFY(close(result.ema_log_r_star, step.at("ema_log_r_star")));
        QVERIFY(close(result.alpha, step.at("alpha")));
      } else if (!spec.calibration.enabled) {
        QCOMPARE(result.alpha, step.at("alpha").get<double>());
      } else if (!spec.calibration.clip) {
        const double delta = step.at("ema_log_r_star").get<double>() - step.at("ema_log_r").get<double>();
        QVERIFY(close(std::exp(delta / 2), step.at("alpha")));
      }
    }
    if (token_statistic(spec.objective) != TokenStatistic::kl)
      QCOMPARE(std::int64_t{checked}, spec.training.steps.value() * spec.training.batch_size);
  }
};

QTEST_GUILESS_MAIN(TestGoldenScalars)
#include "test_golden_scalars.moc"
