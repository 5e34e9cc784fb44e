// SPDX-License-Identifier: Apache-2.0
// Benchmarks as their users ask for them: models, runs and checkpoints, the layout of the results, what is refused, and
// benchmarks while a run goes on, which change nothing of it.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>
#include <filesystem>

#include "core/benchmark/kept_answers.h"
#include "tests/training/engine_box.h"

using namespace engine_test;

namespace {

const char* const kTask = R"(task: colours
dataset_path: json
dataset_kwargs: {data_files: {test: test.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "Q: {{question}}\nA:"
doc_to_target: "{{answer}}"
doc_to_choice: ["red", "green", "blue"]
num_fewshot: 2
)";
const char* const kAnswers = R"(task: words
dataset_path: json
dataset_kwargs: {data_files: {test: test.jsonl}}
test_split: test
doc_to_text: "Q: {{question}}\nA:"
doc_to_target: "{{answer}}"
generation_kwargs: {until: ["\n"], max_gen_toks: 8}
)";

/// Task files and their data below `tasks`; the folder.
QString write_tasks(const EngineBox& box) {
  QByteArray lines;
  for (const char* question : {"grass", "sky", "blood", "leaf", "sea", "rose"})
    lines +=
        QByteArray(R"({"question": ")") + question + R"(", "answer": )" + QByteArray::number(lines.size() % 3) + "}\n";
  box.write("tasks/test.jsonl", lines);
  box.write("tasks/words.yaml", kAnswers);
  box.write("tasks/both.yaml", "group: both\ntask: [colours, words]\naggregate_metric_list:\n  - metric: acc\n");
  return QFileInfo(box.write("tasks/colours.yaml", kTask)).path();
}

QJsonObject json(const QString& file) { return QJsonDocument::fromJson(contents(file)).object(); }

}  // namespace

class TestEvaluation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void results_have_the_harness_layout() {
    const EngineBox box;
    const QString tasks = write_tasks(box), model = golden("models/tiny-llama-tied");
    const Ended end = box.run({"evaluate", model, "--tasks", tasks, "--limit", "4", "--out", box.path("out")});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    for (const char* part : {"colours", "words", "both (group)", "acc_norm", "exact_match", "±"})
      QVERIFY2(end.out.contains(part), qPrintable(end.out));
    const QJsonObject results = json(box.path("out/results.json"));
    const QJsonObject colours = results["results"]["colours"].toObject();
    QCOMPARE(colours["sample_len"].toInt(), 4);
    QVERIFY(colours["acc,none"].isDouble() && colours["acc_stderr,none"].isDouble());
    QCOMPARE(results["results"]["both"]["acc,none"], colours["acc,none"]);
    QCOMPARE(results["n-shot"]["colours"].toInt(), 2);
    QCOMPARE(results["n-samples"]["colours"]["original"].toInt(), 6);
    QCOMPARE(results["n-samples"]["colours"]["effective"].toInt(), 4);
    QCOMPARE(results["group_subtasks"]["both"].toArray().size(), 2);
    const QList<QByteArray> lines = contents(box.path("out/samples_colours.jsonl")).split('\n');
    QCOMPARE(lines.size(), 5);
    const QJsonObject sample = QJsonDocument::fromJson(lines[3]).object();
    QCOMPARE(sample["doc_id"].toInt(), 3);
    QCOMPARE(sample["arguments"]["gen_args_2"]["arg_1"].toString(), " blue");
    QCOMPARE(sample["filtered_resps"].toArray().size(), 3);
    QVERIFY(sample["acc"].isDouble());
    QVERIFY(!QFile::exists(box.path("out/.unfinished")));
    const Ended as_json = box.run({"evaluate", model, "--tasks", tasks, "--limit", "4", "--json"});
    QCOMPARE(QJsonDocument::fromJson(as_json.out.toUtf8()).object()["results"], results["results"]);
  }

