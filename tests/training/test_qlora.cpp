// SPDX-License-Identifier: Apache-2.0
// Runs with 4-bit weights, as users start them: against the numbers of transformers and peft (tests/fixtures/quant),
// against a LoRA run on the dequantised weights (the same bits), quantised at load and as stored, resumed, merged,
// refused.
#include <ATen/Functions.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "core/error.h"
#include "tests/training/engine_box.h"
#include "training/model/decoder.h"
#include "training/model/safetensors.h"
#include "training/model/stored_nf4.h"

using namespace bandscope;
using namespace engine_test;

namespace {

constexpr double relative_likelihood = 2e-6, relative_gradient = 2e-5, absolute_bfloat16 = 0.15;

QString fixture_path(const QString& path) { return QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/quant/") + path; }

QJsonObject expected() {
  QFile file(fixture_path("expected.json"));
  if (!file.open(QIODevice::ReadOnly)) qFatal("no expected.json");
  return QJsonDocument::fromJson(file.readAll()).object();
}

bool close(double own, double golden, double relative, double absolute = 0) {
  return std::abs(own - golden) <= absolute + relative * std::abs(golden);
}

}  // namespace

class TestQlora : public QObject {
  Q_OBJECT

  EngineBox box_;

  /// A fixture with the golden tokenizer beside it, under another name where the test spoils it.
  QString model(const QString& name, const QString& copy = "") {
    return box_.fixture_model(fixture_path(name), copy.isEmpty() ? name : copy);
  }
  /// The stored 4-bit model with its weights written out in float32.
  QString dequantized() {
    const QString folder = model("tiny-llama", "dequantized");
    const model::SafeTensors full = model::SafeTensors::open_model(fixture_path("tiny-llama").toStdString()),
                             stored = model::SafeTensors::open_model(fixture_path("tiny-llama-nf4").toStdString());
    const auto library = quant::BitsAndBytes::load(at::kCPU);
    std::map<std::string, at::Tensor> tensors;
    for (const std::string& name : full.names()) {
      const at::Tensor weight = full.get(name);
      at::Tensor out = weight.to(at::kFloat);
      if (model::is_stored_quantized(stored, name))
        quant::dequantize_nf4(*library, model::read_nf4(stored, name, weight.size(0), weight.size(1), at::kCPU), out);
      tensors[name] = out;
    }
    model::write_safetensors((folder + "/model.safetensors").toStdString(), tensors);
    return folder;
  }
  /// A run's record; empty, with a warning, when it failed.
  std::filesystem::path record_of(const QString& name, const QString& folder, const QStringList& sets) {
    const Ended end = box_.train(box_.spec(name, folder), "runs", sets);
    if (end.code != 0) qWarning("%s", qPrintable(end.error));
    return end.code == 0 ? box_.file("runs/" + name + "/run.h5") : std::filesystem::path();
  }
  QString checkpoint(const QString& runs, const QString& run) {
    const QDir folder(box_.path(runs + "/" + run));
    return folder.filePath(folder.entryList({"checkpoint-*"}, QDir::Dirs).last());
  }
  QString changed(const QString& name, const QString& copy, const std::function<void(QJsonObject&)>& change) {
    const QString folder = model(name, copy);
    QFile file(folder + "/config.json");
    if (!file.open(QIODevice::ReadOnly)) qFatal("no config.json");
    QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    file.close();
    change(json);
    box_.write("models/" + copy + "/config.json", QJsonDocument(json).toJson());
    return box_.spec(copy, folder);
  }
  static inline const QStringList one_step = {"model.tuning=qlora",
                                              "data.shuffle=false",
                                              "data.limit=12",
                                              "training.steps=1",
                                              "training.batch_size=12",
                                              "calibration.enabled=false",
                                              "optimizer.learning_rate=1e-30"};

 private Q_SLOTS:
  void initTestCase() {
    try {
      quant::BitsAndBytes::load(at::kCPU);
    } catch (const Error& error) {
      QFAIL(error.what());  // packaging/setup puts it where the build looks
    }
  }

