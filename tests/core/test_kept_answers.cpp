// SPDX-License-Identifier: Apache-2.0
// What a run keeps of its evaluations, as the window reads it; and what others may have put in its place.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "core/benchmark/kept_answers.h"
#include "core/error.h"

using namespace bandscope;
namespace fs = std::filesystem;

namespace {

const std::string kItem =
    R"({"doc_id":0,"target":"1","arguments":{"gen_args_0":{"arg_0":"Q?","arg_1":" red"},"gen_args_1":{"arg_1":" blue"}},)"
    R"("filtered_resps":[["-1.5","False"],["-2.5","False"]],"filter":"none","metrics":["acc","acc_norm"],)"
    R"("doc_hash":"a1","acc":0.0,"acc_norm":1.0,"chosen":{"acc":0,"acc_norm":1}})"
    "\n";

std::string written(int doc, const std::string& answer, double score, const std::string& filter = "strict") {
  return R"({"doc_id":)" + std::to_string(doc) + R"(,"target":"7","arguments":{"gen_args_0":{"arg_0":"3+4?",)" +
         R"("arg_1":{"until":["\n"]}}},"filtered_resps":[")" + answer + R"("],"filter":")" + filter +
         R"(","metrics":["exact_match"],"doc_hash":"h)" + std::to_string(doc) + R"(","exact_match":)" +
         std::to_string(score) + "}\n";
}

struct Box {
  QTemporaryDir dir;
  fs::path root = dir.path().toStdString();
  fs::path write(const fs::path& name, const std::string& text) const {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name, std::ios::binary) << text;
    return root / name;
  }
};

EvaluationRow row(const std::string& task, const std::string& metric, const std::string& filter) {
  EvaluationRow one;
  one.step = 40;
  one.task = task;
  one.metric = metric;
  one.filter = filter;
  return one;
}

}  // namespace

