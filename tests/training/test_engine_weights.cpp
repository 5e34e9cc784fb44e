// SPDX-License-Identifier: Apache-2.0
// Weights as they are out there and as they must not go out: the single file beside an old index, pickles beside
// safetensors, values that are not finite, and a warm-up that leaves no step to learn in.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/spec/run_spec.h"
#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineWeights : public QObject {
  Q_OBJECT

  EngineBox box_;

  QString adapter(const QString& name, const QByteArray& alpha) {
    const QString folder = box_.path(name);
    QDir().mkpath(folder);
    QFile config(golden("models/tiny-mistral-lora/adapter_config.json"));
    if (!config.open(QIODevice::ReadOnly)) qFatal("no adapter_config.json");
    QJsonObject json = QJsonDocument::fromJson(config.readAll()).object();
    json.remove("lora_alpha");
    box_.write(name + "/adapter_config.json",
               QJsonDocument(json).toJson(QJsonDocument::Compact).chopped(1) + ",\"lora_alpha\":" + alpha + "}");
    QFile::copy(golden("models/tiny-mistral-lora/adapter_model.safetensors"), folder + "/adapter_model.safetensors");
    return folder;
  }

 private Q_SLOTS:
  void the_single_file_goes_before_an_old_index() {
    const QString folder = box_.copy_model("tiny-llama-tied", "both");
    QCOMPARE(box_.train(box_.spec("alone", folder), "runs", {"training.steps=1"}).code, 0);
    QVERIFY(QFile::copy(golden("models/tiny-mistral/model.safetensors"), folder + "/model-00001-of-00001.safetensors"));
    box_.write("both/model.safetensors.index.json",
               R"({"weight_map": {"model.norm.weight": "model-00001-of-00001.safetensors"}})");
    Ended end = box_.train(box_.spec("beside", folder), "runs", {"training.steps=1"});
    QVERIFY2(end.code == 0 && end.error.contains("model.safetensors.index.json"), qPrintable(end.error));
    SAME(difference(box_.file("runs/alone/run.h5"), box_.file("runs/beside/run.h5")));
    QVERIFY(has_event(RecordReader::open(box_.file("runs/beside/run.h5")), "note", "model.safetensors is used"));
    // The shards may be gone altogether.
    QVERIFY(QFile::remove(folder + "/model-00001-of-00001.safetensors"));
    QCOMPARE(box_.train(box_.spec("gone", folder), "runs", {"training.steps=1"}).code, 0);
  }

  void weights_without_a_place_are_said() {
    const QString folder = box_.copy_model("tiny-llama-tied", "fewer");
    QFile config(folder + "/config.json");
    QVERIFY(config.open(QIODevice::ReadOnly));
    const QByteArray text = config.readAll();
    QVERIFY(text.contains("\"num_hidden_layers\": 3"));
    box_.write("fewer/config.json", QByteArray(text).replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2"));
    const Ended end = box_.train(box_.spec("fewer", folder), "runs", {"training.steps=1"});
    QCOMPARE(end.code, 0);
    const QString said = "fewer/model.safetensors: tensors that the model of config.json has no place for are not used";
    QVERIFY2(end.error.contains(said.toUtf8()), qPrintable(end.error));
    QVERIFY(end.error.contains(" 9 in all: \"model.layers.2."));
    QVERIFY(has_event(RecordReader::open(box_.file("runs/fewer/run.h5")), "note", "9 in all"));
    // All of them have one: nothing is said.
    const Ended whole = box_.train(box_.spec("whole", "tiny-llama-tied"), "runs", {"training.steps=1"});
    QVERIFY2(whole.code == 0 && !whole.error.contains("no place"), qPrintable(whole.error));
  }

  void a_pickle_beside_an_adapter_is_said() {
    const QString folder = adapter("pickle", "16");
    box_.write("pickle/adapter_model.bin", "not read");
    const Ended end = box_.run({"merge", golden("models/tiny-mistral"), folder, "--out", box_.path("pickled")});
    QVERIFY2(end.code == 0 && end.error.contains("adapter_model.bin"), qPrintable(end.error));
  }

  void a_merge_that_is_not_finite_is_not_written() {
    const QString out = box_.path("merged");
    QCOMPARE(box_.run({"merge", golden("models/tiny-mistral"), adapter("good", "16"), "--out", out}).code, 0);
    QVERIFY(QFile::copy(out + "/model.safetensors", box_.path("good.safetensors")));
    FAILS(box_.run({"merge", golden("models/tiny-mistral"), adapter("huge", "1e308"), "--out", out}), 1,
          "tensor \"model.layers.", "not finite");
    SAME(file_difference(box_.file("good.safetensors"), box_.file("merged/model.safetensors")));
    FAILS(box_.run({"merge", golden("models/tiny-mistral"), adapter("huger", "1e999"), "--out", out}), 3,
          "adapter_config.json");
  }

  void a_run_that_ends_not_finite_fails() {
    const QString spec = box_.spec("wild");
    const Ended end = box_.train(spec, "wild", {"training.steps=1", "optimizer.learning_rate=1e308"});
    QVERIFY2(end.code == 1 && end.message().contains("tensor \"") && end.message().contains("not finite"),
             qPrintable(end.error));
    const RecordReader record = RecordReader::open(box_.file("wild/wild/run.h5"));
    QCOMPARE(record.state(), RunState::failed);
    QVERIFY(has_event(record, "stop", "not finite"));
    QVERIFY(QDir(box_.path("wild/wild")).entryList({"checkpoint-*"}, QDir::Dirs).isEmpty());
    const Ended adapters = box_.train(box_.spec("lora"), "wild",
                                      {"training.steps=1", "optimizer.learning_rate=1e308", "model.tuning=lora"});
    QVERIFY2(adapters.code == 1 && adapters.message().contains("lora_") && adapters.message().contains("not finite"),
             qPrintable(adapters.error));
  }

  void an_adapters_own_settings_are_recorded() {
    const QString spec = box_.spec("own", "tiny-mistral");
    const QStringList sets = {"model.tuning=lora", "model.adapter=" + golden("models/tiny-mistral-lora"),
                              "training.steps=1"};
    const Ended end = box_.train(spec, "own", sets);
    QVERIFY2(end.code == 0 && end.error.contains("rank 4, alpha 8"), qPrintable(end.error));
    const RunSpec recorded =
        parse_run_specs(RecordReader::open(box_.file("own/own/run.h5")).spec_toml(), "record", "/").front();
    QCOMPARE(recorded.model.lora.rank, 4);
    QCOMPARE(recorded.model.lora.alpha, 8.0);
    QVERIFY(!recorded.model.lora.targets.empty());
    // The record's own spec is one that runs.
    const Ended same = box_.train(box_.path("own/own/spec.toml"), "same");
    QVERIFY2(same.code == 0, qPrintable(same.error));
    FAILS(box_.train(spec, "runs", sets + QStringList{"model.lora.rank=16"}), 2, "model.lora.rank", "16 is given",
          "tiny-mistral-lora", "has 4");
    FAILS(box_.train(spec, "runs", sets + QStringList{"model.lora.alpha=3"}), 2, "model.lora.alpha", "has 8");
    FAILS(box_.train(spec, "runs", sets + QStringList{"model.lora.rslora=true"}), 2, "model.lora.rslora");
    FAILS(box_.train(spec, "runs", sets + QStringList{"model.lora.targets=[\"q_proj\"]"}), 2, "model.lora.targets");
  }

  void a_hostile_adapter() {
    const QString folder = adapter("deep", "16");
    const auto says = [&](const QByteArray& config) {
      box_.write("deep/adapter_config.json", config);
      return box_.run({"merge", golden("models/tiny-mistral"), folder, "--out", box_.path("never")});
    };
    FAILS(says("{\"peft_type\": " + QByteArray(200000, '[') + QByteArray(200000, ']') + "}"), 3, "adapter_config.json",
          "deep");
    FAILS(says("{\"peft_type\": " + QByteArray(60, '[') + QByteArray(60, ']') + "}"), 3, "adapter_config.json",
          "peft_type");
    for (const char* rank : {"4294967300", "0", "-4", "4.0", "18446744073709551620", "\"4\"", "1000000"})
      FAILS(says(QByteArray(R"({"peft_type": "LORA", "lora_alpha": 16, "r": )") + rank + "}"), 3, "adapter_config.json",
            "\"r\"");
    QVERIFY(!QFile::exists(box_.path("never")));
  }

  void a_plan_of_absurd_sizes() {
    const QString folder = box_.copy_model("tiny-neox", "absurd"), spec = box_.spec("absurd", folder);
    QFile file(folder + "/config.json");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    for (const char* value : {"1000000000", "2147483648", "-3", "2.5", "1e300"}) {
      QJsonObject changed = json;
      changed.remove("num_hidden_layers");
      box_.write("absurd/config.json", QJsonDocument(changed).toJson(QJsonDocument::Compact).chopped(1) +
                                           ",\"num_hidden_layers\":" + value + "}");
      FAILS(box_.run({"plan", spec, "--no-warm-up"}), 3, "config.json", "num_hidden_layers");
      FAILS(box_.train(spec, "runs"), 3, "config.json", "num_hidden_layers");
    }
  }

  void a_warm_up_that_is_the_whole_run_is_said() {
    Ended end = box_.train(box_.spec("warm"), "runs", {"training.steps=1", "optimizer.warmup_ratio=0.1"});
    QVERIFY2(end.code == 0 && end.error.contains("optimizer.warmup_ratio"), qPrintable(end.error));
    QVERIFY(has_event(RecordReader::open(box_.file("runs/warm/run.h5")), "note", "optimizer.warmup_ratio"));
    end = box_.train(box_.spec("warmer"), "runs", {"training.steps=2", "optimizer.warmup_ratio=0.1"});
    QVERIFY2(end.code == 0 && !end.error.contains("optimizer.warmup_ratio"), qPrintable(end.error));
  }
};

QTEST_GUILESS_MAIN(TestEngineWeights)
#include "test_engine_weights.moc"
