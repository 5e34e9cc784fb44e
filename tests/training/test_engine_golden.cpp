// SPDX-License-Identifier: Apache-2.0
// Eight or ten steps of fifteen runs against the same runs computed in float64 by an independent implementation
// (Hugging Face transformers and autograd): seven families, full and LoRA, both score scopes and granularities, ten
// objectives. The engine computes in float32, hence |a - b| <= 2e-4 + 1e-3 |b|, and 2e-4 + 2e-5 |b| for
// log-likelihoods; on a GPU, where there is one, the former bound for all.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>
#include <limits>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

namespace {

constexpr double absolute = 2e-4, relative = 1e-3, relative_likelihood = 2e-5;

struct Name {
  Column column;
  const char* name;
};
constexpr Name likelihoods[] = {{Column::z_w, "z_w"},
                                {Column::z_l, "z_l"},
                                {Column::z_w_ref, "z_w_ref"},
                                {Column::z_l_ref, "z_l_ref"},
                                {Column::margin, "margin"}};
constexpr Name others[] = {{Column::loss, "loss"},
                           {Column::d_w, "d_w"},
                           {Column::d_l, "d_l"},
                           {Column::score_norm_w, "score_norm_w"},
                           {Column::score_norm_l, "score_norm_l"},
                           {Column::score_dot, "score_dot"},
                           {Column::rho, "rho"},
                           {Column::log_r, "log_r"},
                           {Column::log_r_star, "log_r_star"},
                           {Column::ema_log_r, "ema_log_r"},
                           {Column::ema_log_r_star, "ema_log_r_star"},
                           {Column::alpha, "alpha"},
                           {Column::grad_norm, "grad_norm"}};

double number(const QJsonValue& value) {
  return value.isNull() ? std::numeric_limits<double>::quiet_NaN() : value.toDouble();
}

bool close(double own, double golden, double rel) {
  if (std::isnan(own) || std::isnan(golden)) return std::isnan(own) && std::isnan(golden);
  return std::abs(own - golden) <= absolute + rel * std::abs(golden);
}

std::string fault(const std::string& what, std::int64_t step, double own, double golden) {
  return what + " at step " + std::to_string(step) + " is " + std::to_string(own) + ", golden " +
         std::to_string(golden);
}

/// `rel_likelihood`: relative bound of log-likelihoods.
std::string compare_steps(const RecordReader& record, const QJsonArray& steps, double rel_likelihood) {
  const auto compare = [&](const Name& name, double rel) -> std::string {
    const auto own = record.column(name.column);
    for (int i = 0; i < steps.size(); ++i) {
      const double expected = number(steps[i].toObject()[name.name]);
      if (!close(own[static_cast<std::size_t>(i)], expected, rel))
        return fault(name.name, i + 1, own[static_cast<std::size_t>(i)], expected);
    }
    return "";
  };
  for (const Name& name : likelihoods)
    if (const std::string what = compare(name, rel_likelihood); !what.empty()) return what;
  for (const Name& name : others)
    if (const std::string what = compare(name, relative); !what.empty()) return what;
  return "";
}

std::string compare_pairs(const RecordReader& record, const QJsonArray& steps, double rel_likelihood) {
  const auto rows = record.pair_rows();
  std::size_t next = 0;
  for (int i = 0; i < steps.size(); ++i) {
    const QJsonObject pairs = steps[i].toObject()["pairs"].toObject();
    const int count = static_cast<int>(pairs["zw"].toArray().size());
    for (int k = 0; k < count; ++k, ++next) {
      if (next >= rows.size()) return "only " + std::to_string(rows.size()) + " pair rows";
      const PairRow& row = rows[next];
      if (row.step != i + 1) return "pair row " + std::to_string(next) + " belongs to step " + std::to_string(row.step);
      const auto golden_at = [&](const char* key) { return number(pairs[key].toArray()[k]); };
      const struct {
        const char* key;
        double own, rel;
      } all[] = {{"zw", row.z_w, rel_likelihood},
                 {"zl", row.z_l, rel_likelihood},
                 {"rw", row.z_w_ref, rel_likelihood},
                 {"rl", row.z_l_ref, rel_likelihood},
                 {"dw", row.d_w, relative},
                 {"dl", row.d_l, relative},
                 {"lw", static_cast<double>(row.tokens_w), 0.0},
                 {"ll", static_cast<double>(row.tokens_l), 0.0}};
      for (const auto& one : all)
        if (!close(one.own, golden_at(one.key), one.rel))
          return fault(std::string("pairs/") + one.key, i + 1, one.own, golden_at(one.key));
    }
  }
  return next == rows.size()
             ? ""
             : std::to_string(rows.size()) + " pair rows where " + std::to_string(next) + " are expected";
}

}  // namespace

class TestEngineGolden : public QObject {
  Q_OBJECT

  EngineBox box_;

  static void runs() {
    QTest::addColumn<QString>("name");
    for (const QString& file : QDir(golden("runs")).entryList({"*.toml"}, QDir::Files))
      QTest::newRow(qPrintable(file.chopped(5))) << file.chopped(5);
  }

  /// "" or what the record in `runs` has otherwise than the golden run.
  std::string faults(const QString& name, const QString& runs, double rel_likelihood) const {
    QFile file(golden("runs/" + name + ".json"));
    if (!file.open(QIODevice::ReadOnly)) return "there is no golden run";
    const QJsonArray steps = QJsonDocument::fromJson(file.readAll()).object()["steps"].toArray();
    const RecordReader record = RecordReader::open(box_.file(runs + "/" + name + "/run.h5"));
    if (steps.isEmpty() || record.steps() != static_cast<std::size_t>(steps.size()))
      return std::to_string(record.steps()) + " steps";
    if (record.state() != RunState::done) return "the run is not done";
    const std::string in_steps = compare_steps(record, steps, rel_likelihood);
    return in_steps.empty() ? compare_pairs(record, steps, rel_likelihood) : in_steps;
  }

 private Q_SLOTS:
  void agrees_data() { runs(); }
  void agrees() {
    QFETCH(QString, name);
    const Ended end = box_.train(golden("runs/" + name + ".toml"), "runs");
    QVERIFY2(end.code == 0, qPrintable(end.error));
    SAME(faults(name, "runs", relative_likelihood));
  }

  void agrees_on_a_gpu_data() { runs(); }
  void agrees_on_a_gpu() {
    QFETCH(QString, name);
    const Ended end = box_.train(golden("runs/" + name + ".toml"), "gpu", {"run.device=cuda"});
    if (end.code == 2 && end.message().contains("is not usable")) QSKIP("no GPU");
    QVERIFY2(end.code == 0, qPrintable(end.error));
    SAME(faults(name, "gpu", relative));
  }

  void all_are_there() { QCOMPARE(QDir(golden("runs")).entryList({"*.toml"}, QDir::Files).size(), 15); }
};

QTEST_GUILESS_MAIN(TestEngineGolden)
#include "test_engine_golden.moc"
