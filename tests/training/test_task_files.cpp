// SPDX-License-Identifier: Apache-2.0
// Task files of lm-evaluation-harness: what is read and what is refused, the draw of examples, and contexts. Expected
// texts are the harness's, expected draws those of Python's own module.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTest>

#include "core/error.h"
#include "tests/training/task_folder.h"
#include "training/evaluation/python_random.h"
#include "training/evaluation/task.h"
#include "training/evaluation/task_set.h"

namespace fs = std::filesystem;
using namespace bandscope;
using namespace bandscope::evaluation;
using engine_test::Folder;
using engine_test::kTask;

namespace {

/// What loading says of a file that is refused; empty where it is not.
std::string refusal(const fs::path& file) {
  try {
    load_tasks({file});
  } catch (const SpecError& error) {
    return error.what();
  }
  return {};
}

#define SAYS(text, ...)                                                                \
  do {                                                                                 \
    const std::string heard_text = (text);                                             \
    for (const std::string& wanted_part : std::vector<std::string>{__VA_ARGS__})       \
      QVERIFY2(heard_text.find(wanted_part) != std::string::npos, heard_text.c_str()); \
  } while (false)

}  // namespace

class TestTaskFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // random.Random(1234).sample(range(n), k), one after the other.
  void examples_are_drawn_as_python_draws_them() {
    PythonRandom random(1234);
    QCOMPARE(random.sample(40, 4), (std::vector<std::size_t>{28, 7, 0, 5}));
    QCOMPARE(random.sample(1000, 3), (std::vector<std::size_t>{932, 965, 961}));
    QCOMPARE(random.sample(60, 26), (std::vector<std::size_t>{51, 37, 2,  42, 44, 5,  6, 49, 22, 15, 1, 52, 48,
                                                              59, 41, 39, 30, 55, 29, 9, 54, 11, 7,  0, 32, 31}));
  }

  void contexts() {
    const Folder folder;
    const TaskSet set = load_tasks({folder.write(
        "t.yaml", std::string(kTask) + "num_fewshot: 2\n"
                                       "fewshot_config: {sampler: first_n}\ndescription: \"Say.\\n\"\n")});
    const BuiltTask task = build_task(set.tasks.at(0), {});
    QCOMPARE(task.items.size(), std::size_t{2});
    QCOMPARE(task.items[0].context, std::string("Say.\nQ: fire?\nA: red\n\nQ: leaf?\nA: green\n\nQ: grass?\nA:"));
    QCOMPARE(task.items[0].continuations, (std::vector<std::string>{" red", " green"}));
    QCOMPARE(task.items[0].target, Json(1));
    TaskOptions options;
    options.shots = 0;
    options.limit = 1;
    const BuiltTask less = build_task(set.tasks.at(0), options);
    QCOMPARE(less.items.size(), std::size_t{1});
    QCOMPARE(less.documents, std::int64_t{2});
    QCOMPARE(less.items[0].context, std::string("Say.\nQ: grass?\nA:"));
  }

  // Examples out of the evaluated documents leave the document itself out.
  void a_document_is_no_example_of_itself() {
    const Folder folder;
    const TaskSet set = load_tasks(
        {folder.write("t.yaml", QString(kTask).replace("fewshot_split: shots", "fewshot_split: test").toStdString() +
                                    "num_fewshot: 1\n")});
    const BuiltTask task = build_task(set.tasks.at(0), {});
    QCOMPARE(task.items[0].context, std::string("Q: blood?\nA: red\n\nQ: grass?\nA:"));
    QCOMPARE(task.items[1].context, std::string("Q: grass?\nA: green\n\nQ: blood?\nA:"));
    TaskOptions options;
    options.shots = 2;
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), DataError);
  }

  void chat_contexts() {
    const Folder folder;
    const TaskSet set = load_tasks(
        {folder.write("t.yaml", std::string(kTask) + "num_fewshot: 1\n"
                                                     "fewshot_config: {sampler: first_n}\ndescription: Say.\n")});
    TaskOptions options;
    options.chat = [](const std::vector<Turn>& turns) {
      std::string all;
      for (const Turn& turn : turns) all += "<" + turn.role + ">" + turn.content;
      return all;
    };
    const BuiltTask task = build_task(set.tasks.at(0), options);
    QCOMPARE(task.items[0].context, std::string("<system>Say.<user>Q: fire?\nA:<assistant>red<user>Q: grass?\nA:"));
    QCOMPARE(task.items[0].continuations[0], std::string("red"));
  }

  void includes_and_groups() {
    const Folder folder;
    folder.write("_base.txt", std::string(kTask) + "num_fewshot: 1\n");
    folder.write("a.yaml", "include: _base.txt\ntask: a\n");
    folder.write("b.yaml", "include: _base.txt\ntask: b\nnum_fewshot: 0\n");
    folder.write("inner.yaml", "group: inner\ntask: [b]\n");
    const fs::path group = folder.write("all.yaml",
                                        "group: all\ntask:\n  - a\n  - inner\n  - task: a\n    num_fewshot: 2\n"
                                        "    task_alias: again\naggregate_metric_list:\n  - metric: acc\n");
    // The same name with other settings would be two tasks under one name.
    SAYS(refusal(group), "a.yaml", "\"a\"");
    folder.write("all.yaml", "group: all\ntask: [a, inner]\naggregate_metric_list:\n  - metric: acc\n");
    const TaskSet set = load_tasks({folder.path()});
    QCOMPARE(set.tasks.size(), std::size_t{2});
    QCOMPARE(set.groups.size(), std::size_t{2});
    QCOMPARE(set.leaves(*set.group("all")), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(*set.task("b")->shots, std::int64_t{0});
    QCOMPARE(*set.task("a")->shots, std::int64_t{1});
  }

  void refused_by_name_data() {
    QTest::addColumn<QString>("more");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("a key") << "use_prompt: x\n" << QStringList{"line 13", "\"use_prompt\"", "doc_to_text"};
    QTest::newRow("a function") << "process_docs: !function utils.f\n"
                                << QStringList{"line 13", "process_docs", "utils.f"};
    QTest::newRow("a metric") << "metric_list:\n  - metric: f1\n" << QStringList{"line 14", "f1", "acc_norm"};
    QTest::newRow("a metric's key") << "metric_list:\n  - metric: acc\n    hf_evaluate: true\n"
                                    << QStringList{"line 15", "hf_evaluate"};
    QTest::newRow("a sampler") << "fewshot_config: {sampler: balanced}\n" << QStringList{"balanced", "first_n"};
    QTest::newRow("a loader's key") << "dataset_kwargs: {trust_remote_code: true}\n" << QStringList{"twice"};
    QTest::newRow("a filter") << "filter_list: [{name: x, filter: [{function: regex_pos}]}]\n"
                              << QStringList{"regex_pos", "take_first"};
    QTest::newRow("a pattern") << "output_type: x\n" << QStringList{"twice"};
    QTest::newRow("a number") << "num_fewshot: many\n" << QStringList{"line 13", "num_fewshot", "whole number"};
    QTest::newRow("no YAML") << "x: [\n" << QStringList{"line"};
  }
  void refused_by_name() {
    QFETCH(QString, more);
    QFETCH(QStringList, said);
    const Folder folder;
    const std::string message = refusal(folder.write("t.yaml", kTask + more.toStdString()));
    for (const QString& part : said) SAYS(message, part.toStdString());
    SAYS(message, "t.yaml");
  }

  void let_through() {
    const Folder folder;
    const std::string more =
        "metadata: {version: 2.0}\ntag: [x]\nshould_decontaminate: true\n"
        "doc_to_decontamination_query: question\n";
    QCOMPARE(refusal(folder.write("t.yaml", kTask + more)), std::string());
  }

  /// As the harness's loader types them.
  void numbers_of_a_column() {
    const Folder folder;
    folder.write("test.jsonl", R"({"question": 1, "answer": 0, "deep": {"list": [1, 2]}, "mixed": 1}
{"question": 2.5, "answer": 1, "deep": {"list": [0.5]}, "mixed": null}
{"question": 7, "answer": 0, "deep": {"list": []}, "mixed": "x"}
)");
    const TaskSet set = load_tasks({folder.write(
        "t.yaml", QString(kTask).replace("Q: {{question}}", "{{question}} {{deep.list}} {{mixed}}").toStdString())});
    TaskOptions options;
    options.shots = 0;
    const BuiltTask task = build_task(set.tasks[0], options);
    QCOMPARE(QString::fromStdString(task.items[0].context), QString("1.0 [1.0, 2.0] 1\nA:"));
    QCOMPARE(QString::fromStdString(task.items[2].context), QString("7.0 [] x\nA:"));
  }

  /// The harness's loader reads columns of ISO times as times, in JSON alone.
  void times_of_a_column() {
    const Folder folder;
    folder.write(
        "test.jsonl",
        R"({"question": "2020-01-01", "answer": 0, "deep": {"at": "2021-02-03T04:05:00"}, "mixed": "2020-01-01"}
{"question": "1999-12-31 23", "answer": 1, "deep": {"at": null}, "mixed": "soon"}
{"question": "2024-02-29T07:08", "answer": 0, "deep": {"at": "2021-02-03 04:05:59"}, "mixed": "2020-01-02"}
)");
    const QString text = "{{question}} {{deep.at}} {{mixed}}";
    const TaskSet set =
        load_tasks({folder.write("t.yaml", QString(kTask).replace("Q: {{question}}", text).toStdString())});
    TaskOptions options;
    options.shots = 0;
    const BuiltTask task = build_task(set.tasks[0], options);
    QCOMPARE(QString::fromStdString(task.items[0].context),
             QString("2020-01-01 00:00:00 2021-02-03 04:05:00 2020-01-01\nA:"));
    QCOMPARE(QString::fromStdString(task.items[1].context), QString("1999-12-31 23:00:00 None soon\nA:"));
    QCOMPARE(QString::fromStdString(task.items[2].context),
             QString("2024-02-29 07:08:00 2021-02-03 04:05:59 2020-01-02\nA:"));
    // One that is no day, or has a fraction or a zone: the column is of texts.
    for (const char* odd : {"2023-02-29", "2020-13-01", "2020-01-01T00:00:00Z", "2020-01-01 00:00:00.5", "20-01-01"}) {
      folder.write("test.jsonl",
                   std::string(R"({"question": "2020-01-01", "answer": 0, "deep": {"at": null}, "mixed": 1})") + "\n" +
                       R"({"question": ")" + odd + R"(", "answer": 1, "deep": {"at": null}, "mixed": 1})" + "\n");
      QVERIFY(build_task(set.tasks[0], options).items[0].context.starts_with("2020-01-01 "));
      QVERIFY(!build_task(set.tasks[0], options).items[0].context.starts_with("2020-01-01 00"));
    }
  }

  void hostile_files() {
    const Folder folder;
    SAYS(refusal(folder.write("deep.yaml", "task: " + std::string(100000, '['))), "deep.yaml");
    std::string indented;
    for (int i = 0; i < 600; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    SAYS(refusal(folder.write("indented.yaml", indented)), "indented.yaml");
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
      const std::string before = "*a" + std::to_string(i - 1);
      bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
      for (int j = 0; j < 8; ++j) bomb += ", " + before;
      bomb += "]\n";
    }
    SAYS(refusal(folder.write("bomb.yaml", bomb)), "bomb.yaml", "200000");
    SAYS(refusal(folder.write("circle.yaml", "task: &a [*a]\n")), "circle.yaml");
    SAYS(refusal(folder.write("own.yaml", "include: own.yaml\ntask: x\n")), "includes itself");
    // Results are written to files of these names, and a set's name is looked for below a folder.
    for (const std::string name : {"../x", "/tmp/x", "..", "a/b"}) {
      SAYS(
          refusal(folder.write(
              "name.yaml",
              QString(kTask).replace("task: colours", QString::fromStdString("task: \"" + name + "\"")).toStdString())),
          "name.yaml");
      const std::string group = "group: \"" + name + "\"\ntask:\n  - task: inner\n    dataset_path: json\n";
      SAYS(refusal(folder.write("group.yaml", group)), "group.yaml");
    }
    // Each of these reads the next one twice.
    for (int i = 0; i < 20; ++i) {
      const std::string next = "f" + std::to_string(i + 1) + ".yaml";
      folder.write(QString("f%1.yaml").arg(i), "include: [" + next + ", " + next + "]\ntask: x\n");
    }
    folder.write("f20.yaml", "task: x\n");
    SAYS(refusal(folder.path() / "f0.yaml"), "includes more than 1000 files");
    QVERIFY_EXCEPTION_THROWN(load_tasks({folder.write("large.yaml", "task: " + std::string(5 << 20, 'x'))}), Error);
    QVERIFY_EXCEPTION_THROWN(load_tasks({folder.path() / "none.yaml"}), SpecError);
  }

  void missing_columns_and_files() {
    const Folder folder;
    const auto fails = [&](const QString& task, const std::string& part) {
      try {
        build_task(load_tasks({folder.write("t.yaml", task.toStdString())}).tasks.at(0), {});
      } catch (const DataError& error) {
        QVERIFY2(std::string(error.what()).find(part) != std::string::npos, error.what());
        return;
      }
      QFAIL(part.c_str());
    };
    fails(QString(kTask).replace("{{question}}", "{{query}}"), "'query' is undefined");
    fails(QString(kTask).replace("test: test.jsonl", "test: other.jsonl"), "other.jsonl");
    fails(QString(kTask).replace("[\"red\", \"green\"]", "answer"), "choices are a list of texts");
  }

  void hub_names() {
    const Folder folder;
    folder.write("data/owner/set/main/test-00000-of-00001.jsonl", "{\"question\": \"sky?\", \"answer\": 1}\n");
    const std::string text =
        "task: t\ndataset_path: owner/set\ndataset_name: main\ntest_split: test\n"
        "output_type: multiple_choice\ndoc_to_text: question\ndoc_to_target: answer\n"
        "doc_to_choice: [\"no\", \"yes\"]\n";
    const TaskSet set = load_tasks({folder.write("t.yaml", text)});
    TaskOptions options;
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), SpecError);
    options.data = folder.path() / "data";
    QCOMPARE(build_task(set.tasks.at(0), options).items.at(0).context, std::string("sky?"));
    options.data = folder.path();
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), DataError);
    options.data = folder.path() / "data";
    for (const char* out : {"../..", "/tmp"}) {
      const std::string leads_out = QString::fromStdString(text).replace("main", out).toStdString();
      const TaskSet other = load_tasks({folder.write("out.yaml", leads_out)});
      QVERIFY_EXCEPTION_THROWN(build_task(other.tasks.at(0), options), SpecError);
    }
  }
};

QTEST_GUILESS_MAIN(TestTaskFiles)
#include "test_task_files.moc"
