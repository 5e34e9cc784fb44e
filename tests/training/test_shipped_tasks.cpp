// SPDX-License-Identifier: Apache-2.0
// The task files of resources/evaluation over data laid out as the hub has them: rows of our own of every set's form,
// and, where they are at hand, the sets themselves.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <set>

#include "training/evaluation/metrics.h"
#include "training/evaluation/task.h"
#include "training/evaluation/task_set.h"
#include "training/text/python_literal.h"

namespace fs = std::filesystem;
using namespace bandscope;
using namespace bandscope::evaluation;

namespace {

const fs::path kTasks = BANDSCOPE_SOURCE "/resources/evaluation";
const fs::path kPublished = BANDSCOPE_SOURCE "/../shared/data/evaluation";

class Hub {
 public:
  fs::path path() const { return folder_.path().toStdString(); }
  void write(const std::string& name, const std::vector<Json>& rows) const {
    const fs::path file = path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream out(file);
    for (const Json& row : rows) out << row.dump() << '\n';
  }
  BuiltTask built(const fs::path& file, std::optional<std::int64_t> shots = {}) const {
    TaskOptions options;
    options.data = path();
    options.shots = shots;
    const TaskSet tasks = load_tasks({kTasks / file});
    return build_task(tasks.tasks.at(0), options);
  }

 private:
  QTemporaryDir folder_;
};

std::vector<Json> lines_of(const fs::path& file) {
  std::vector<Json> rows;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) rows.push_back(Json::parse(line));
  return rows;
}

/// Documents of which the target is no choice.
std::vector<std::int64_t> without_target(const BuiltTask& task) {
  std::vector<std::int64_t> documents;
  for (const TaskItem& item : task.items) {
    const bool known = item.target.is_number_integer()
                           ? item.target.get<std::size_t>() < item.choices.size()
                           : std::ranges::find(item.choices, item.target.get<std::string>()) != item.choices.end();
    if (!known) documents.push_back(item.doc);
  }
  return documents;
}

}  // namespace

