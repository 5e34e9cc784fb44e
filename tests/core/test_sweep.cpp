// SPDX-License-Identifier: Apache-2.0
// Sweeps: which runs they make, in what order, under what names.
#include <QTest>
#include <set>

#include "core/error.h"
#include "core/spec/run_spec.h"
#include "core/spec/spec_document.h"
#include "core/spec/sweep.h"

using namespace bandscope;

namespace {

const std::string kHead = "[model]\npath = \"m\"\n[data]\ntrain = \"d\"\n";

std::vector<RunSpec> runs(const std::string& tail, const std::vector<Override>& overrides = {}) {
  return parse_run_specs(kHead + tail, "s.toml", "/base", overrides);
}

QStringList names(const std::vector<RunSpec>& specs) {
  QStringList list;
  for (const RunSpec& spec : specs) list << QString::fromStdString(spec.run.name);
  return list;
}

}  // namespace

class TestSweep : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void product_in_the_files_order_last_list_fastest() {
    const auto specs = runs(
        "[run]\nname = \"demo\"\n[sweep]\n\"objective.name\" = [\"dpo\", \"simpo\"]\n\"calibration.enabled\" = [false, "
        "true]\n");
    QCOMPARE(names(specs), QStringList({"demo-dpo", "demo-dpo-rc", "demo-simpo", "demo-simpo-rc"}));
    QVERIFY(!specs[0].calibration.enabled && specs[1].calibration.enabled);
    QCOMPARE(specs[2].objective.name, std::string("simpo"));
    QCOMPARE(specs[2].objective.parameters.at("gamma"), 1.0);