  void what_was_cut_off_goes_on() {
    const EngineBox box;
    const QString tasks = write_tasks(box), model = golden("models/tiny-llama-tied");
    const QStringList call = {"evaluate", model, "--tasks", tasks, "--out", box.path("out")};
    QCOMPARE(box.run(call).code, 0);
    const QJsonObject whole = json(box.path("out/results.json"));
    // A task that cannot be asked ends the evaluation after the others; these are kept and believed.
    box.write("tasks/zz.yaml", QByteArray(kTask)
                                   .replace("colours", "zz")
                                   .replace("2\n", "2\ntarget_delimiter: \"\"\n")
                                   .replace("[\"red\", \"green\", \"blue\"]", "['', 'x', 'y']"));
    QVERIFY(box.run(call).code != 0);
    QVERIFY(QFile::exists(box.path("out/.unfinished/colours.json")));
    QJsonObject kept = json(box.path("out/.unfinished/colours.json"));
    QJsonArray answers = kept["answers"].toArray();
    QJsonObject first = answers[0].toObject();
    first["log_likelihoods"] = QJsonArray{-1, -2, -3};
    answers[0] = first;
    kept["answers"] = answers;
    put(box.path("out/.unfinished/colours.json"), QJsonDocument(kept).toJson());
    QFile::remove(box.path("tasks/zz.yaml"));
    QCOMPARE(box.run(call).code, 0);
    const QByteArray line = contents(box.path("out/samples_colours.jsonl")).split('\n')[0];
    QCOMPARE(QJsonDocument::fromJson(line).object()["filtered_resps"].toArray()[1].toArray()[0].toString().toDouble(),
             -2.0);
    QCOMPARE(json(box.path("out/results.json"))["n-samples"], whole["n-samples"]);
  }

  void runs_and_checkpoints() {
    const EngineBox box;
    const QString tasks = write_tasks(box);
    const QString spec =
        box.spec("one", "tiny-llama-tied", "[model.lora]\nrank = 4\n[checkpoint]\nevery = 4\nkeep = 5\n");
    const Ended trained = box.train(spec, "runs", {"model.tuning=lora", "optimizer.learning_rate=0.01"});
    QVERIFY2(trained.code == 0, qPrintable(trained.error));
    const QString run = box.path("runs/one"), base = golden("models/tiny-llama-tied");
    const auto first_sample = [&](const QString& label) -> QJsonValue {
      const QByteArray line = contents(box.path("out/" + label + "/samples_colours.jsonl")).split('\n')[0];
      return QJsonDocument::fromJson(line).object()["filtered_resps"];
    };
    FAILS(box.run({"evaluate", run, run + "/run.h5", "--tasks", tasks}), 2, "\"one\"");
    const Ended four = box.run(
        {"evaluate", base, run, run + "@4", run + "@0", "--tasks", tasks + "/colours.yaml", "--out", box.path("out")});
    QVERIFY2(four.code == 0, qPrintable(four.error));
    QVERIFY(four.out.contains("Δ"));
    QCOMPARE(first_sample("one@0"), first_sample("tiny-llama-tied"));
    QVERIFY(first_sample("one") != first_sample("tiny-llama-tied"));
    QVERIFY(first_sample("one") != first_sample("one@4"));
    FAILS(box.run({"evaluate", run + "@5", "--tasks", tasks}), 3, "step 5", "4, 8, 10");
    FAILS(box.run({"evaluate", run + "@x", "--tasks", tasks}), 2, "RUN@40");
    FAILS(box.run({"evaluate", base + "@4", "--tasks", tasks}), 2, "spec.toml");
  }