class TestShippedTasks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (!fs::exists(kPublished)) qInfo("without %s, rows of our own alone are tried", kPublished.c_str());
  }

  void every_file_loads() {
    const TaskSet tasks = load_tasks({kTasks});
    QCOMPARE(tasks.groups.size(), std::size_t{3});
    QCOMPARE(tasks.leaves(*tasks.group("bbh")).size(), std::size_t{24});
    QCOMPARE(tasks.leaves(*tasks.group("math")).size(), std::size_t{7});
    QCOMPARE(tasks.leaves(*tasks.group("musr")).size(), std::size_t{3});
    for (const char* name : {"arc_challenge", "mmlu_pro", "gsm8k"}) QVERIFY2(tasks.task(name), name);
    QCOMPARE(tasks.tasks.size(), std::size_t{37});
  }

  void arc() {
    const Hub hub;
    const auto row = [](const std::string& question, const std::string& key) -> Json {
      return {{"id", "q"},
              {"question", question},
              {"choices", {{"text", {"ice", "steam"}}, {"label", {"1", "2"}}}},
              {"answerKey", key}};
    };
    hub.write("allenai/ai2_arc/ARC-Challenge/test.jsonl", {row("What is hot?", "2")});
    hub.write("allenai/ai2_arc/ARC-Challenge/train.jsonl", {row("What is cold?", "1")});
    const BuiltTask task = hub.built("arc/arc_challenge.yaml", 1);
    QCOMPARE(task.items[0].context,
             std::string("Question: What is cold?\nAnswer: ice\n\nQuestion: What is hot?\nAnswer:"));
    QCOMPARE(task.items[0].continuations, (std::vector<std::string>{" ice", " steam"}));
    QCOMPARE(task.items[0].target, Json(1));
    QCOMPARE(task.config.shots, std::optional<std::int64_t>(25));
  }

  void mmlu_pro() {
    const Hub hub;
    const auto row = [](const std::string& question, int answer) -> Json {
      return {{"question", question}, {"options", {"one", "two", "three"}}, {"answer_index", answer}, {"answer", "x"}};
    };
    hub.write("TIGER-Lab/MMLU-Pro/data/test.jsonl", {row("1 + 1?", 1)});
    hub.write("TIGER-Lab/MMLU-Pro/data/validation.jsonl", {row("3?", 2), row("1?", 0)});
    const BuiltTask task = hub.built("mmlu_pro/mmlu_pro.yaml", 2);
    QCOMPARE(task.items[0].context,
             std::string("3?\nA. one\nB. two\nC. three\nAnswer: C\n\n1?\nA. one\nB. two\nC. three\n"
                         "Answer: A\n\n1 + 1?\nA. one\nB. two\nC. three\nAnswer:"));
    QCOMPARE(task.items[0].continuations, (std::vector<std::string>{" A", " B", " C"}));
    if (!fs::exists(kPublished)) return;
    const std::vector<Json> rows = lines_of(kPublished / "mmlu_pro/mmlu_pro_560.jsonl");
    hub.write("TIGER-Lab/MMLU-Pro/data/test.jsonl", rows);
    hub.write("TIGER-Lab/MMLU-Pro/data/validation.jsonl", {rows.begin(), rows.begin() + 5});
    const BuiltTask all = hub.built("mmlu_pro/mmlu_pro.yaml");
    QCOMPARE(all.items.size(), rows.size());
    QVERIFY(without_target(all).empty());
    for (std::size_t i = 0; i < rows.size(); ++i)
      QCOMPARE(all.items[i].choices[all.items[i].target.get<std::size_t>()], rows[i]["answer"].get<std::string>());
  }

  void gsm8k() {
    const Hub hub;
    hub.write("openai/gsm8k/main/test.jsonl", {{{"question", "2 + 2?"}, {"answer", "Add.\n#### 4"}}});
    hub.write("openai/gsm8k/main/train.jsonl", {{{"question", "1 + 1?"}, {"answer", "Count.\n#### 2"}}});
    const BuiltTask task = hub.built("gsm8k/gsm8k.yaml", 1);
    QCOMPARE(task.items[0].context,
             std::string("Question: 1 + 1?\nAnswer: Count.\n#### 2\n\nQuestion: 2 + 2?\nAnswer:"));
    // The target's own text is cut down to its number as an answer is.
    QCOMPARE(score_text(task.config, task.items[0], "4").at("exact_match"), 1.0);
    QCOMPARE(score_text(task.config, task.items[0], "$4.").at("exact_match"), 1.0);
    QCOMPARE(score_text(task.config, task.items[0], "5").at("exact_match"), 0.0);
    if (!fs::exists(kPublished)) return;
    hub.write("openai/gsm8k/main/test.jsonl", lines_of(kPublished / "gsm8k/test.jsonl"));
    const BuiltTask all = hub.built("gsm8k/gsm8k.yaml", 1);
    QCOMPARE(all.items.size(), std::size_t{1319});
    for (const TaskItem& item : all.items) {
      const std::string answer = item.document["answer"].get<std::string>();
      const std::string number = answer.substr(answer.rfind("#### ") + 5);
      QCOMPARE(score_text(all.config, item, number).at("exact_match"), 1.0);
    }
  }

  void math() {
    const Hub hub;
    const auto row = [](const std::string& problem, const std::string& solution) -> Json {
      return {{"problem", problem}, {"solution", solution}, {"level", "1"}, {"type", "Algebra"}};
    };
    hub.write(
        "EleutherAI/hendrycks_math/algebra/test.jsonl",
        {row("Half?", "It is $\\boxed{\\frac{1}{2}}$."), row("Set?", "First \\boxed{1}, then \\boxed{\\{a, b\\}}.")});
    hub.write("EleutherAI/hendrycks_math/algebra/train.jsonl", {row("One?", "So \\boxed{1}.")});
    const BuiltTask task = hub.built("math/algebra.yaml", 1);
    QCOMPARE(task.items[0].context,
             std::string("Problem:\nOne?\n\nSolution: So \\boxed{1}.\n\nProblem:\nHalf?\n\nSolution:"));
    QCOMPARE(task.items[0].target, Json("\\frac{1}{2}"));
    QCOMPARE(task.items[1].target, Json("\\{a, b\\}"));
    QCOMPARE(score_text(task.config, task.items[0], "\\frac{1}{2}").at("exact_match"), 1.0);
    QCOMPARE(score_text(task.config, task.items[0], "\\frac{1}{3}").at("exact_match"), 0.0);
    if (!fs::exists(kPublished)) return;
    std::vector<Json> rows;
    for (const Json& problem : lines_of(kPublished / "math/math_complex_soln.jsonl"))
      rows.push_back(row(problem["context"].get<std::string>(), problem["chain_of_thought"].get<std::string>()));
    hub.write("EleutherAI/hendrycks_math/algebra/test.jsonl", rows);
    // An answer that is the solution's own is right. One in a hundred of these solutions boxes nothing.
    std::size_t boxed = 0, right = 0;
    for (const TaskItem& item : hub.built("math/algebra.yaml", 1).items) {
      if (item.document["solution"].get<std::string>().find("\\boxed{") == std::string::npos) continue;
      ++boxed;
      const bool is_right = score_text(task.config, item, python_text(item.target)).at("exact_match") == 1.0;
      if (!is_right) qWarning("document %ld: %s", static_cast<long>(item.doc), item.target.dump().c_str());
      right += is_right;
    }
    QVERIFY2(boxed > rows.size() * 98 / 100 && right == boxed,
             qPrintable(QString("%1 of %2 of %3").arg(right).arg(boxed).arg(rows.size())));
  }

  void bbh() {
    const Hub hub;
    hub.write("lukaemon/bbh/navigate/test.jsonl", {{{"input", "a?"}, {"target", "Yes"}},
                                                   {{"input", "b?"}, {"target", "No"}},
                                                   {{"input", "c?"}, {"target", "No"}},
                                                   {{"input", "d?"}, {"target", "Yes"}}});
    const BuiltTask task = hub.built("bbh/navigate.yaml");
    QCOMPARE(task.items[3].context, std::string("Q: a?\nA: Yes\n\nQ: b?\nA: No\n\nQ: c?\nA: No\n\nQ: d?\nA:"));
    // A document is no example of its own.
    QCOMPARE(task.items[0].context, std::string("Q: b?\nA: No\n\nQ: c?\nA: No\n\nQ: d?\nA: Yes\n\nQ: a?\nA:"));
    if (!fs::exists(kPublished)) return;
    std::size_t documents = 0;
    for (const TaskConfig& config : load_tasks({kTasks / "bbh/bbh.yaml"}).tasks) {
      const std::string name = config.name.substr(std::string("bbh_").size());
      std::ifstream in(kPublished / "bbh" / (name + ".json"));
      if (!in) continue;
      const std::vector<Json> rows = Json::parse(in).at("examples").get<std::vector<Json>>();
      hub.write("lukaemon/bbh/" + name + "/test.jsonl", rows);
      TaskOptions options;
      options.data = hub.path();
      const BuiltTask all = build_task(config, options);
      QCOMPARE(all.items.size(), rows.size());
      // As they are published three documents have no choice for their answer; whatever is said to them is wrong.
      using Documents = std::vector<std::int64_t>;
      const Documents none = name == "ruin_names"             ? Documents{99, 144}
                             : name == "movie_recommendation" ? Documents{163}
                                                              : Documents{};
      QCOMPARE(without_target(all), none);
      for (const std::int64_t document : none) {
        const TaskItem& item = all.items[static_cast<std::size_t>(document)];
        Answers answers;
        answers.log_likelihoods.assign(item.choices.size(), -1.0);
        answers.greedy.assign(item.choices.size(), false);
        QCOMPARE(score_likelihoods(all.config, item, answers).at("acc_norm"), 0.0);
      }
      documents += rows.size();
    }
    QVERIFY(documents > 5000);
  }

  void musr() {
    const Hub hub;
    hub.write("TAUR-Lab/MuSR/default/team_allocation.jsonl", {{{"narrative", "Once."},
                                                               {"question", "Who?"},
                                                               {"choices", "['A: Al, B: Bo', \"A: O'Neil\"]"},
                                                               {"answer_index", 1},
                                                               {"answer_choice", "A: O'Neil"}}});
    const BuiltTask task = hub.built("musr/team_allocation.yaml");
    QCOMPARE(task.items[0].context, std::string("Once.\n\nWho?\n\n1 - A: Al, B: Bo\n2 - A: O'Neil\nAnswer:"));
    QCOMPARE(task.items[0].continuations, (std::vector<std::string>{" A: Al, B: Bo", " A: O'Neil"}));
    QVERIFY(without_target(task).empty());
    if (!fs::exists(kPublished)) return;
    for (const auto& [kind, file] :
         {std::pair<std::string, std::string>{"murder_mysteries", "small_murder_mystery.json"},
          {"object_placements", "small_object_placements.json"},
          {"team_allocation", "small_team_allocation.json"}}) {
      std::ifstream in(kPublished / "musr" / file);
      std::vector<Json> rows;
      for (const Json& story : Json::parse(in))
        for (const Json& question : story.at("questions")) {
          const Json& choices = question.at("choices");
          rows.push_back({{"narrative", story.at("context")},
                          {"question", question.at("question")},
                          {"choices", python_text(choices)},
                          {"answer_choice", choices.at(question.at("answer").get<std::size_t>())}});
        }
      hub.write("TAUR-Lab/MuSR/default/" + kind + ".jsonl", rows);
      const BuiltTask all = hub.built("musr/" + kind + ".yaml");
      QCOMPARE(all.items.size(), rows.size());
      QVERIFY(without_target(all).empty());
    }
  }
};

QTEST_GUILESS_MAIN(TestShippedTasks)
#include "test_shipped_tasks.moc"
