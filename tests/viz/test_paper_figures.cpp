// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's figures of several objectives, made from runs: what stands in each panel, and whose it is.
#include <QTemporaryDir>
#include <QTest>

#include "tests/viz/synthetic.h"
#include "viz/data/run_names.h"
#include "viz/export/export_figure.h"
#include "viz/export/figure_csv.h"
#include "viz/figure/figures.h"
#include "viz/figure/paper_figures.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_run;

namespace {

RunDataPtr run_of(const char* objective, bool calibrated, const char* scope = "output", const char* name = nullptr) {
  static std::uint32_t seed = 10;
  auto run = std::make_shared<RunData>(*synthetic_run({.steps = 120, .calibrated = calibrated, .seed = ++seed}));
  run->objective = objective;
  run->name = name ? name : std::string(objective) + (calibrated ? "-rc" : "") + "-" + scope;
  run->pair_key = std::string(objective) + scope;
  run->scope = scope;
  return run;
}

QStringList parts_of(const Figure& figure) {
  QStringList parts;
  for (const Panel& panel : figure.panels) {
    parts << QStringLiteral("%1,%2 %3").arg(panel.row).arg(panel.column).arg(QString::fromStdString(panel.part));
  }
  return parts;
}

}  // namespace

class TestPaperFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void objectives_are_named_as_papers_do() {
    for (const auto& [name, label] : {std::pair{"dpo", "DPO"}, {"dil-bce", "DIL-BCE"}, {"simpo", "SimPO"}}) {
      QCOMPARE(objective_label(*run_of(name, false)), std::string(label));
    }
  }

  void figure_2_overlays_two_objectives() {
    const Figure figure = make_figure("figure2", {run_of("dpo", false), run_of("dil-bce", false)});
    QCOMPARE(parts_of(figure), QStringList({"0,0 likelihood", "0,1 margin"}));
    QCOMPARE(figure.panels[0].title, std::string("(a) Log-likelihood z_w, z_l"));
    QCOMPARE(figure.panels[0].lines.size(), std::size_t(4));
    QCOMPARE(figure.panels[1].lines.size(), std::size_t(2));
    QCOMPARE(figure.runs[0].label, std::string("DPO"));
    QCOMPARE(figure.runs[1].label, std::string("DIL-BCE"));
    QVERIFY(figure.runs[0].color != figure.runs[1].color);
  }

  void figure_3_has_cosine_likelihoods_and_a_band_each() {
    const Figure figure = make_figure("figure3", {run_of("cpo", false), run_of("dil-bce", false)});
    QCOMPARE(parts_of(figure), QStringList({"0,0 cosine", "0,1 likelihood", "1,0 band", "1,1 band"}));
    QCOMPARE(figure.panels[0].lines[1].column, std::string("rho"));
    QCOMPARE(figure.panels[3].title, std::string("(d) Band · DIL-BCE"));
    QCOMPARE(figure.panels[2].y.key, figure.panels[3].y.key);  // widths compare
    QCOMPARE(figure.panels[3].bands[0].run, std::string("dil-bce-output"));
  }

  void scopes_stand_side_by_side_and_over_each_other() {
    const Figure figure = make_figure(
        "scope-comparison",
        {run_of("dpo", false), run_of("dil-bce", false), run_of("dpo", false, "all"), run_of("dil-bce", false, "all")});
    QCOMPARE(parts_of(figure), QStringList({"0,0 output", "0,1 all", "0,2 both", "1,0 output", "1,1 all", "1,2 both"}));
    QCOMPARE(figure.panels[1].bands[0].run, std::string("dpo-all"));
    QCOMPARE(figure.panels[2].bands.size(), std::size_t(2));
    QCOMPARE(figure.panels[5].bands[1].run, std::string("dil-bce-all"));
    QCOMPARE(figure.panels[0].y.key, figure.panels[2].y.key);
    QVERIFY(figure.panels[0].y.key != figure.panels[3].y.key);
    const Figure lone = make_figure("scope-comparison", {run_of("dpo", false)});
    QVERIFY(lone.panels[0].empty_text.empty());
    QVERIFY(!lone.panels[1].empty_text.empty());
    QVERIFY(!lone.panels[2].empty_text.empty());
  }

  void the_grid_has_a_row_per_objective() {
    const Figure figure = make_figure(
        "dynamics-grid", {run_of("dpo", false), run_of("simpo", true), run_of("dpo", true), run_of("simpo", false)});
    QCOMPARE(figure.rows, 2);
    QCOMPARE(figure.columns, 4);
    QCOMPARE(figure.panels[0].title, std::string("DPO · w/o RC"));
    QCOMPARE(figure.panels[4].title, std::string("SimPO · w/o RC"));
    QCOMPARE(figure.panels[5].bands[0].run, std::string("simpo-rc-output"));
    QCOMPARE(figure.panels[6].lines.size(), std::size_t(4));
    QCOMPARE(figure.runs.size(), std::size_t(2));  // hues mean the same in all rows
    QCOMPARE(figure.panels[4].y.key, figure.panels[5].y.key);
    QVERIFY(figure.panels[0].y.key != figure.panels[4].y.key);
  }

  void rows_of_one_objective_are_told_by_their_runs() {
    const Figure figure =
        make_figure("dynamics-grid", {run_of("dpo", false), run_of("dpo", true, "all"), run_of("ipo", false)});
    QCOMPARE(figure.rows, 3);
    QCOMPARE(figure.panels[0].title, std::string("dpo-output · w/o RC"));
    QCOMPARE(figure.panels[5].title, std::string("dpo-rc-all · w/ RC"));
    QCOMPARE(figure.panels[8].title, std::string("IPO · w/o RC"));
  }

  void runs_of_one_name_keep_their_own_numbers() {
    const auto a = run_of("dpo", false, "output", "run"), b = run_of("ipo", false, "output", "run");
    const std::string csv = figure_csv(make_figure("margin", {a, b}));
    QVERIFY(csv.find("step,run/margin,run (2)/margin\n") == 0);
    // What is unique keeps its name, whatever comes before it.
    QCOMPARE(distinct_names({"run", "run", "run (2)", "run", "x"}),
             (std::vector<std::string>{"run", "run (3)", "run (2)", "run (4)", "x"}));
    const auto named = with_own_names({a, nullptr, b});
    QVERIFY(named[0] == a && !named[1]);
    QCOMPARE(named[2]->name, std::string("run (2)"));
    QCOMPARE(b->name, std::string("run"));
  }

  void all_of_them_are_files_data() {
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"figure2", "figure3", "scope-comparison", "dynamics-grid"}) QTest::newRow(kind) << kind;
  }
  void all_of_them_are_files() {
    QFETCH(QString, kind);
    const QTemporaryDir folder;
    const std::vector<RunDataPtr> runs = {run_of("dpo", false), run_of("dpo", true), run_of("dil-bce", false),
                                          run_of("dil-bce", true), run_of("dpo", false, "all")};
    // BANDSCOPE_PICTURES names a folder in which to look at them.
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES", folder.path());
    for (const char* palette : {"okabe-ito", "grey"}) {
      FigureTemplate figure;
      figure.kind = kind.toStdString();
      figure.palette = palette;
      const QString file = QStringLiteral("%1/%2-%3.png").arg(keep, kind, palette);
      export_figure(template_figure(figure, runs), file.toStdString(), {.dpi = 200});
      QVERIFY(QFileInfo(file).size() > 10000);
    }
    QVERIFY(!make_figure(kind.toStdString(), {}).panels[0].empty_text.empty());
  }
};

QTEST_MAIN(TestPaperFigures)
#include "test_paper_figures.moc"