  void refused() {
    const EngineBox box;
    const QString tasks = write_tasks(box), model = golden("models/tiny-llama-tied");
    const auto task = [&](const QByteArray& more) {
      box.write("tasks/colours.yaml", kTask + more);
      return QStringList{"evaluate", model, "--tasks", tasks + "/colours.yaml"};
    };
    FAILS(box.run(task("process_docs: !function utils.f\n")), 2, "colours.yaml, line 10", "process_docs", "utils.f");
    FAILS(box.run(task("metric_list: [{metric: bleu}]\n")), 2, "bleu", "acc_norm");
    FAILS(box.run(task("fewshot_split: train\n")), 2, "train");
    FAILS(box.run(task("description: \"{{missing}}\"\n")), 3, "document 0", "missing");
    FAILS(box.run({"evaluate", model}), 2, "--tasks");
    FAILS(box.run({"evaluate", box.path("none"), "--tasks", tasks}), 3, "none", "does not exist");
    FAILS(box.run({"evaluate", model, "--tasks", tasks + "/none.yaml"}), 2, "none.yaml");
    FAILS(box.run(task("") + QStringList{"--shots", "7"}), 3, "6 examples", "7 are asked for");
    box.write("long/test.jsonl", "{\"question\": \"" + QByteArray("red ").repeated(5000) + "\", \"answer\": 1}\n");
    box.write("long/t.yaml", QByteArray(kAnswers).replace("max_gen_toks: 8", "max_gen_toks: 100000"));
    FAILS(box.run({"evaluate", model, "--tasks", box.path("long/t.yaml")}), 3, "document 0", "100000");
    // What is longer than the model keeps its end.
    box.write("long/t.yaml", QByteArray(kTask).replace("num_fewshot: 2", ""));
    QCOMPARE(box.run({"evaluate", model, "--tasks", box.path("long/t.yaml")}).code, 0);
  }

  // Records and weights to the bit, with benchmarks at the start, in between and at the end.
  void benchmarks_change_no_run_data() {
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("full") << QStringList{};
    QTest::newRow("adapter") << QStringList{"model.tuning=lora", "model.lora.dropout=0.1"};
  }
  void benchmarks_change_no_run() {
    QFETCH(QStringList, sets);
    const EngineBox box;
    const QString tasks = write_tasks(box);
    QCOMPARE(box.train(box.spec("plain"), "plain", sets).code, 0);
    const QString spec =
        box.spec("plain", "tiny-llama-tied", "[evaluation]\ntasks = [\"tasks\"]\nevery = 4\nlimit = 3\nshots = 1\n");
    const Ended end = box.train(spec, "evaluated", sets);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const auto plain = box.file("plain/plain"), evaluated = box.file("evaluated/plain");
    SAME(difference(plain / "run.h5", evaluated / "run.h5"));
    const char* weights =
        sets.isEmpty() ? "checkpoint-00000010/model.safetensors" : "checkpoint-00000010/adapter_model.safetensors";
    SAME(file_difference(plain / weights, evaluated / weights));
    const auto rows = bandscope::RecordReader::open(evaluated / "run.h5").evaluation_rows();
    std::vector<std::int64_t> steps;
    for (const bandscope::EvaluationRow& row : rows)
      if (row.task == "both") steps.push_back(row.step);
    QCOMPARE(steps, (std::vector<std::int64_t>{0, 4, 8, 10}));
    QCOMPARE(rows[0].samples, std::int64_t{3});
    QVERIFY(bandscope::RecordReader::open(plain / "run.h5").evaluation_rows().empty());
    // What the last row says is what `evaluate` says of the run.
    const Ended after =
        box.run({"evaluate", box.path("evaluated/plain"), "--tasks", tasks, "--limit", "3", "--shots", "1", "--json"});
    const QJsonObject said = QJsonDocument::fromJson(after.out.toUtf8()).object();
    const QJsonObject colours = said["results"]["colours"].toObject();
    for (const bandscope::EvaluationRow& row : rows)
      if (row.task == "colours" && row.step == 10)
        QCOMPARE(row.value, colours[QString::fromStdString(row.metric) + ",none"].toDouble());
    // The answers to the items are kept: scores that have the recorded means, questions without their examples.
    for (const std::int64_t step : steps) {
      std::vector<bandscope::EvaluationRow> own;
      for (const bandscope::EvaluationRow& row : rows)
        if (row.step == step) own.push_back(row);
      const auto kept = bandscope::read_benchmark_scores(evaluated / "run.h5", own);
      for (const bandscope::EvaluationRow& row : own) {
        const auto& items = kept.items.at({row.task, row.metric, row.filter});
        double sum = 0;
        for (const auto& item : items) sum += item.score;
        QCOMPARE(items.size(), std::size_t(row.samples));
        QVERIFY(std::abs(sum / double(items.size()) - row.value) < 1e-12);
      }
      QVERIFY(kept.members.at("both").size() == 2 && !kept.top("words"));
    }
    const auto folder = bandscope::evaluation_folder(evaluated / "run.h5", 10);
    const auto item = bandscope::read_task_answers(folder, "colours").at(2);
    QCOMPARE(item.question, std::string("Q: blood\nA:"));
    QCOMPARE(item.choices, (std::vector<std::string>{"red", "green", "blue"}));
    QCOMPARE(item.answer("acc") == item.target, item.scores.at("acc") == 1);
    QCOMPARE(item.answer("acc_norm") == item.target, item.scores.at("acc_norm") == 1);
    QVERIFY(bandscope::read_task_answers(folder, "words").at(0).choices.empty());
    QVERIFY(!std::filesystem::exists(folder / "samples_words.jsonl.part"));
  }

