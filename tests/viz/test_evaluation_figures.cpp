// SPDX-License-Identifier: GPL-3.0-or-later
// Benchmarks as figures and tables: which numbers stand where, what is marked, and the text that is copied.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>
#include <set>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "tests/viz/text_recorder.h"
#include "viz/draw/draw_panel.h"
#include "viz/export/export_figure.h"
#include "viz/export/paper.h"
#include "viz/figure/benchmark_table.h"
#include "viz/figure/benchmark_text.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Scores of `count` items, the first `hits` of them 1.
std::vector<ScoredItem> items(const std::string& task, int count, int hits) {
  std::vector<ScoredItem> out;
  for (int i = 0; i < count; ++i) out.push_back({i, task, "h" + std::to_string(i), i < hits ? 1.0 : 0.0});
  return out;
}

EvaluationRow row(std::int64_t step, const std::string& task, const std::string& metric, int hits, int count,
                  const std::string& filter = "none") {
  const double share = double(hits) / count;
  EvaluationRow one;
  one.step = step;
  one.task = task;
  one.metric = metric;
  one.filter = filter;
  one.value = share;
  one.error = std::sqrt(share * (1 - share) / (count - 1));
  one.samples = count;
  return one;
}

RunDataPtr plain(const RunDataPtr& run) {
  auto copy = std::make_shared<RunData>(*run);
  copy->evaluation.clear();
  return copy;
}

/// A run with two tasks and a group of two others, at steps 0 and 40; `better` of 100 items more at the end.
RunDataPtr evaluated(const std::string& name, bool calibrated, int better, const std::string& pair_key = "demo") {
  auto run = std::make_shared<RunData>(
      *testing::synthetic_run({.steps = 40, .calibrated = calibrated, .name = name, .pair_key = pair_key}));
  run->model = "/models/tiny-neox";
  run->evaluation.clear();
  auto scores = std::make_shared<BenchmarkScores>();
  scores->step = 40;
  scores->aliases = {{"arc", "ARC"}, {"sums", "Sums_of two"}};
  scores->members = {{"both", {"one", "two"}}};
  for (const std::int64_t step : {0, 40}) {
    const int more = step == 0 ? 0 : better;
    run->evaluation.push_back(row(step, "arc", "acc", 30 + more, 100));
    run->evaluation.push_back(row(step, "arc", "acc_norm", 40 + more, 100));
    run->evaluation.push_back(row(step, "sums", "exact_match", 20, 50, "strict"));
    run->evaluation.push_back(row(step, "one", "acc", 10, 20));
    run->evaluation.push_back(row(step, "two", "acc", 4, 20));
    run->evaluation.push_back(row(step, "both", "acc", 14, 40));
  }
  scores->items[{"arc", "acc_norm", "none"}] = items("arc", 100, 40 + better);
  scores->items[{"sums", "exact_match", "strict"}] = items("sums", 50, 20);
  run->scores = scores;
  return run;
}

std::vector<RunDataPtr> pair(int better = 12) {
  return {evaluated("dpo", false, 0), evaluated("dpo-rc", true, better)};
}

}  // namespace

