// SPDX-License-Identifier: Apache-2.0
// Benchmarks and answers as their users ask for them: models, runs and checkpoints, the layout of the results, what is
// refused, and benchmarks while a run goes on, which change nothing of it.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/benchmark/kept_answers.h"
#include "tests/training/engine_box.h"

using namespace engine_test;

namespace {

const QString kEngine = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");

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

  void answers_to_prompts() {
    const EngineBox box;
    const QString model = golden("models/tiny-llama-tied");
    const QString prompts = box.write(
        "prompts.jsonl", "{\"prompt\": \"Once upon\", \"id\": 7}\n{\"instruction\": \"Say\", \"dataset\": \"d\"}\n");
    const QStringList call = {"generate", model, prompts, "--max-tokens", "12"};
    const Ended greedy = box.run(call + QStringList{"--out", box.path("a.jsonl")});
    QVERIFY2(greedy.code == 0, qPrintable(greedy.error));
    const QByteArray first = contents(box.path("a.jsonl"));
    const QJsonObject one = QJsonDocument::fromJson(first.split('\n')[0]).object();
    QCOMPARE(one["id"].toInt(), 7);
    QCOMPARE(one["prompt"].toString(), "Once upon");
    QVERIFY(!one["output"].toString().isEmpty());
    QCOMPARE(box.run(call).out.toUtf8(), first);
    const QStringList sampled = call + QStringList{"--temperature", "1.5", "--seed"};
    const QString drawn = box.run(sampled + QStringList{"1"}).out;
    QCOMPARE(box.run(sampled + QStringList{"1"}).out, drawn);
    QVERIFY(box.run(sampled + QStringList{"2"}).out != drawn);
    const QJsonArray alpaca =
        QJsonDocument::fromJson(box.run(call + QStringList{"--alpaca-eval"}).out.toUtf8()).array();
    QCOMPARE(alpaca.size(), 2);
    QCOMPARE(alpaca[1].toObject()["instruction"].toString(), "Say");
    QCOMPARE(alpaca[1].toObject()["generator"].toString(), "tiny-llama-tied");
    QCOMPARE(alpaca[0].toObject()["output"], one["output"]);
    FAILS(box.run({"generate", model, box.write("bad.jsonl", R"({"text": "x"})")}), 3, "bad.jsonl", "row 0",
          "instruction");
    FAILS(box.run(call + QStringList{"--chat"}), 3, "chat template");
  }

