// SPDX-License-Identifier: GPL-3.0-or-later
// The comparison's tables as text, CSV and LaTeX: names stay names, signs stay signs, and the LaTeX compiles as it is.
#include <QTemporaryDir>
#include <QTest>

#include "app/page/comparison.h"
#include "tests/app/record_maker.h"

using namespace bandscope::app;
using bandscope::testing::make_run;

class TestComparison : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_pair_has_without_with_and_difference() {
    const QTemporaryDir folder;
    const std::filesystem::path runs = folder.path().toStdString();
    const auto first = make_run(runs, {.name = "dpo", .steps = 60});
    const auto second = make_run(runs, {.name = "dpo-rc", .calibrated = true, .steps = 60});
    const auto table = final_figures({read_compared(QString::fromStdString(first.string()), "dpo"),
                                      read_compared(QString::fromStdString(second.string()), "dpo-rc")});
    QCOMPARE(table.head, (QStringList{"", "w/o RC · dpo", "w/ RC · dpo-rc", "Δ"}));
    QVERIFY(table.rows.size() > 8);
    for (const auto& row : table.rows) QCOMPARE(row.size(), 4);
    QCOMPARE(table.rows[0], (QStringList{"steps", "60", "60", "0"}));
    const QString latex = as_latex(table);
    QVERIFY(latex.startsWith("\\begin{tabular}{lrrr}\n\\toprule\n"));
    QVERIFY(latex.contains(" & w/o RC $\\cdot$ dpo & w/ RC $\\cdot$ dpo-rc & $\\Delta$ \\\\\n\\midrule"));
    QVERIFY(latex.contains("$z_w$, last step"));
    QVERIFY(latex.endsWith("\\bottomrule\n\\end{tabular}\n"));
    for (const QString& line : latex.split('\n')) {
      if (line.contains('&')) QCOMPARE(line.count(" & "), 3);
      for (const QChar c : line) QVERIFY2(c.unicode() < 128, qPrintable(line));
    }
    const QString csv = as_csv(table);
    QVERIFY(!csv.contains(QChar(0x2212)));  // a minus sign that programs read
    QCOMPARE(csv.count('\n'), qsizetype(table.rows.size()) + 1);
  }

  void names_stay_names() {
    const ComparisonTable table{{"", "a_b%c", "x,\"y\"", "{~^\\}"}, {{"z_wide", "-1", "−2.5", "–"}}};
    const QString latex = as_latex(table);
    QVERIFY2(latex.contains("a\\_b\\%c"), qPrintable(latex));
    QVERIFY(latex.contains("\\{\\textasciitilde{}\\textasciicircum{}\\textbackslash{}\\}"));
    QVERIFY(latex.contains("z\\_wide"));
    QVERIFY(latex.contains("$-$2.5"));
    QVERIFY(as_csv(table).startsWith(",a_b%c,\"x,\"\"y\"\"\",{~^\\}\nz_wide,-1,-2.5,"));
    const auto lines = as_text(table).split('\n');
    QCOMPARE(lines[0].size(), lines[1].size());
  }

  void numbers_have_the_fewest_digits_that_read_back() {
    const auto config = flatten_spec(
        "[objective]\nbeta = 0.1\n[optimizer]\nbetas = [0.9, 0.999]\nlearning_rate = 1e-6\n"
        "[training]\nsteps = 300\n[sweep]\n\"run.name\" = [\"a\"]\n");
    QCOMPARE(config.at("objective.beta"), QString("0.1"));
    QCOMPARE(config.at("optimizer.betas"), QString("[0.9, 0.999]"));
    QCOMPARE(config.at("optimizer.learning_rate").toDouble(), 1e-6);
    QVERIFY(config.at("optimizer.learning_rate").size() <= 5);
    QCOMPARE(config.at("training.steps"), QString("300"));
    QCOMPARE(config.at("sweep.run.name"), QString("[\"a\"]"));
  }

  void no_share_of_different_pairs_is_compared() {
    const QTemporaryDir folder;
    const auto run = make_run(folder.path().toStdString(), {.name = "dpo", .steps = 20});
    const auto table = final_figures({read_compared(QString::fromStdString(run.string()), "dpo")});
    for (const auto& row : table.rows) QVERIFY2(!row[0].contains("agree"), qPrintable(row[0]));
    QCOMPARE(std::size_t(table.tips.size()), table.rows.size());
  }

  void an_unreadable_record_says_so_and_leaves_the_other() {
    const QTemporaryDir folder;
    const auto good = make_run(folder.path().toStdString(), {.name = "dpo", .steps = 20});
    const auto runs = std::vector{read_compared(QString::fromStdString(good.string()), "dpo"),
                                  read_compared(folder.filePath("none.h5"), "none")};
    QVERIFY(runs[1].error.english().find("none.h5") != std::string::npos);
    const auto table = final_figures(runs);
    QCOMPARE(table.rows[0][1], QString("20"));
    QCOMPARE(table.rows[0][2], QString("–"));
  }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "test_comparison.moc"