  void a_resumed_run_repeats_no_benchmark() {
    const EngineBox box;
    write_tasks(box);
    const QString more =
        "[evaluation]\ntasks = [\"tasks/colours.yaml\"]\nevery = 4\nat_start = false\n[checkpoint]\nevery = 4\n";
    const QString spec = box.spec("one", "tiny-llama-tied", more);
    QCOMPARE(box.train(spec, "whole").code, 0);
    QCOMPARE(box.train(spec, "cut", {"training.steps=8"}).code, 0);
    QCOMPARE(box.train(spec, "cut", {"run.resume=true"}).code, 0);
    const auto steps = [&](const QString& runs) {
      std::vector<std::int64_t> all;
      for (const auto& row : bandscope::RecordReader::open(box.file(runs + "/one/run.h5")).evaluation_rows())
        if (row.metric == "acc") all.push_back(row.step);
      return all;
    };
    QCOMPARE(steps("whole"), (std::vector<std::int64_t>{4, 8, 10}));
    QCOMPARE(steps("cut"), steps("whole"));
    QCOMPARE(contents(box.path("cut/one/evaluation/10/samples_colours.jsonl")),
             contents(box.path("whole/one/evaluation/10/samples_colours.jsonl")));
  }

  /// Answers that cannot be kept are no reason to lose a run.
  void answers_that_cannot_be_written() {
    const EngineBox box;
    write_tasks(box);
    const QString spec = box.spec("one", "tiny-llama-tied", "[evaluation]\ntasks = [\"tasks/colours.yaml\"]\n");
    QCOMPARE(box.train(spec, "runs", {"training.steps=4"}).code, 0);
    QVERIFY(QDir(box.path("runs/one/evaluation")).removeRecursively());
    box.write("runs/one/evaluation", "in the way");
    const Ended end = box.train(spec, "runs", {"training.steps=8", "run.resume=true"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const auto reader = bandscope::RecordReader::open(box.file("runs/one/run.h5"));
    QCOMPARE(reader.evaluation_rows().back().step, std::int64_t{8});
    const auto events = reader.event_rows();
    QVERIFY(std::any_of(events.begin(), events.end(), [](const bandscope::EventRow& event) {
      return event.kind == "note" && event.message.english().find("evaluation") != std::string::npos;
    }));
  }

  void wrong_benchmarks_end_a_run_before_it_begins() {
    const EngineBox box;
    const QString spec = box.spec("one", "tiny-llama-tied", "[evaluation]\ntasks = [\"none.yaml\"]\n");
    FAILS(box.train(spec, "runs"), 2, "none.yaml", "does not exist");
    QVERIFY(!QFile::exists(box.path("runs/one")));
    // What only the model can say of a task is said before training as well.
    write_tasks(box);
    box.write("tasks/words.yaml", QByteArray(kAnswers).replace("max_gen_toks: 8", "max_gen_toks: 100000"));
    const QString late =
        box.spec("late", "tiny-llama-tied", "[evaluation]\ntasks = [\"tasks/words.yaml\"]\nat_start = false\n");
    FAILS(box.train(late, "runs"), 3, "task words, document 0");
    QVERIFY(!QFile::exists(box.path("runs/late")));
  }
};

QTEST_GUILESS_MAIN(TestEvaluation)
#include "test_evaluation.moc"