class TestKeptAnswers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void items() {
    const Box box;
    const auto choice = read_answers(box.write("a.jsonl", kItem));
    QCOMPARE(choice.size(), std::size_t(1));
    const AnsweredItem& item = choice[0];
    QCOMPARE(item.question, std::string("Q?"));
    QCOMPARE(item.choices, (std::vector<std::string>{"red", "blue"}));
    QCOMPARE(item.target, std::string("blue"));
    QCOMPARE(item.answer("acc"), std::string("red"));
    QCOMPARE(item.answer("acc_norm"), std::string("blue"));
    QCOMPARE(item.scores.at("acc_norm"), 1.0);
    const auto texts = read_answers(box.write("b.jsonl", written(4, "8", 0)));
    QVERIFY(texts[0].choices.empty());
    QCOMPARE(texts[0].answer("exact_match"), std::string("8"));
    QCOMPARE(texts[0].target, std::string("7"));
  }

  /// The harness says which choice is the likeliest by its numbers alone, and has examples in its context.
  void of_the_harness() {
    const Box box;
    std::string line = kItem;
    line.replace(line.find(R"(,"chosen")"), line.size(), "}\n");
    line.replace(line.find(R"("-1.5")"), 6, R"("-inf")");
    QCOMPARE(read_answers(box.write("a.jsonl", line))[0].answer("acc"), std::string("blue"));
  }

  void hostile_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("no JSON") << QByteArray("{\"doc_id\": 1");
    QTest::newRow("a list") << QByteArray("[1, 2]");
    QTest::newRow("deep") << QByteArray(100000, '[');
    QTest::newRow("no scores") << QByteArray(R"({"doc_id":1,"metrics":["acc"],"acc":"1"})");
    QTest::newRow("not finite") << QByteArray(R"({"doc_id":1,"metrics":["acc"],"acc":1e999})");
    QTest::newRow("text as number") << QByteArray(R"({"doc_id":"1","metrics":["acc"],"acc":1})");
    QTest::newRow("metrics of numbers") << QByteArray(R"({"doc_id":1,"metrics":[1],"acc":1})");
  }
  void hostile() {
    QFETCH(QByteArray, line);
    const Box box;
    // Beside a good line it is left out; alone there is nothing to read.
    QCOMPARE(read_answers(box.write("a.jsonl", line.toStdString() + "\n" + kItem)).size(), std::size_t(1));
    QVERIFY_EXCEPTION_THROWN(read_answers(box.write("b.jsonl", line.toStdString() + "\n")), DataError);
  }

  void odd_members_are_left_out() {
    const Box box;
    const auto items = read_answers(box.write(
        "a.jsonl", R"({"doc_id":1,"target":3,"arguments":[1],"filtered_resps":{},"filter":null,"metrics":["acc"],)"
                   R"("acc":true,"chosen":{"acc":7},"doc_hash":[]})"));
    QCOMPARE(items.size(), std::size_t(1));
    QCOMPARE(items[0].scores.at("acc"), 1.0);
    QVERIFY(items[0].answer("acc").empty() && items[0].question.empty() && items[0].hash.empty());
    QVERIFY_EXCEPTION_THROWN(read_task_answers(box.root, "../a"), DataError);
    QVERIFY_EXCEPTION_THROWN(read_task_answers(box.root, "none"), DataError);
  }

  void scores_of_tasks_and_groups() {
    const Box box;
    const fs::path record = box.root / "run.h5";
    QCOMPARE(evaluation_folder(record, 40), box.root / "evaluation/40");
    box.write("evaluation/40/samples_sums.jsonl",
              written(0, "7", 1) + written(1, "8", 0) + written(0, "7", 1, "loose"));
    box.write("evaluation/40/samples_more.jsonl", written(0, "7", 1));
    box.write("evaluation/40/results.json",
              R"({"results":{"sums":{"alias":"Sums"},"both":{"alias":3}},"group_subtasks":{"both":["sums","more"]}})");
    const std::vector<EvaluationRow> rows = {row("sums", "exact_match", "strict"), row("more", "exact_match", "strict"),
                                             row("both", "exact_match", "strict"), row("../x", "acc", "none")};
    const BenchmarkScores scores = read_benchmark_scores(record, rows);
    QCOMPARE(scores.step, std::int64_t(40));
    QCOMPARE(scores.alias("sums"), std::string("Sums"));
    QCOMPARE(scores.alias("both"), std::string("both"));
    QVERIFY(scores.top("both") && !scores.top("sums") && scores.top("other"));
    QCOMPARE((scores.items.at({"sums", "exact_match", "strict"}).size()), std::size_t(2));
    QCOMPARE((scores.items.at({"both", "exact_match", "strict"}).size()), std::size_t(3));
    QCOMPARE((scores.items.count({"../x", "acc", "none"})), std::size_t(0));
    QCOMPARE(read_benchmark_scores(record, {}).step, std::int64_t(-1));
  }

  /// A group that is its own member, in a file that somebody else wrote.
  void groups_that_hold_themselves() {
    const Box box;
    box.write("evaluation/40/samples_sums.jsonl", written(0, "7", 1));
    box.write("evaluation/40/results.json", R"({"group_subtasks":{"a":["b","sums"],"b":["a"]}})");
    const auto scores = read_benchmark_scores(
        box.root / "run.h5", {row("sums", "exact_match", "strict"), row("a", "exact_match", "strict")});
    QCOMPARE((scores.items.at({"a", "exact_match", "strict"}).size()), std::size_t(1));
  }

  /// A chain of groups as long as somebody else likes.
  void groups_within_groups() {
    const Box box;
    box.write("evaluation/40/samples_sums.jsonl", written(0, "7", 1));
    std::string groups;
    for (int i = 0; i < 200'000; ++i)
      groups += (i > 0 ? "," : "") + ("\"g" + std::to_string(i) + "\":[\"g" + std::to_string(i + 1) + "\"]");
    box.write("evaluation/40/results.json", "{\"group_subtasks\":{" + groups + "}}");
    const auto scores = read_benchmark_scores(
        box.root / "run.h5", {row("sums", "exact_match", "strict"), row("g0", "exact_match", "strict")});
    QVERIFY(scores.members.size() <= 1000);
    QCOMPARE((scores.items.at({"sums", "exact_match", "strict"}).size()), std::size_t(1));
  }

  void only_the_same_items_are_compared() {
    const std::vector<ScoredItem> first = {{0, "t", "x", 0}, {1, "t", "y", 1}, {2, "t", "z", 1}, {0, "u", "x", 0}};
    const std::vector<ScoredItem> second = {
        {1, "t", "y", 1}, {0, "t", "x", 1}, {2, "t", "changed", 0}, {0, "t", "x", 1}};
    const PairedResult result = compare_items(first, second);
    QCOMPARE(result.items, std::size_t(2));
    QCOMPARE(result.gained, std::size_t(1));
    QCOMPARE(result.lost, std::size_t(0));
  }
};

QTEST_APPLESS_MAIN(TestKeptAnswers)
#include "test_kept_answers.moc"
