// SPDX-License-Identifier: Apache-2.0
// Plans against what the engine really makes, parameters of every architecture and adapters, and against the sizes that
// the paper's models are published with; how they are told.
#include <ATen/CPUGeneratorImpl.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <cmath>

#include "core/error.h"
#include "tests/training/planned.h"
#include "training/memory/parameter_counts.h"
#include "training/model/adapter.h"
#include "training/model/decoder.h"
#include "training/model/safetensors.h"

using namespace bandscope;
using namespace engine_test;

class TestPlan : public QObject {
  Q_OBJECT

  EngineBox box_;

 private Q_SLOTS:
  void published_sizes_data() {
    QTest::addColumn<QString>("config");
    QTest::addColumn<qint64>("parameters");
    // As the models' cards and transformers' num_parameters() have them.
    QTest::newRow("Pythia-410M") << pythia_410m << qint64{405334016};
    QTest::newRow("Pythia-2.8B") << pythia_2_8b << qint64{2775208960};
    QTest::newRow("Mistral-7B") << mistral_7b << qint64{7241732096};
    QTest::newRow("Qwen2.5-7B") << qwen_7b << qint64{7615616512};
  }
  void published_sizes() {
    QFETCH(QString, config);
    QFETCH(qint64, parameters);
    QCOMPARE(
        memory::count_parameters(model::ModelConfig::parse(config.toStdString(), "config"), Tuning::full, {}).weights,
        parameters);
  }

