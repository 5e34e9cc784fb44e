// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep as a table: which runs are a row, means and spreads over seeds, filters, and the texts that are copied.
#include <QTest>
#include <cmath>

#include "core/run/band_share.h"
#include "core/run/seed_family.h"
#include "tests/viz/synthetic.h"
#include "viz/figure/figures.h"
#include "viz/figure/sweep_table.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

std::string key_of(const std::string& objective, int seed) {
  return "[model]\npath = \"m\"\n[objective]\nname = \"" + objective + "\"\n[run]\nseed = " + std::to_string(seed) +
         "\n";
}

/// A run whose margin ends at `margin`.
RunDataPtr run_of(const std::string& objective, bool calibrated, int seed, double margin) {
  const std::string name = objective + (calibrated ? "-rc-" : "-") + std::to_string(seed);
  auto run = std::make_shared<RunData>(*testing::synthetic_run(
      {.steps = 8, .calibrated = calibrated, .name = name, .pair_key = key_of(objective, seed)}));
  run->objective = objective;
  run->model = "/models/tiny";
  run->set(Column::margin, Samples(std::vector<double>{0, 0, 0, 0, 0, 0, 0, margin}));
  return run;
}

/// DPO over three seeds, in an order of their own; SimPO once, without calibration.
std::vector<RunDataPtr> sweep() {
  return {run_of("dpo", true, 2, 2.5),  run_of("dpo", false, 1, 1.0), run_of("simpo", false, 1, 5.0),
          run_of("dpo", false, 2, 2.0), run_of("dpo", true, 1, 1.5),  run_of("dpo", false, 3, 3.0),
          run_of("dpo", true, 3, 4.0)};
}

std::vector<std::string> labels(const SweepTable& table, const std::string& filter) {
  std::vector<std::string> out;
  const SweepFilter wanted(filter);
  for (const SweepRow& row : table.rows)
    if (wanted.accepts(table, row)) out.push_back(row.label);
  return out;
}

const SweepCells& cells(const SweepTable& table, std::size_t row, const std::string& quantity) {
  return table.rows[row].cells[*table.quantity(quantity)];
}

}  // namespace