  void likelihoods_and_gradients_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("quantised at load") << "tiny-llama";
    QTest::newRow("stored in 4 bits") << "tiny-llama-nf4";
  }
  void likelihoods_and_gradients() {
    QFETCH(QString, name);
    const QJsonObject adapted = expected()["adapted"].toObject();
    const QJsonArray z = adapted["z"].toArray(), base = expected()["base"].toArray();
    for (const QStringList& more :
         {QStringList{"training.micro_batch=1"}, {"training.micro_batch=4", "scores.scope=all"}}) {
      const RecordReader record = RecordReader::open(
          record_of(name + more[0].right(1), model(name),
                    one_step + more + QStringList{"model.adapter=" + fixture_path("tiny-llama-lora")}));
      const auto rows = record.pair_rows();
      QCOMPARE(rows.size(), std::size_t{12});
      for (int i = 0; i < 12; ++i) {
        const PairRow& row = rows[static_cast<std::size_t>(i)];
        QVERIFY(close(row.z_w, z[i].toArray()[0].toDouble(), relative_likelihood) &&
                close(row.z_l, z[i].toArray()[1].toDouble(), relative_likelihood));
        QVERIFY(close(row.z_w_ref, base[i].toArray()[0].toDouble(), relative_likelihood));
      }
      QVERIFY(close(record.column(Column::grad_norm)[0], adapted["grad_norm"].toDouble(), relative_gradient));
      if (more.size() == 1) continue;
      QVERIFY(close(record.column(Column::score_norm_w)[0], adapted["score_norm_w"].toDouble(), relative_gradient));
      QVERIFY(close(record.column(Column::score_norm_l)[0], adapted["score_norm_l"].toDouble(), relative_gradient));
      QVERIFY(close(record.column(Column::score_dot)[0], adapted["score_dot"].toDouble(), relative_gradient));
    }
  }

  void as_lora_on_the_dequantised_weights_data() {
    QTest::addColumn<QStringList>("sets");
    const QString probe = "data.probe=" + golden("pairs.jsonl");
    QTest::newRow("calibrated, probe") << QStringList{probe, "probe.every=2", "probe.pairs=6"};
    QTest::newRow("not calibrated, all scores by layer")
        << QStringList{"calibration.enabled=false", "scores.scope=all", "scores.layers=true"};
    QTest::newRow("dropout, checkpointing")
        << QStringList{"model.lora.dropout=0.1", "model.gradient_checkpointing=true"};
    QTest::newRow("bfloat16, some projections")
        << QStringList{"model.dtype=bfloat16", "model.lora.targets=[\"q_proj\", \"down_proj\"]"};
    QTest::newRow("tdpo, reference on the fly")
        << QStringList{"objective.name=tdpo", "training.precompute_reference=false"};
  }
  void as_lora_on_the_dequantised_weights() {
    QFETCH(QStringList, sets);
    sets << "training.steps=6";
    const QString tag = QString(QTest::currentDataTag()).left(6).remove(' ');
    const auto lora = record_of("lora-" + tag, dequantized(), sets + QStringList{"model.tuning=lora"});
    const auto stored = record_of("stored-" + tag, model("tiny-llama-nf4"), sets + QStringList{"model.tuning=qlora"});
    const auto at_load = record_of("load-" + tag, model("tiny-llama"), sets + QStringList{"model.tuning=qlora"});
    SAME(difference(lora, stored));
    SAME(difference(stored, at_load));
    QCOMPARE(RecordReader::open(stored).steps(), std::size_t{6});
    if (!sets.contains("objective.name=tdpo"))
      QCOMPARE(RecordReader::open(stored).column(Column::effective_margin)[0], 0.0);
  }

  void bfloat16_is_close() {
    const QJsonArray z = expected()["adapted"].toObject()["z"].toArray();
    const RecordReader record = RecordReader::open(
        record_of("half", model("tiny-llama-nf4"),
                  one_step + QStringList{"model.dtype=bfloat16", "model.adapter=" + fixture_path("tiny-llama-lora")}));
    for (int i = 0; i < 12; ++i)
      QVERIFY(close(record.pair_rows()[static_cast<std::size_t>(i)].z_w, z[i].toArray()[0].toDouble(), 0,
                    absolute_bfloat16));
  }

