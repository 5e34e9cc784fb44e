// SPDX-License-Identifier: Apache-2.0
// Filters and metrics of lm-evaluation-harness, means and their errors. Expected numbers are the harness's.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTest>

#include "core/error.h"
#include "tests/training/task_folder.h"
#include "training/evaluation/filters.h"
#include "training/evaluation/metrics.h"
#include "training/evaluation/task.h"
#include "training/evaluation/task_set.h"

using namespace bandscope;
using namespace bandscope::evaluation;
using engine_test::Folder;
using engine_test::kTask;

class TestTaskScores : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void filters() {
    const auto filter = [](const std::string& steps, const std::vector<std::string>& answers) {
      const std::string text = std::string(kTask) + "repeats: 3\nfilter_list:\n  - name: f\n    filter:\n" + steps;
      const QString whole = QString::fromStdString(text).replace("multiple_choice", "generate_until");
      return filtered(read_task(parse_task_yaml(whole.toStdString(), "t.yaml")).filters.at(0), answers);
    };
    const std::string first = "      - function: take_first\n";
    const std::string flexible =
        "      - {function: regex, group_select: -1, regex_pattern: \"(-?[$0-9.,]{2,})|(-?[0-9]+)\"}\n";
    QCOMPARE(filter(flexible + first, {"7 and 12 or 9", "3"}), Json("9"));
    QCOMPARE(filter(flexible + first, {"none"}), Json("[invalid]"));
    QCOMPARE(
        filter("      - {function: regex, regex_pattern: '(.)', group_select: 5, fallback: '-'}\n" + first, {"ab"}),
        Json("-"));
    QCOMPARE(filter("      - function: remove_whitespace\n      - function: uppercase\n" + first, {" aä "}),
             Json("AÄ"));
    QCOMPARE(filter("      - function: majority_vote\n" + first, {"b", "a", "a"}), Json("a"));
    QCOMPARE(filter("      - {function: map, mapping_dict: {a: 'one'}, default_value: 'other'}\n" + first, {"a"}),
             Json("one"));
    QVERIFY_EXCEPTION_THROWN(filter("      - function: lowercase\n", {"a"}), SpecError);
  }

  void metrics() {
    TaskConfig task;
    task.output = OutputType::multiple_choice;
    for (const char* name : {"acc", "acc_norm", "acc_bytes", "exact_match"}) task.metrics.push_back(MetricSpec{name});
    TaskItem item;
    item.choices = {"ab", "ääääääää"};
    item.target = 1;
    // By characters -5/2 against -16/8; by bytes -5/2 against -16/16.
    const Scores scores = score_likelihoods(task, item, {{-5, -16}, {false, true}, {}});
    QCOMPARE(scores.at("acc"), 0.0);
    QCOMPARE(scores.at("acc_norm"), 1.0);
    QCOMPARE(scores.at("acc_bytes"), 1.0);
    QCOMPARE(scores.at("exact_match"), 1.0);
    item.target = "nowhere";
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 0.0);
    item.target = {0, 1};
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 0.0);
    item.several_targets = true;
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 1.0);

    TaskConfig text;
    text.metrics.push_back(MetricSpec{"exact_match", true, true, true, false, {",", "(?s).*#### "}});
    TaskItem question;
    question.target = "so\n#### 1,234.";
    QCOMPARE(score_text(text, question, Json("1234")).at("exact_match"), 1.0);
    // A list is one target, as Python writes it, unless the first document has a list too.
    question.target = {2, "Y!"};
    QCOMPARE(score_text(text, question, Json("[2 'y!']")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 0.0);
    question.several_targets = true;
    QCOMPARE(score_text(text, question, Json("2")).at("exact_match"), 1.0);
    question.target = "xy";
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("xy")).at("exact_match"), 0.0);
    question.target = {"x", "Y!"};
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("z")).at("exact_match"), 0.0);
    QCOMPARE(score_text(text, question, Json()).at("exact_match"), 0.0);
  }

  void means_and_errors() {
    const std::vector<double> values = {1, 0, 0, 1, 1};
    const Mean mean = mean_of(values);
    QCOMPARE(mean.value, 0.6);
    QVERIFY(std::abs(*mean.error - 0.24494897427831783) < 1e-15);
    QVERIFY(!mean_of(std::vector<double>{1}).error);
    // pooled_sample_stderr([0.1, 0.2], [10, 30]) of the harness.
    const std::vector<Mean> members = {{0.5, 0.1}, {0.7, 0.2}};
    const std::vector<std::int64_t> sizes = {10, 30};
    QVERIFY(std::abs(pooled(members, sizes, true).value - 0.65) < 1e-15);
    QVERIFY(std::abs(*pooled(members, sizes, true).error - 0.1532541748378572) < 1e-12);
    QVERIFY(std::abs(pooled(members, sizes, false).value - 0.6) < 1e-15);
    QVERIFY(std::abs(*pooled(members, sizes, false).error - 0.11180339887498948) < 1e-12);
  }
};

QTEST_GUILESS_MAIN(TestTaskScores)
#include "test_task_scores.moc"