  void a_bare_configuration_is_enough() {
    box_.write("bare/config.json", mistral_7b);
    const QString spec =
        box_.write("bare.toml",
                   QString("[model]\npath = \"bare\"\ntuning = \"qlora\"\ndtype = \"bfloat16\"\nlora = { rank = 16 }\n"
                           "[data]\ntrain = \"%1\"\n[training]\nbatch_size = 16\n")
                       .arg(golden("pairs.jsonl"))
                       .toUtf8());
    const Ended end = box_.run({"plan", spec, "--json"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QJsonObject plan = QJsonDocument::fromJson(end.out.toUtf8()).object();
    QCOMPARE(plan["parameters"].toDouble(), 7241732096.0);
    // Rank 16 on q, k, v, o, gate, up and down of 32 blocks: PEFT's own count.
    QCOMPARE(plan["trainable"].toDouble(), 41943040.0);
    QVERIFY(plan["seconds_per_step"].isNull() && plan["seconds_total"].isNull() && plan["reference_seconds"].isNull());
    QCOMPARE(plan["steps"].toInt(), 3);
    QCOMPARE(plan["tokens_per_step"].toDouble(), 16.0 * (512 + 512 + 512));
    const QJsonObject memory = plan["memory"].toObject();
    // 6,979,321,856 projection weights in 4.127 bits, the rest and one projection in full in bfloat16.
    QVERIFY(std::abs(memory["weights"].toDouble() -
                     (6979321856.0 * 4.126953125 / 8 + (262410240.0 + 14336 * 4096) * 2)) < 1e3);
    double sum = 0;
    for (const char* part : {"weights", "adapters", "gradients", "optimizer", "activations", "head"})
      sum += memory[part].toDouble();
    QCOMPARE(memory["total"].toDouble(), sum);
    QVERIFY(!plan["notes"].toArray().isEmpty());
  }

  void counts_are_the_engines_data() {
    QTest::addColumn<QString>("model");
    for (const char* model : {"tiny-neox", "tiny-llama-tied", "tiny-mistral", "tiny-qwen2"})
      QTest::newRow(model) << model;
  }
  void counts_are_the_engines() {
    QFETCH(QString, model);
    const auto folder = golden("models/" + model).toStdString();
    const auto decoder = model::Decoder::load(folder, {});
    LoraSpec lora;
    lora.rank = 3;
    if (model == "tiny-neox") lora.targets = {"query_key_value", "dense_4h_to_h"};
    const memory::ParameterCounts counts =
        memory::count_parameters(model::ModelConfig::load(folder), Tuning::lora, lora);
    QCOMPARE(counts.weights, decoder->weight_count());
    QCOMPARE(counts.head, decoder->head().value.numel());
    model::add_adapter(*decoder, lora, at::detail::createCPUGenerator(1));
    std::int64_t adapters = 0, last = 0;
    for (const model::Parameter* parameter : decoder->trained()) {
      adapters += parameter->value.numel();
      if (parameter->layer == static_cast<int>(decoder->blocks().size()) - 1) last += parameter->value.numel();
    }
    QCOMPARE(counts.adapters, adapters);
    QCOMPARE(counts.last_block_adapters, last);
  }

  void a_sweep_is_timed() {
    const QString spec = box_.spec("timed", "tiny-llama-tied", "[sweep]\n\"calibration.enabled\" = [false, true]\n");
    const Ended end = box_.run({"plan", spec, "--json", "--set", "training.steps=7"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QStringList lines = end.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    for (const QString& line : lines) {
      const QJsonObject plan = QJsonDocument::fromJson(line.toUtf8()).object();
      QVERIFY(plan["name"].toString().startsWith("timed"));
      QVERIFY(plan["seconds_per_step"].toDouble() > 0 && plan["reference_seconds"].toDouble() > 0);
      QVERIFY(plan["seconds_total"].toDouble() >= 7 * plan["seconds_per_step"].toDouble());
      QCOMPARE(plan["device"].toString(), QString("cpu"));
      QCOMPARE(plan["processes"].toInt(), 1);
    }
    QVERIFY(!QDir(box_.path("runs")).exists());
    const Ended untimed = box_.run({"plan", spec, "--no-warm-up"});
    QVERIFY2(untimed.code == 0 && untimed.out.contains("not measured"), qPrintable(untimed.out + untimed.error));
  }

  /// Paths and patterns as target_modules: the adapter's tensors say which projections it is on.
  void adapters_of_some_modules_data() {
    QTest::addColumn<QJsonValue>("targets");
    QTest::newRow("pattern") << QJsonValue(".*layers\\.0\\.self_attn\\.(q|v)_proj");
    QTest::newRow("paths") << QJsonValue(
        QJsonArray{"model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.v_proj"});
    QTest::newRow("all-linear") << QJsonValue("all-linear");
  }
  void adapters_of_some_modules() {
    QFETCH(QJsonValue, targets);
    const std::filesystem::path from = golden("models/tiny-mistral-lora").toStdString();
    const model::SafeTensors tensors = model::SafeTensors::open_file(from / "adapter_model.safetensors");
    std::map<std::string, at::Tensor> some;
    std::int64_t numbers = 0;
    for (const std::string& name : tensors.names()) {
      if (name.find("layers.0.self_attn.") == std::string::npos ||
          (name.find("q_proj") == std::string::npos && name.find("v_proj") == std::string::npos))
        continue;
      some[name] = tensors.get(name).clone();
      numbers += some[name].numel();
    }
    QCOMPARE(some.size(), std::size_t{4});
    QFile config(golden("models/tiny-mistral-lora/adapter_config.json"));
    QVERIFY(config.open(QIODevice::ReadOnly));
    QJsonObject json = QJsonDocument::fromJson(config.readAll()).object();
    json["target_modules"] = targets;
    const QString written = box_.write("some/adapter_config.json", QJsonDocument(json).toJson());
    model::write_safetensors(box_.file("some/adapter_model.safetensors"), some);
    const QStringList sets = {"--set", "model.tuning=lora", "--set", "model.adapter=" + QFileInfo(written).path()};
    const QString spec = box_.spec("some", "tiny-mistral");
    const Ended plan = box_.run(QStringList{"plan", spec, "--json", "--no-warm-up"} + sets);
    QVERIFY2(plan.code == 0, qPrintable(plan.error));
    QCOMPARE(QJsonDocument::fromJson(plan.out.toUtf8()).object()["trainable"].toDouble(), static_cast<double>(numbers));
    const Ended run =
        box_.train(spec, QString("runs-") + QTest::currentDataTag(),
                   {"model.tuning=lora", "model.adapter=" + QFileInfo(written).path(), "training.steps=1"});
    QVERIFY2(run.code == 0, qPrintable(run.error));
    // The first of three blocks is the last that has any: its scores are those of all that is trained.
    for (const auto& [micro, batch] : {std::pair("1", "4"), std::pair("2", "4")}) {
      const auto scores_of = [&](const char* scope) {
        const QString runs = QString("scores-%1-%2-%3").arg(QTest::currentDataTag(), scope, micro);
        const Ended end = box_.train(spec, runs,
                                     {"model.tuning=lora", "model.adapter=" + QFileInfo(written).path(),
                                      "training.steps=2", QString("training.micro_batch=") + micro,
                                      QString("training.batch_size=") + batch, QString("scores.scope=") + scope});
        return end.code == 0 ? box_.file(runs + "/some/run.h5") : std::filesystem::path();
      };
      const auto output = scores_of("output"), all = scores_of("all");
      QVERIFY(!output.empty() && !all.empty());
      for (const Column column : {Column::score_norm_w, Column::score_norm_l, Column::score_dot, Column::rho,
                                  Column::alpha, Column::grad_norm}) {
        const auto own = RecordReader::open(output).column(column), every = RecordReader::open(all).column(column);
        QCOMPARE(own.size(), std::size_t{2});
        for (std::size_t i = 0; i < own.size(); ++i)
          QVERIFY2(
              std::isfinite(own[i]) && std::abs(own[i]) > 0 && std::abs(own[i] - every[i]) <= 1e-3 * std::abs(every[i]),
              qPrintable(QString("%1 and %2").arg(own[i]).arg(every[i])));
      }
    }
    // What is saved names the two modules of the first block, so that PEFT makes no others.
    const QDir saved(box_.path(QString("runs-") + QTest::currentDataTag() + "/some"));
    QFile out(saved.filePath(saved.entryList({"checkpoint-*"}, QDir::Dirs).last() + "/adapter_config.json"));
    QVERIFY(out.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(out.readAll()).object()["target_modules"].toArray(),
             QJsonArray({"model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.v_proj"}));
  }

  void a_reference_of_another_vocabulary_is_refused() {
    const QString folder = box_.copy_model("tiny-mistral", "other");
    QJsonObject json = QJsonDocument::fromJson(contents(folder + "/config.json")).object();
    json["vocab_size"] = 639;
    put(folder + "/config.json", QJsonDocument(json).toJson());
    std::map<std::string, at::Tensor> weights;
    {
      const model::SafeTensors tensors = model::SafeTensors::open_model(folder.toStdString());
      for (const std::string& name : tensors.names()) {
        const at::Tensor tensor = tensors.get(name);
        const bool of_words = tensor.size(0) == 640 && name.find(".layers.") == std::string::npos;
        weights[name] = (of_words ? tensor.slice(0, 0, 639) : tensor).clone();
      }
    }
    model::write_safetensors(box_.file("other/model.safetensors"), weights);
    FAILS(box_.train(box_.spec("apart", "tiny-mistral"), "runs", {"model.reference=" + folder}), 3, "model.reference",
          "639", "640", "other");
  }

  void mistakes_are_named() {
    const QString spec = box_.spec("wrong");
    FAILS(box_.run({"plan", spec, "--set", "training.micro_batch=3"}), 2, "training.micro_batch");
    FAILS(box_.run({"plan", spec, "--no-warm-up", "--processes", "3"}), 2, "training.batch_size", "3 processes");
    FAILS(box_.run({"plan", spec, "--set", "model.path=nowhere"}), 3, "config.json");
    FAILS(box_.run({"plan", spec, "--set", "data.train=nothing.jsonl"}), 3, "nothing.jsonl");
    FAILS(box_.run({"plan", spec, "--set", "model.tuning=lora", "--set", "model.lora.targets=[\"x_proj\"]"}), 2,
          "model.lora.targets");
  }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "test_plan.moc"
