// SPDX-License-Identifier: Apache-2.0
// What the engine says and returns when weights, tokenizer, configuration or adapter are damaged or of a kind that it
// does not compute: exit code 3 and one sentence with file and tensor or key.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestModelErrors : public QObject {
  Q_OBJECT

  EngineBox box_;

  QString config_with(const QString& model, const QString& name, const QByteArray& from, const QByteArray& to) {
    const QString folder = box_.copy_model(model, name);
    QFile file(folder + "/config.json");
    if (!file.open(QIODevice::ReadOnly)) qFatal("no config.json");
    QByteArray text = file.readAll();
    if (!text.contains(from)) qFatal("no %s in config.json", from.constData());
    return box_.spec(name, QFileInfo(box_.write(name + "/config.json", text.replace(from, to))).path());
  }

 private Q_SLOTS:
  void truncated_weights() {
    const QString folder = box_.copy_model("tiny-llama-tied", "cut"), file = folder + "/model.safetensors";
    const qint64 whole = QFileInfo(file).size();
    for (const qint64 length : {whole - 1, whole / 2, qint64{1000}, qint64{8}, qint64{3}, qint64{0}}) {
      QVERIFY(QFile::resize(file, length));
      FAILS(box_.train(box_.spec("cut", folder), "runs"), 3, "cut/model.safetensors");
    }
    QVERIFY(QFile::remove(file));
    FAILS(box_.train(box_.spec("cut", folder), "runs"), 3, "cut", "model.safetensors");
  }

  void bad_header_data() {
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("part");
    QTest::newRow("not json") << QByteArray("{\"a\": ") << "JSON";
    QTest::newRow("list") << QByteArray("[1, 2, 3]") << "JSON";
    QTest::newRow("binary") << QByteArray("\xff\xfe\x00\x01\x02\x03", 6) << "JSON";
    QTest::newRow("entry") << QByteArray(R"({"w": 7})") << "\"w\"";
    QTest::newRow("type") << QByteArray(R"({"w": {"dtype": "F4", "shape": [1], "data_offsets": [0, 4]}})") << "F4";
    QTest::newRow("negative") << QByteArray(R"({"w": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}})")
                              << "shape";
    QTest::newRow("overflow")
        << QByteArray(R"({"w": {"dtype": "F32", "shape": [1099511627776, 1099511627776], "data_offsets": [0, 4]}})")
        << "\"w\"";
    QTest::newRow("outside") << QByteArray(R"({"w": {"dtype": "F32", "shape": [64], "data_offsets": [0, 256]}})")
                             << "outside";
    QTest::newRow("backwards") << QByteArray(R"({"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}})")
                               << "\"w\"";
    QTest::newRow("size") << QByteArray(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}})") << "8";
    QTest::newRow("missing") << QByteArray(R"({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})")
                             << "missing";
  }
  void bad_header() {
    QFETCH(QByteArray, header);
    QFETCH(QString, part);
    const QString folder = box_.copy_model("tiny-llama-tied", "header");
    QByteArray file(8, '\0');
    file[0] = static_cast<char>(header.size());
    box_.write("header/model.safetensors", file + header + QByteArray(8, '\0'));
    FAILS(box_.train(box_.spec("header", folder), "runs"), 3, "header", part);
  }

  void header_size_claims() {
    const QString folder = box_.copy_model("tiny-llama-tied", "claim");
    for (const char* size :
         {"\xff\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\x7f", "\x00\x00\x00\x40\x00\x00\x00\x00"}) {
      box_.write("claim/model.safetensors", QByteArray(size, 8) + "{}");
      FAILS(box_.train(box_.spec("claim", folder), "runs"), 3, "claim/model.safetensors");
    }
  }

  void weights_that_are_no_numbers() {
    const QString folder = box_.copy_model("tiny-llama-tied", "nan");
    QFile file(folder + "/model.safetensors");
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() - 4));
    QCOMPARE(file.write(QByteArray("\xff\xff\xff\x7f", 4)), qint64{4});  // of the last tensor
    file.close();
    FAILS(box_.train(box_.spec("nan", folder), "runs"), 3, "nan", "tensor \"model.", "not finite");
    const QString tasks = box_.write("tasks/t.yaml", R"(task: t
dataset_path: json
dataset_kwargs: {data_files: {test: t.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: q
doc_to_choice: ["a", "b"]
doc_to_target: 0
)");
    box_.write("tasks/t.jsonl", "{\"q\": \"?\"}\n");
    FAILS(box_.run({"evaluate", folder, "--tasks", tasks}), 3, "nan", "not finite");
  }

  void links_that_lead_to_themselves() {
    for (const char* name : {"config.json", "tokenizer_config.json", "model.safetensors"}) {
      const QString folder = box_.copy_model("tiny-llama-tied", QString("loop-") + name);
      QFile::remove(folder + "/" + name);
      QVERIFY(QFile::link(name, folder + "/" + name));
      FAILS(box_.train(box_.spec("loop", folder), "runs"), 3, name);
    }
  }

  void another_tokenizer_kind() {
    for (const QByteArray kind : {"WordPiece", "Unigram", "WordLevel"}) {
      const QString folder = box_.copy_model("tiny-llama-tied", "kind");
      box_.write("kind/tokenizer.json",
                 R"({"version":"1.0","added_tokens":[],"model":{"type":")" + kind + R"(","vocab":{"a":0}}})");
      FAILS(box_.train(box_.spec("kind", folder), "runs"), 3, "tokenizer.json", kind);
    }
    const QString folder = box_.copy_model("tiny-llama-tied", "kind");
    box_.write("kind/tokenizer.json", "{\"model\": ");
    FAILS(box_.train(box_.spec("kind", folder), "runs"), 3, "tokenizer.json");
  }

  void unsupported_configuration() {
    FAILS(box_.train(config_with("tiny-llama-tied", "arch", "\"model_type\": \"llama\"", "\"model_type\": \"gpt2\""),
                     "runs"),
          3, "arch/config.json", "model_type", "gpt2", "qwen2");
    FAILS(box_.train(config_with("tiny-llama-tied", "act", "\"silu\"", "\"mish\""), "runs"), 3, "act/config.json",
          "hidden_act", "mish");
    FAILS(
        box_.train(config_with("tiny-llama-tied", "rope", "\"rope_type\": \"default\"", "\"rope_type\": \"longrope\""),
                   "runs"),
        3, "rope/config.json", "rope_type", "longrope", "llama3");
    FAILS(box_.train(
              config_with("tiny-llama-tied", "dropout", "\"attention_dropout\": 0.0", "\"attention_dropout\": 1.0"),
              "runs"),
          3, "dropout/config.json", "attention_dropout");
    FAILS(box_.train(
              config_with("tiny-llama-tied", "quant", "\"model_type\"", "\"quantization_config\": {}, \"model_type\""),
              "runs"),
          3, "quant/config.json", "quantization_config");
    FAILS(
        box_.train(config_with("tiny-llama-tied", "heads", "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3"),
                   "runs"),
        3, "heads/config.json", "num_key_value_heads");
    FAILS(box_.train(config_with("tiny-llama-tied", "zero", "\"hidden_size\": 64", "\"hidden_size\": 0"), "runs"), 3,
          "hidden_size");
    FAILS(box_.train(config_with("tiny-llama-tied", "text", "\"hidden_size\": 64", "\"hidden_size\": \"64\""), "runs"),
          3, "hidden_size");
    FAILS(
        box_.train(config_with("tiny-llama-tied", "shape", "\"intermediate_size\": 176", "\"intermediate_size\": 128"),
                   "runs"),
        3, "model.safetensors", "mlp.gate_proj.weight", "[176, 64]");
    FAILS(box_.train(config_with("tiny-llama-tied", "layers", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4"),
                     "runs"),
          3, "layers.3.");
    FAILS(box_.train(config_with("tiny-llama-tied", "vocab", "\"vocab_size\": 640", "\"vocab_size\": 639"), "runs"), 3,
          "640");
    const QString folder = box_.copy_model("tiny-llama-tied", "garbage");
    box_.write("garbage/config.json", "[]");
    FAILS(box_.train(box_.spec("garbage", folder), "runs"), 3, "garbage/config.json");
  }

  void bad_adapters() {
    const QString folder = box_.path("adapter");
    QDir().mkpath(folder);
    for (const QString file : {"adapter_config.json", "adapter_model.safetensors"})
      QVERIFY(QFile::copy(golden("models/tiny-mistral-lora/" + file), folder + "/" + file));
    QFile config(folder + "/adapter_config.json");
    QVERIFY(config.open(QIODevice::ReadOnly));
    QJsonObject json = QJsonDocument::fromJson(config.readAll()).object();
    const QString spec = box_.spec("adapted", "tiny-mistral");
    const auto with = [&](const char* key, const QJsonValue& value) {
      QJsonObject changed = json;
      changed[key] = value;
      QFile::remove(folder + "/adapter_config.json");
      box_.write("adapter/adapter_config.json", QJsonDocument(changed).toJson());
      return box_.train(spec, "runs", {"model.tuning=lora", "model.adapter=" + folder, "training.steps=1"});
    };
    FAILS(with("use_dora", true), 3, "adapter_config.json", "use_dora");
    FAILS(with("peft_type", "IA3"), 3, "adapter_config.json", "peft_type", "IA3");
    FAILS(with("bias", "all"), 3, "adapter_config.json", "bias");
    FAILS(with("modules_to_save", QJsonArray{"lm_head"}), 3, "modules_to_save");
    FAILS(with("r", 5), 3, "adapter_model.safetensors", "lora_", "shape", "5");
    QCOMPARE(with("use_rslora", true).code, 0);
    FAILS(box_.train(spec, "runs2", {"model.adapter=" + folder}), 2, "model.adapter", "lora");
    FAILS(box_.train(box_.spec("neox"), "runs", {"model.tuning=lora", "model.adapter=" + box_.path("none")}), 3,
          "adapter_config.json");
  }
};

QTEST_GUILESS_MAIN(TestModelErrors)
#include "test_model_errors.moc"