  void answers_as_they_grow() {
    const EngineBox box;
    const QString model = golden("models/tiny-llama-tied");
    const QString prompts = box.write(
        "prompts.jsonl", "{\"prompt\": \"Once upon\", \"id\": 7}\n{\"prompt\": \"One day, \"}\n{\"prompt\": \"A\"}\n");
    const QStringList call = {"generate", model, prompts, "--max-tokens",     "40", "--temperature", "1.2",
                              "--seed",   "3",   "--out", box.path("a.jsonl")};
    const Ended end = box.run(call + QStringList{"--stream"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QList<QByteArray> file = contents(box.path("a.jsonl")).trimmed().split('\n');
    QStringList grown(3);
    QList<int> tokens(3), over(3);
    int pieces = 0;
    const QList<QByteArray> lines = end.out.toUtf8().trimmed().split('\n');
    QCOMPARE(QJsonDocument::fromJson(lines[0]).object(), (QJsonObject{{"loaded", "tiny-llama-tied"}, {"prompts", 3}}));
    for (const QByteArray& line : lines.mid(1)) {
      const QJsonObject json = QJsonDocument::fromJson(line).object();
      const int index = json["index"].toInt(-1);
      QVERIFY2(index >= 0 && index < 3 && !over[index], line);
      QVERIFY2(json["tokens"].toInt() > tokens[index], line);
      tokens[index] = json["tokens"].toInt();
      if (json.contains("piece")) {
        grown[index] += json["piece"].toString();
        ++pieces;
        continue;
      }
      over[index] = 1;
      QCOMPARE(json["answer"].toObject(), QJsonDocument::fromJson(file[index]).object());
      QVERIFY2(json["answer"]["output"].toString().startsWith(grown[index]), line);
    }
    QCOMPARE(over, (QList<int>{1, 1, 1}));
    QVERIFY(pieces > 20);
    QVERIFY(!QFile::exists(box.path("a.jsonl.part")));
    // The stream alone; "-" is standard output, too.
    QCOMPARE(box.run(call.mid(0, 9) + QStringList{"--stream"}).out, end.out);
    QCOMPARE(box.run(call.mid(0, 9) + QStringList{"--out", "-"}).out.toUtf8(), contents(box.path("a.jsonl")));
  }

  // Neither a signal nor a reader that goes away leaves half a file, or takes an earlier one away.
  void an_interrupted_generation_keeps_what_was_there_data() {
    QTest::addColumn<bool>("signal");
    QTest::newRow("signal") << true;
    QTest::newRow("closed pipe") << false;
  }
  void an_interrupted_generation_keeps_what_was_there() {
    QFETCH(bool, signal);
    const EngineBox box;
    // More than the pipe holds while nobody reads it, so that the engine cannot be through before it is interrupted.
    QByteArray many;
    for (int i = 0; i < 300; ++i) many += "{\"prompt\": \"Once upon " + QByteArray::number(i) + "\"}\n";
    const QString prompts = box.write("prompts.jsonl", many), out = box.write("answers.jsonl", "an earlier answer\n");
    const QStringList call = {"generate",      golden("models/tiny-llama-tied"),
                              prompts,         "--stream",
                              "--out",         out,
                              "--temperature", "3",
                              "--max-tokens",  "200"};
    QProcess process;
    process.setProcessEnvironment(box.environment);
    if (signal) {
      process.start(kEngine, call);
      QVERIFY(process.waitForReadyRead(300000));
      process.terminate();
    } else {
      const QString script = "\"$0\" \"$@\" | head -n 3; exit ${PIPESTATUS[0]}";
      process.start("bash", QStringList{"-c", script, kEngine} + call);
    }
    const Ended end = ended(process);
    QVERIFY2(end.code == (signal ? 130 : 1), qPrintable(end.error));
    QVERIFY2(end.message().contains(signal ? "of 300 answers are in " + out + ".part" : "its reader has gone"),
             qPrintable(end.error));
    QCOMPARE(contents(out), "an earlier answer\n");
  }

  void an_adapter_of_no_run() {
    const EngineBox box;
    const QString prompts = box.write("prompts.jsonl", "{\"prompt\": \"Once upon\"}\n");
    const QString base = box.copy_model("tiny-mistral", "tiny-mistral");
    const QString adapter = box.copy_model("tiny-mistral-lora", "an-adapter");
    const auto name_base = [&](const QString& name) {
      QJsonObject json = QJsonDocument::fromJson(contents(adapter + "/adapter_config.json")).object();
      json["base_model_name_or_path"] = name;
      put(adapter + "/adapter_config.json", QJsonDocument(json).toJson());
    };
    const auto answers = [&](const QString& model) {
      return box.run({"generate", model, prompts, "--max-tokens", "20", "--alpaca-eval"});
    };
    const QString plain = answers(base).out;
    name_base(base);
    const Ended by_path = answers(adapter);
    QVERIFY2(by_path.code == 0, qPrintable(by_path.error));
    QVERIFY(by_path.out.contains("\"generator\":\"an-adapter\""));
    QVERIFY(QString(by_path.out).replace("an-adapter", "tiny-mistral") != plain);
    name_base("tiny-mistral");  // beside the adapter
    QCOMPARE(answers(adapter).out, by_path.out);
    name_base("someone/a-model");
    FAILS(answers(adapter), 3, "adapter_config.json", "base_model_name_or_path", "someone/a-model", "merge");
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