class TestSweepTable : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void seeds_are_one_row() {
    QCOMPARE(seed_family(key_of("dpo", 1)), seed_family(key_of("dpo", 2)));
    QVERIFY(seed_family(key_of("dpo", 1)) != seed_family(key_of("simpo", 1)));
    QCOMPARE(seed_family("no = [spec"), std::string("no = [spec"));
    const SweepTable table = sweep_table(sweep());
    QCOMPARE(table.rows.size(), std::size_t(2));
    QCOMPARE(table.rows[0].label, std::string("DPO"));
    QCOMPARE(table.rows[0].model, std::string("tiny"));
    QCOMPARE(table.rows[0].runs.size(), std::size_t(3));
    const SweepCells& margin = cells(table, 0, "margin");
    QCOMPARE(margin.without.mean(), 2.0);
    QCOMPARE(margin.without.spread(), 1.0);
    QVERIFY(std::abs(margin.with.mean() - 8.0 / 3) < 1e-12);
    // Of each seed's own pair: 0.5, 0.5, 1.
    QVERIFY(std::abs(margin.difference.mean() - 2.0 / 3) < 1e-12);
    QVERIFY(std::abs(margin.difference.spread() - std::sqrt(1.0 / 12)) < 1e-12);
    const SweepCells& alone = cells(table, 1, "margin");
    QVERIFY(alone.without.mean() == 5 && std::isnan(alone.without.spread()) && std::isnan(alone.with.mean()) &&
            std::isnan(alone.difference.mean()));
  }

  void experiments_of_one_objective_are_told_apart() {
    auto other = std::make_shared<RunData>(*run_of("dpo", false, 1, 0));
    other->pair_key = key_of("dpo", 1) + "[optimizer]\nlearning_rate = 1e-6\n";
    other->name = "dpo-slow";
    const SweepTable table = sweep_table({run_of("dpo", false, 1, 1), other});
    QCOMPARE(table.rows.size(), std::size_t(2));
    QVERIFY(table.rows[0].label == "DPO · dpo-1" && table.rows[1].label == "DPO · dpo-slow");
    // Runs that say no spec are never the seeds of one.
    auto first = std::make_shared<RunData>(*other), second = std::make_shared<RunData>(*other);
    first->pair_key = second->pair_key = "";
    QCOMPARE(sweep_table({first, second}).rows.size(), std::size_t(2));
    QVERIFY(sweep_table({}).rows.empty() && sweep_table({nullptr}).quantities.empty());
  }

  void quantities() {
    const double nan = NAN;
    const std::vector<double> log_r{0, 2, nan, -1}, lower{-1, -1, -1, -1}, upper{1, 1, 1, nan};
    const BandShare share = band_share(log_r, lower, upper);
    QVERIFY(share.inside == 1 && share.defined == 2 && share.share() == 0.5);
    QVERIFY(std::isnan(band_share({}, {}, {}).share()));
    const SweepTable table = sweep_table(sweep());
    for (const char* name : {"in_band", "dz_w", "dz_l", "margin", "accuracy", "probe_dz_w", "arc_challenge/acc_norm"})
      QVERIFY2(table.quantity(name), name);
    const RunDataPtr run = sweep()[1];
    const Samples z = run->column(Column::z_w);
    QCOMPARE(cells(sweep_table({run}), 0, "dz_w").without.mean(), z[7] - z[0]);
    QCOMPARE(cells(sweep_table({run}), 0, "arc_challenge/acc_norm").without.mean(),
             100 * last_evaluation(run->evaluation)[1].value);
    // What no run has is no column.
    auto bare = std::make_shared<RunData>(*run);
    bare->evaluation.clear();
    bare->probe.clear();
    QVERIFY(!sweep_table({bare}).quantity("probe_margin") && !sweep_table({bare}).quantity("arc_challenge/acc_norm"));
  }

  void filters() {
    const SweepTable table = sweep_table(sweep());
    const std::vector<std::string> both{"DPO", "SimPO"}, dpo{"DPO"}, simpo{"SimPO"}, none;
    QCOMPARE(labels(table, ""), both);
    QCOMPARE(labels(table, "sim"), simpo);
    QCOMPARE(labels(table, "margin<3"), dpo);
    QCOMPARE(labels(table, "margin>=5"), simpo);
    QCOMPARE(labels(table, "margin.with>2 TINY"), dpo);
    QCOMPARE(labels(table, "margin.with<1"), none);  // SimPO has no such run
    QCOMPARE(labels(table, "margin.difference>0.6"), dpo);
    QCOMPARE(labels(table, "margin!=5 margin.without=2"), dpo);
    QCOMPARE(labels(table, "margin<"), both);  // still being typed
    QCOMPARE(labels(table, "in_band<=100%"), both);
    QCOMPARE(labels(table, "nothing<3"), none);
    QCOMPARE(SweepFilter("nothing<3 margin<9").unknown(table), std::vector<std::string>{"nothing"});
    QVERIFY(SweepFilter("  ").empty() && SweepFilter("margin<3").unknown(table).empty());
  }

  void texts() {
    QCOMPARE(sweep_text(12.3456, true), std::string("12.35"));
    QCOMPARE(sweep_text(-0.00001, false), std::string("0.000"));
    QCOMPARE(sweep_text(0.25, false, true), std::string("+0.250"));
    QCOMPARE(sweep_text(NAN, true), std::string("–"));
    const SweepTable table = sweep_table(sweep());
    const std::vector<std::string> margin{"margin"};
    QCOMPARE(QString::fromStdString(sweep_latex(table, margin)),
             QString::fromUtf8(R"(% mean and standard deviation over seeds
\begin{tabular}{lrrr}
\toprule
 & \multicolumn{3}{c}{Margin, last step} \\
\cmidrule(lr){2-4}
Objective & w/o RC & w/ RC & $\Delta$ \\
\midrule
DPO & $2.000 \pm 1.000$ & $2.667 \pm 1.258$ & $+0.667 \pm 0.289$ \\
SimPO & $5.000$ & -- & -- \\
\bottomrule
\end{tabular}
)"));
    const QStringList lines = QString::fromStdString(sweep_csv(table, margin)).split('\n');
    QCOMPARE(lines[0], QStringLiteral("Objective,Model,Runs w/o RC,Runs w/ RC,margin w/o RC,margin w/o RC spread,"
                                      "margin w/ RC,margin w/ RC spread,margin delta,margin delta spread"));
    QVERIFY2(lines[1].startsWith("DPO,tiny,3,3,2,1,2.6666666666666665,"), qPrintable(lines[1]));
    QCOMPARE(lines[2], QStringLiteral("SimPO,tiny,1,0,5,,,,,"));
  }

  void figure() {
    const Figure all = make_figure("sweep-table", sweep());
    const Table& table = *all.panels[0].table;
    QCOMPARE(table.head.size(), 1 + 3 * sweep_table(sweep()).quantities.size());
    QCOMPARE(table.rows.size(), std::size_t(2));
    FigureOptions options;
    options.parts = {"margin"};
    const Figure one = make_figure("sweep-table", sweep(), options);
    QCOMPARE(one.panels[0].table->head, (std::vector<std::string>{"Objective", "w/o RC", "w/ RC", "Δ"}));
    QCOMPARE(one.panels[0].table->rows[0][3].text, std::string("+0.667 ± 0.289"));
    QVERIFY(!one.panels[0].table->csv.empty() && !one.panels[0].table->latex.empty());
    const Figure none = make_figure("sweep-table", {});
    QVERIFY(!none.panels[0].table && !none.panels[0].empty_text.empty());
  }
};

QTEST_MAIN(TestSweepTable)
#include "test_sweep_table.moc"
