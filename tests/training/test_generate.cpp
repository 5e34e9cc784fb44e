// SPDX-License-Identifier: Apache-2.0
// Answers to prompts as their users ask for them: greedy and drawn, as they grow, interrupted, of adapters of no run.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>

#include "tests/training/engine_box.h"

using namespace engine_test;

namespace {

const QString kEngine = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");

}  // namespace

class TestGenerate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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
    QCOMPARE(box.run(call.mid(0, 9) + QStringList{"--stream", "--out", "-"}).out, end.out);
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
};

QTEST_GUILESS_MAIN(TestGenerate)
#include "test_generate.moc"