  void resume_data() {
    QTest::addColumn<QString>("optimizer");
    for (const char* name : {"adamw", "adamw_8bit", "paged_adamw_8bit"}) QTest::newRow(name) << name;
  }
  void resume() {
    QFETCH(QString, optimizer);
    // Rank 70 makes some adapters large enough for 8-bit states, and leaves none of them whole blocks.
    const QStringList sets = {"model.tuning=qlora", "optimizer.name=" + optimizer, "model.lora.rank=70",
                              "checkpoint.every=3", "optimizer.weight_decay=0.1"};
    const QString spec = box_.spec(optimizer, model("tiny-llama"));
    const Ended whole = box_.train(spec, "whole", sets + QStringList{"training.steps=7"});
    QVERIFY2(whole.code == 0, qPrintable(whole.error));
    QCOMPARE(whole.error.contains("nothing to page"), optimizer.startsWith("paged"));
    QVERIFY2(whole.error.contains("14 matrices of 61440 parameters in 4 bits"), qPrintable(whole.error));
    QCOMPARE(box_.train(spec, "parts", sets + QStringList{"training.steps=4"}).code, 0);
    const Ended rest = box_.train(spec, "parts", sets + QStringList{"training.steps=7", "run.resume=true"});
    QVERIFY2(rest.code == 0, qPrintable(rest.error));
    SAME(difference(box_.file("whole/" + optimizer + "/run.h5"), box_.file("parts/" + optimizer + "/run.h5")));
    for (const char* file : {"/adapter_model.safetensors", "/optimizer.safetensors"})
      SAME(file_difference((checkpoint("whole", optimizer) + file).toStdString(),
                           (checkpoint("parts", optimizer) + file).toStdString()));
    const model::SafeTensors state =
        model::SafeTensors::open_file((checkpoint("whole", optimizer) + "/optimizer.safetensors").toStdString());
    const std::string large = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                      small = "base_model.model.model.layers.0.self_attn.k_proj.lora_B.weight";
    QCOMPARE(state.contains(large + ".exp_avg_8bit"), optimizer != "adamw");
    QVERIFY(state.contains(small + ".exp_avg"));
    const auto loss = RecordReader::open(box_.file("whole/" + optimizer + "/run.h5")).column(Column::loss);
    QVERIFY(loss.back() != loss.front());
  }

  void an_optimizer_of_another_kind_does_not_resume() {
    const QStringList sets = {"model.tuning=qlora", "model.lora.rank=70", "training.steps=2"};
    const QString spec = box_.spec("kinds", model("tiny-llama"));
    QCOMPARE(box_.train(spec, "runs", sets).code, 0);
    const Ended end = box_.train(
        spec, "runs", sets + QStringList{"training.steps=3", "run.resume=true", "optimizer.name=adamw_8bit"});
    QVERIFY2(end.code == 1 && end.error.contains("optimizer.safetensors") && end.error.contains("exp_avg_8bit"),
             qPrintable(end.error));
  }

