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

  void an_unreadable_record_says_so_and_leaves_the_other() {
    const QTemporaryDir folder;
    const auto good = make_run(folder.path().toStdString(), {.name = "dpo", .steps = 20});
    const auto runs = std::vector{read_compared(QString::fromStdString(good.string()), "dpo"),
                                  read_compared(folder.filePath("none.h5"), "none")};
    QVERIFY(runs[1].error.contains("none.h5"));
    const auto table = final_figures(runs);
    QCOMPARE(table.rows[0][1], QString("20"));
    QCOMPARE(table.rows[0][2], QString("–"));
  }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "test_comparison.moc"