class TestEvaluationFigures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void entries() {
    const BenchmarkTable table = benchmark_table(pair());
    std::vector<std::string> rows;
    for (const BenchmarkEntry& entry : table.entries)
      rows.push_back(std::string(std::size_t(entry.depth), '>') + entry.title + " " + entry.metric() +
                     (entry.primary ? "!" : ""));
    QCOMPARE(rows, (std::vector<std::string>{"ARC acc", "ARC acc_norm!", "Sums_of two exact_match, strict!",
                                             "both acc!", ">one acc!", ">two acc!"}));
    QCOMPARE(table.columns(), (std::vector<std::size_t>{1, 2, 3}));
    QCOMPARE(table.columns(std::vector<std::string>{"two"}), (std::vector<std::size_t>{5}));
  }

  void numbers_and_tests() {
    QVERIFY(benchmark_table(pair()).methods[0].cells[1].test.test == PairedTest::none);  // costs seconds
    const BenchmarkTable table = tested_table(pair());
    QCOMPARE(table.methods.size(), std::size_t(1));
    const BenchmarkMethod& method = table.methods[0];
    QVERIFY(method.pair && method.label == "DPO" && method.first->name == "dpo" && method.second->name == "dpo-rc");
    const auto& norm = method.cells[1];
    QCOMPARE(norm.first->value, 0.4);
    QCOMPARE(norm.second->value, 0.52);
    QCOMPARE(norm.second->step, std::int64_t(40));
    QCOMPARE(norm.test.gained, std::size_t(12));
    QCOMPARE(norm.test.p, 2.0 / 4096);
    QVERIFY(norm.test.significant());
    QVERIFY(method.cells[0].test.test == PairedTest::none);  // of acc no items are kept
    QVERIFY(std::abs(method.average.first->value - (0.4 + 0.4 + 0.35) / 3) < 1e-12);
    QVERIFY(std::abs(*method.average.difference() - 0.12 / 3) < 1e-12);
  }

  void one_run_and_two_that_are_no_pair() {
    const BenchmarkTable one = benchmark_table({evaluated("dpo", false, 0)});
    QVERIFY(one.methods.size() == 1 && !one.methods[0].second && !one.methods[0].average.difference());
    const BenchmarkTable two = tested_table({evaluated("a", false, 0, "x"), evaluated("b", false, 5, "y")});
    QCOMPARE(two.methods.size(), std::size_t(1));
    QVERIFY(!two.methods[0].pair && two.methods[0].label.empty() && two.methods[0].cells[1].test.gained == 5);
    // A run without benchmarks beside one that has them.
    QCOMPARE(benchmark_table({evaluated("a", false, 0), plain(testing::synthetic_run({}))}).methods.size(),
             std::size_t(1));
    QVERIFY(benchmark_table({plain(testing::synthetic_run({}))}).empty() && benchmark_table({}).empty());
  }

  void runs_of_one_name_are_told_apart() {
    const BenchmarkTable two = benchmark_table({evaluated("a", false, 0, "x"), evaluated("a", false, 5, "y")});
    QCOMPARE(two.methods[0].first->name, std::string("a"));
    QCOMPARE(two.methods[0].second->name, std::string("a (2)"));
    const BenchmarkTable three =
        benchmark_table({evaluated("a", false, 0, "x"), evaluated("a", false, 5, "y"), evaluated("a", false, 7, "z")});
    std::set<std::string> labels;
    for (const auto& method : three.methods) labels.insert(method.label);
    QCOMPARE(labels.size(), three.methods.size());
  }

  void as_the_paper_writes() {
    QCOMPARE(percent_text(0.3031), std::string("30.31"));
    QCOMPARE(percent_error(0.0042), std::string(".42"));
    QCOMPARE(percent_error(0.0143), std::string("1.43"));
    QCOMPARE(percent_error(kNan), std::string());
    QCOMPARE(percent_difference(0.1218), std::string("+12.18"));
    QCOMPARE(percent_difference(-0.0005), std::string("−0.05"));
    QCOMPARE(percent_difference(-1e-9), std::string("0.00"));
  }

  void latex() {
    const std::string text = benchmarks_latex(tested_table(pair()));
    QCOMPARE(QString::fromStdString(text),
             QString::fromUtf8(R"(% * p < 0.05, exact McNemar test over the same items; in per cent
\begin{tabular}{llcccc}
\toprule
Method & RC & ARC & Sums\_of two & both & Average ($\Delta$) \\
\midrule
DPO & w/o & $40.00_{4.92}$ & $40.00_{7.00}$ & $35.00_{7.64}$ & 38.33 \\
 & w/ & $52.00_{5.02}^{*}$ & $40.00_{7.00}$ & $35.00_{7.64}$ & 42.33 ($+4.00$) \\
\bottomrule
\end{tabular}
)"));
  }

  void csv() {
    const QStringList lines = QString::fromStdString(benchmarks_csv(tested_table(pair()))).split('\n');
    QCOMPARE(lines[0], QStringLiteral("Model,Method,RC,Run,Step,ARC,ARC stderr,ARC p,Sums_of two,Sums_of two stderr,"
                                      "Sums_of two p,both,both stderr,both p,Average,Delta"));
    QVERIFY2(lines[1].startsWith("tiny-neox,DPO,w/o,dpo,40,0.4,"), qPrintable(lines[1]));
    const QStringList second = lines[2].split(',');
    QCOMPARE(second.size(), lines[0].split(',').size());
    QCOMPARE(second[5].toDouble(), 0.52);
    QCOMPARE(second[7].toDouble(), 2.0 / 4096);
    QVERIFY(std::abs(second.last().toDouble() - 0.04) < 1e-12);
    // A name with a comma stays one cell.
    auto odd = std::make_shared<RunData>(*evaluated("a, \"b\"", false, 0));
    QVERIFY(benchmarks_csv(benchmark_table({odd})).find("\"a, \"\"b\"\"\"") != std::string::npos);
  }

  void courses() {
    const Figure figure = make_figure("evaluation", pair());
    QCOMPARE(figure.panels.size(), std::size_t(5));  // mean, three benchmarks, likelihoods
    QCOMPARE(figure.panels[0].title, std::string("Average"));
    const Panel& arc = figure.panels[1];
    QCOMPARE(arc.title, std::string("ARC"));
    QCOMPARE(arc.lines.size(), std::size_t(2));
    const Line& with = arc.lines[1];
    QCOMPARE(with.run, std::string("dpo-rc"));
    QVERIFY(with.dots);
    QCOMPARE(with.x[0], 0.0);
    QCOMPARE(with.x[1], 40.0);
    QCOMPARE(with.y[1], 52.0);
    const double error = 100 * std::sqrt(0.52 * 0.48 / 99);
    QVERIFY(std::abs(arc.bands[1].upper[1] - 52 - error) < 1e-9 && std::abs(52 - error - arc.bands[1].lower[1]) < 1e-9);
    QCOMPARE(figure.panels.back().part, std::string("likelihood"));
    for (const Panel& panel : figure.panels) QCOMPARE(panel.x.key, std::string("step"));
    // The likelihoods have the rest of the last row.
    const Panel& last = figure.panels.back();
    QCOMPARE(last.column + last.column_span, figure.columns);
    FigureOptions options;
    options.tasks = std::vector<std::string>{"two"};
    const Figure one = make_figure("evaluation", pair(), options);
    QCOMPARE(one.panels.size(), std::size_t(2));
    QCOMPARE(one.panels[0].title, std::string("two"));
    // A filter that nothing matches is no filter that matches all.
    options.tasks = std::vector<std::string>{};
    const Figure none = make_figure("evaluation", pair(), options);
    QCOMPARE(none.panels.size(), std::size_t(2));
    QVERIFY2(none.panels[0].empty_text.find("matches the filter") != std::string::npos,
             none.panels[0].empty_text.c_str());
    QVERIFY(!make_figure("evaluation-table", pair(), options).panels[0].table);
  }

  // Which step the numbers are of stands under the table, or in its head.
  void steps() {
    const Table one = *make_figure("evaluation-table", pair()).panels[0].table;
    QVERIFY2(QString::fromStdString(one.note).endsWith("; step 40"), one.note.c_str());
    QVERIFY(benchmark_table(pair()).is_final());
    auto runs = pair();
    auto early = std::make_shared<RunData>(*runs[1]);
    std::erase_if(early->evaluation, [](const EvaluationRow& row) { return row.step > 0; });
    early->state = RunState::running;
    runs[1] = early;
    const BenchmarkTable table = benchmark_table(runs);
    QVERIFY(!table.step() && !table.is_final());
    const Table two = *make_figure("evaluation-table", runs).panels[0].table;
    QCOMPARE(two.head, (std::vector<std::string>{"Benchmark", "Metric", "w/o RC, step 40", "w/ RC, step 0", "Δ"}));
    QVERIFY(benchmarks_latex(table).find("& w/ (step 0) &") != std::string::npos);
  }

  // However narrow the figure is, no number of a table is lost.
  void wide_tables_break() {
    std::vector<RunDataPtr> runs;
    for (int i = 0; i < 10; ++i) {
      const std::string name = "method" + std::to_string(i);
      for (const bool calibrated : {false, true}) {
        auto run = std::make_shared<RunData>(*evaluated(name + (calibrated ? "-rc" : ""), calibrated, i, name));
        run->objective = "m" + std::to_string(i);
        for (EvaluationRow& row : run->evaluation) row.value += 0.0001 * (2 * i + calibrated);
        runs.push_back(run);
      }
    }
    FigureTemplate wanted;
    wanted.kind = "evaluation-table";
    for (const double width : {60.0, 84.0, 171.5}) {
      for (const double height : {0.0, 40.0}) {
        wanted.width = "mm";
        wanted.width_mm = width;
        wanted.height_mm = height;
        const Figure figure = template_figure(wanted, runs);
        QCOMPARE(figure.width_mm, width);
        const Metrics metrics = paper_metrics(figure);
        testing::TextRecorder canvas(metrics.text);
        const QRectF paper = paper_area(figure);
        draw_figure(canvas, figure, paper, metrics);
        std::multiset<QString> written;
        for (const auto& text : canvas.texts) {
          written.insert(text.words);
          QVERIFY2(paper.contains(text.box), qPrintable(text.words));
          if (height == 0) QVERIFY2(text.size > 0.7 * 0.69 * metrics.font, qPrintable(text.words));
        }
        const Table& table = *figure.panels[0].table;
        QCOMPARE(table.head.size(), std::size_t(32));
        std::multiset<QString> numbers;
        for (const auto& row : table.rows)
          for (std::size_t i = table.texts; i < row.size(); ++i) numbers.insert(QString::fromStdString(row[i].text));
        for (const QString& number : numbers)
          QVERIFY2(written.count(number) >= numbers.count(number), qPrintable(number));
        // Every block names its rows.
        const auto blocks = written.count("Benchmark");
        QVERIFY(blocks > 1);
        QCOMPARE(written.count("Sums_of two"), blocks);
      }
    }
  }

  void without_benchmarks() {
    std::vector<RunDataPtr> runs;
    for (const RunDataPtr& run : testing::synthetic_pair(60)) runs.push_back(plain(run));
    const Figure figure = make_figure("evaluation", runs);
    QVERIFY(QString::fromStdString(figure.panels[0].empty_text).contains("[evaluation] tasks"));
    QVERIFY(!figure.panels[1].empty());
    const Figure table = make_figure("evaluation-table", runs);
    QVERIFY(!table.panels[0].table && !table.panels[0].empty_text.empty());
  }

  void many_benchmarks() {
    auto run = std::make_shared<RunData>(*plain(testing::synthetic_run({})));
    for (int i = 0; i < 30; ++i) run->evaluation.push_back(row(0, "t" + std::to_string(i), "acc", 3 + i % 5, 10));
    const Figure figure = make_figure("evaluation", {run});
    QCOMPARE(figure.panels.size(), std::size_t(7));
    QCOMPARE(figure.panels[0].title_note, std::string("of 30 benchmarks"));
    const auto& table = *make_figure("evaluation-table", {run}).panels[0].table;
    QCOMPARE(table.rows.size(), std::size_t(31));
  }

  void table() {
    const Figure figure = make_figure("evaluation-table", pair());
    const Table& table = *figure.panels[0].table;
    QCOMPARE(table.head, (std::vector<std::string>{"Benchmark", "Metric", "w/o RC", "w/ RC", "Δ"}));
    QCOMPARE(table.rows.size(), std::size_t(4));
    QCOMPARE(*table.sum, std::size_t(3));
    QCOMPARE(table.rows[0][4].text, std::string("+12.00"));
    QCOMPARE(table.rows[0][4].mark, std::string("*"));
    QVERIFY(table.rows[1][4].mark.empty() && !table.rows[1][4].bold);
    QVERIFY(QString::fromStdString(table.note).contains("exact McNemar test"));
    QCOMPARE(table.groups.size(), std::size_t(1));
    QVERIFY(table.groups[0].title == "DPO" && table.groups[0].first == 2 && table.groups[0].last == 5);
    // Of many runs a group each.
    auto more = pair();
    for (const RunDataPtr& run : {evaluated("simpo", false, 3, "s"), evaluated("simpo-rc", true, 0, "s")}) {
      auto other = std::make_shared<RunData>(*run);
      other->objective = "simpo";
      more.push_back(other);
    }
    const Figure wide = make_figure("evaluation-table", more);
    QCOMPARE(wide.panels[0].table->groups.size(), std::size_t(2));
    QVERIFY(wide.width_mm > figure.width_mm);
  }

  void files() {
    const QTemporaryDir folder;
    const auto file = [&](const char* name) { return folder.filePath(name).toStdString(); };
    for (const Theme& theme : {Theme::paper(), Theme::dark()}) {
      FigureOptions options;
      options.theme = theme;
      for (const char* figure : {"evaluation", "evaluation-table"}) {
        const Figure made = make_figure(figure, pair(), options);
        for (const char* name : {"a.svg", "a.pdf", "a.png"}) {
          export_figure(made, file(name));
          QVERIFY(QFileInfo(folder.filePath(name)).size() > 2000);
        }
        QFile svg(folder.filePath("a.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        // Names keep their underscores, which in symbols begin an index.
        QVERIFY(svg.readAll().contains("Sums_of two"));
      }
    }
    const Figure table = make_figure("evaluation-table", pair());
    export_figure(table, file("t.tex"));
    export_figure(table, file("t.csv"));
    const auto read = [&](const char* name) {
      QFile in(folder.filePath(name));
      return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
    };
    QCOMPARE(read("t.tex"), benchmarks_latex(tested_table(pair())));
    QCOMPARE(read("t.csv"), benchmarks_csv(tested_table(pair())));
    export_figure(make_figure("evaluation", pair()), file("c.csv"));
    QVERIFY(QString::fromStdString(read("c.csv")).startsWith("step,"));
    QVERIFY(QString::fromStdString(read("c.csv")).contains("dpo-rc/arc/acc_norm"));
    try {
      export_figure(make_figure("margin", pair()), file("m.tex"));
      QFAIL("a curve is no table");
    } catch (const SpecError& error) {
      QVERIFY2(QString(error.what()).contains("evaluation-table"), error.what());
    }
  }
};

QTEST_MAIN(TestEvaluationFigures)
#include "test_evaluation_figures.moc"