    const auto turned = runs("[sweep]\n\"run.seed\" = [2, 1]\n\"data.limit\" = [7, 5]\n");  // not alphabetical
    QCOMPARE(names(turned),
             QStringList({"run-seed-2-limit-7", "run-seed-2-limit-5", "run-seed-1-limit-7", "run-seed-1-limit-5"}));
  }

  void the_objective_comes_first_and_calibration_last() {
    const std::string swept = "\"calibration.enabled\" = [false, true]\n\"objective.name\" = [\"dpo\", \"simpo\"]\n";
    const QStringList all{"dpo", "simpo", "dpo-rc", "simpo-rc"};
    QCOMPARE(names(runs("[run]\nname = \"dpo\"\n[sweep]\n" + swept)), all);
    QCOMPARE(names(runs("[run]\nname = \"dpo-2\"\n[sweep]\n" + swept)),
             QStringList({"dpo-2", "simpo-2", "dpo-2-rc", "simpo-2-rc"}));
    QCOMPARE(names(runs("[sweep]\n\"calibration.enabled\" = [true]\n\"run.seed\" = [1, 2]\n")),
             QStringList({"run-seed-1-rc", "run-seed-2-rc"}));
    // An objective's name is a whole word, the longest that there is: tdpo is not dpo, and a study may be called dpox.
    QCOMPARE(QString::fromStdString(name_with_objective("ti-dpo-x", "ipo")), QStringLiteral("ipo-x"));
    QCOMPARE(QString::fromStdString(name_with_objective("dpox", "ipo")), QStringLiteral("dpox-ipo"));
  }

  void nested_keys_are_the_same_as_quoted_ones() {
    QCOMPARE(names(runs("[sweep]\noptimizer.learning_rate = [1e-6, 0.5]\n")),
             QStringList({"run-learning_rate-1e-06", "run-learning_rate-0.5"}));
    QCOMPARE(names(runs("[sweep.objective]\nname = [\"dpo\", \"ipo\"]\n")), QStringList({"dpo", "ipo"}));
  }

  void one_run_keeps_its_name() {
    QCOMPARE(names(runs("[sweep]\n\"objective.name\" = [\"ipo\"]\n")), QStringList({"run"}));
    QCOMPARE(names(runs("[sweep]\n")), QStringList({"run"}));
    QCOMPARE(names(runs("")), QStringList({"run"}));
  }

  void swept_names_and_lists() {
    QCOMPARE(names(runs("[sweep]\n\"run.name\" = [\"a\", \"b\"]\n")), QStringList({"a", "b"}));
    const auto specs = runs("[sweep]\n\"optimizer.betas\" = [[0.9, 0.95], [0.8, 0.9]]\n");
    QCOMPARE(names(specs), QStringList({"run-betas-0.9-0.95", "run-betas-0.8-0.9"}));
    QCOMPARE(specs[1].optimizer.betas[1], 0.9);
    QCOMPARE(names(runs("[sweep]\n\"data.train\" = [\"x/a b.jsonl\", \"y/a b.jsonl\"]\n")),
             QStringList({"run-train-a-b.jsonl", "run-train-a-b.jsonl-2"}));
  }

  void parameters_go_to_the_objectives_that_have_them() {
    const auto specs =
        runs("[objective]\nbeta = 0.5\ngamma = 3\n[sweep]\n\"objective.name\" = [\"dpo\", \"simpo\", \"ddro\"]\n");
    QVERIFY((specs[0].objective.parameters == ParameterValues{{"beta", 0.5}, {"label_smoothing", 0.0}}));
    QVERIFY((specs[1].objective.parameters == ParameterValues{{"beta", 0.5}, {"gamma", 3.0}}));
    QVERIFY(specs[2].objective.parameters.empty());
  }

  void runs_that_come_out_the_same_are_kept_once() {
    const auto specs = runs("[sweep]\n\"objective.name\" = [\"dpo\", \"ddro\"]\n\"objective.beta\" = [0.1, 0.5]\n");
    QCOMPARE(names(specs), QStringList({"dpo-beta-0.1", "dpo-beta-0.5", "ddro"}));
  }

  void formulas_in_a_sweep() {
    const auto specs = runs(
        "[objective]\nloss = \"softplus(k*(zl-zw))\"\nk = 2\n[sweep]\n\"objective.name\" = [\"dpo\", \"formula\"]\n");
    QCOMPARE(names(specs), QStringList({"dpo", "formula"}));
    QVERIFY(specs[0].objective.formula.empty());
    QCOMPARE(specs[1].objective.parameters.at("k"), 2.0);
    const auto losses =
        runs("[objective]\nname = \"formula\"\na = 1\nb = 2\n[sweep]\n\"objective.loss\" = [\"a*zw\", \"b*zw\"]\n");
    QCOMPARE(losses.size(), 2u);
    QVERIFY(losses[0].objective.parameters.contains("a") && !losses[0].objective.parameters.contains("b"));
  }

  void overrides_fix_or_add_swept_keys() {
    const std::string text = "[sweep]\n\"objective.name\" = [\"dpo\", \"simpo\"]\n\"run.seed\" = [1, 2]\n";
    QCOMPARE(names(runs(text, {{"objective.name", "ipo"}})), QStringList({"run-seed-1", "run-seed-2"}));
    QCOMPARE(names(runs(text, {{"sweep.\"run.seed\"", "[5]"}})), QStringList({"dpo-seed-5", "simpo-seed-5"}));
    QCOMPARE(names(runs("", {{"sweep.\"calibration.enabled\"", "[false, true]"}})), QStringList({"run", "run-rc"}));
  }

  void each_run_is_a_spec_of_its_own() {
    for (const RunSpec& spec :
         runs("[sweep]\n\"objective.name\" = [\"dpo\", \"kto\"]\n\"training.steps\" = [1, 2]\n")) {
      QVERIFY(parse_run_specs(to_toml(spec), "again.toml", "/").at(0) == spec);
    }
  }

  void large_products_are_refused() {
    std::string list = "[0";
    for (int i = 1; i < 200; ++i) list += ", " + std::to_string(i);
    list += "]\n";
    QVERIFY_EXCEPTION_THROWN(runs("[sweep]\n\"run.seed\" = " + list + "\"data.limit\" = " + list), SpecError);
    QCOMPARE(runs("[sweep]\n\"run.seed\" = " + list).size(), 200u);
  }
};

QTEST_GUILESS_MAIN(TestSweep)
#include "test_sweep.moc"