  /// What is kept in full is what would be written out, as far as there is room.
  void kept_in_full() {
    model::Decoder::Options options;
    options.quantize = true;
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      options.compute = type;
      const auto decoder = model::Decoder::load(model("tiny-llama").toStdString(), options);
      std::vector<model::Parameter*> matrices;
      std::vector<at::Tensor> before;
      std::int64_t all = 0;
      for (model::Parameter& parameter : decoder->parameters()) {
        if (!parameter.quantized) continue;
        matrices.push_back(&parameter);
        before.push_back(parameter.in(type).clone());
        all += static_cast<std::int64_t>(before.back().nbytes());
      }
      QCOMPARE(decoder->keep_in_full(0), 0);
      const std::int64_t half = decoder->keep_in_full(all / 2);
      QVERIFY(half > 0 && half <= all / 2);
      QVERIFY(matrices.front()->kept_in_full() && !matrices.back()->kept_in_full());
      const void* place = matrices.front()->in(type).const_data_ptr();
      for (std::size_t i = 0; i < matrices.size(); ++i) QVERIFY(at::equal(matrices[i]->in(type), before[i]));
      QCOMPARE(matrices.front()->in(type).const_data_ptr(), place);
      QCOMPARE(decoder->keep_in_full(all), all - half);
      QVERIFY(decoder->let_go_of_copies());
      QVERIFY(!decoder->let_go_of_copies());
      for (std::size_t i = 0; i < matrices.size(); ++i) QVERIFY(at::equal(matrices[i]->in(type), before[i]));
    }
  }

  void adapter_comes_out_and_is_merged_into_the_full_model() {
    const QString base = model("tiny-llama");
    QVERIFY(
        !record_of("out", base, one_step + QStringList{"model.adapter=" + fixture_path("tiny-llama-lora")}).empty());
    const QString adapter = checkpoint("runs", "out");
    const model::SafeTensors in = model::SafeTensors::open_file(
                                 fixture_path("tiny-llama-lora/adapter_model.safetensors").toStdString()),
                             out =
                                 model::SafeTensors::open_file((adapter + "/adapter_model.safetensors").toStdString());
    for (const std::string& name : in.names()) QVERIFY(at::equal(in.get(name).to(at::kFloat), out.get(name)));
    const Ended merged = box_.run({"merge", base, adapter, "--out", box_.path("merged")});
    QVERIFY2(merged.code == 0, qPrintable(merged.error));
    FAILS(box_.run({"merge", model("tiny-llama-nf4"), adapter, "--out", box_.path("refused")}), 3,
          "tiny-llama-nf4/config.json", "4 bits", "merged into the model that they were made from");
    QVERIFY(!QFile::exists(box_.path("refused/model.safetensors")));
  }

  void refused() {
    for (const char* tuning : {"full", "lora"})
      FAILS(box_.train(box_.spec("plain", model("tiny-llama-nf4")), "runs", {QString("model.tuning=%1").arg(tuning)}),
            3, "config.json", "quantization_config", "qlora");
    const auto with = [&](const QString& copy, const QJsonObject& stored) {
      return box_.train(changed("tiny-llama", copy, [&](QJsonObject& json) { json["quantization_config"] = stored; }),
                        "runs", {"model.tuning=qlora"});
    };
    FAILS(with("eight", {{"load_in_8bit", true}}), 3, "eight/config.json", "load_in_8bit", "nf4");
    FAILS(with("gptq", {{"quant_method", "gptq"}, {"bits", 4}}), 3, "gptq/config.json", "quant_method", "gptq", "nf4");
    FAILS(with("fp4", {{"load_in_4bit", true}}), 3, "fp4/config.json", "bnb_4bit_quant_type", "fp4", "nf4");
    FAILS(box_.train(box_.spec("name", model("tiny-llama")), "runs", {"optimizer.name=adam8"}), 2, "optimizer.name",
          "adamw_8bit");
    QVERIFY(!QFile::exists(box_.path("runs/plain/run.h5")));
  }

  void without_the_library() {
    EngineBox& box = box_;
    box.environment.insert("BANDSCOPE_BITSANDBYTES", box.path("nowhere"));
    const Ended weights = box.train(box.spec("weights", model("tiny-llama")), "runs", {"model.tuning=qlora"}),
                states = box.train(box.spec("states", model("tiny-llama")), "runs",
                                   {"optimizer.name=adamw_8bit", "training.steps=1"}),
                neither = box.train(box.spec("neither", model("tiny-llama")), "runs",
                                    {"model.tuning=lora", "training.steps=1"});
    box.environment.remove("BANDSCOPE_BITSANDBYTES");
    FAILS(weights, 2, "libbitsandbytes_cpu.so", "nowhere", "packaging/setup", "BANDSCOPE_BITSANDBYTES");
    FAILS(states, 2, "libbitsandbytes_cpu.so", "packaging/setup");
    QCOMPARE(neither.code, 0);
  }
};

QTEST_GUILESS_MAIN(TestQlora)
#include "test_qlora.moc"
