// SPDX-License-Identifier: Apache-2.0
// Plans against what the engine really makes: parameters of every architecture, adapters, and every gradient
// accumulator of every way to take a step; and the sizes that the paper's models are published with.
#include <ATen/CPUGeneratorImpl.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <cmath>

#include "core/error.h"
#include "tests/training/engine_box.h"
#include "training/memory/memory.h"
#include "training/memory/pass_tokens.h"
#include "training/model/safetensors.h"
#include "training/optimizer/adamw.h"
#include "training/plan/plan.h"
#include "training/step/step.h"
#include "training/step/step_plan.h"
#include "training/trainer/prepare.h"

using namespace bandscope;
using namespace engine_test;

namespace {

constexpr const char* pythia_410m =
    R"({"model_type":"gpt_neox","vocab_size":50304,"hidden_size":1024,"intermediate_size":4096,"num_hidden_layers":24,"num_attention_heads":16,"max_position_embeddings":2048,"hidden_act":"gelu","rotary_pct":0.25,"use_parallel_residual":true,"tie_word_embeddings":false})";
constexpr const char* pythia_2_8b =
    R"({"model_type":"gpt_neox","vocab_size":50304,"hidden_size":2560,"intermediate_size":10240,"num_hidden_layers":32,"num_attention_heads":32,"max_position_embeddings":2048,"hidden_act":"gelu","rotary_pct":0.25,"use_parallel_residual":true,"tie_word_embeddings":false})";
constexpr const char* mistral_7b =
    R"({"model_type":"mistral","vocab_size":32000,"hidden_size":4096,"intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"max_position_embeddings":32768,"hidden_act":"silu","rms_norm_eps":1e-5,"sliding_window":4096,"tie_word_embeddings":false})";
constexpr const char* qwen_7b =
    R"({"model_type":"qwen2","vocab_size":152064,"hidden_size":3584,"intermediate_size":18944,"num_hidden_layers":28,"num_attention_heads":28,"num_key_value_heads":4,"max_position_embeddings":131072,"hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":1000000.0,"tie_word_embeddings":false})";

}  // namespace

class TestPlan : public QObject {
  Q_OBJECT

  EngineBox box_;

  RunSpec spec_of(const QString& model, const QStringList& sets) const {
    std::vector<Override> overrides;
    for (const QString& set : sets)
      overrides.push_back({set.section('=', 0, 0).toStdString(), set.section('=', 1).toStdString()});
    return load_run_specs(box_.spec("planned", model).toStdString(), overrides).front();
  }

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

  void accumulators_are_the_engines_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    const QStringList one = {"training.micro_batch=1"}, whole = {"training.micro_batch=4"},
                      step = {"calibration.granularity=step"}, all = {"scores.scope=all"},
                      lora = {"model.tuning=lora", "model.lora.rank=4"};
    for (const char* model : {"tiny-neox", "tiny-llama-tied"}) {
      const auto row = [&](const char* name, const QStringList& sets) {
        QTest::newRow(qPrintable(QString(model) + ", " + name)) << QString(model) << sets;
      };
      row("micro 2", {});
      row("micro 1", one);
      row("whole batch", whole);
      row("per step", step);
      row("per step, micro 1", step + one);
      row("per step, whole batch", step + whole);
      row("all", all);
      row("all, micro 1", all + one);
      row("all, whole batch", all + whole);
      row("all, per step", all + step);
      row("all, per step, micro 1", all + step + one);
      row("lora", lora);
      row("lora, 8-bit states", lora + QStringList{"model.lora.rank=64", "optimizer.name=adamw_8bit"});
      row("lora, micro 1", lora + one);
      row("lora, whole batch", lora + whole);
      row("lora, per step", lora + step);
      row("lora, all", lora + all);
      row("lora, all, per step", lora + all + step);
      row("one pair", {"training.batch_size=1", "training.micro_batch=1"});
    }
  }
  void accumulators_are_the_engines() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    const RunSpec spec = spec_of(model, sets);
    trainer::PreparedRun run = trainer::prepare_run(spec);
    Calibration calibration({true, 0.98, true});
    step::StepEngine engine(*run.policy, *run.objective, calibration, run.settings, run.online_reference());
    std::vector<const data::TokenPair*> batch;
    for (std::int64_t i = 0; i < spec.training.batch_size; ++i)
      batch.push_back(&run.train.pairs[static_cast<std::size_t>(i)]);
    engine.run(batch, {});
    std::int64_t bytes = 0;
    for (const model::Parameter& parameter : run.policy->parameters()) bytes += parameter.gradient_bytes();
    const memory::ParameterCounts counts =
        memory::count_parameters(run.policy->config(), spec.model.tuning, spec.model.lora);
    std::int64_t scored = 0;
    for (const data::TokenPair* pair : batch) scored += data::lengths_of(*pair).scored();
    const model::ModelConfig& config = run.policy->config();
    const bool in_rows = step::step_plan(spec).sums_in_rows(run.settings, scored, 1, 1, config.hidden_size);
    QCOMPARE(memory::gradient_bytes(spec, counts, 1, true, in_rows), bytes);
    std::int64_t moments = 0;
    for (const auto& [name, tensor] : optimizer::AdamW(run.policy->trained(), spec.optimizer).state())
      if (name != "optimizer.step") moments += static_cast<std::int64_t>(tensor.nbytes());
    const std::vector<data::PairLengths> pair = {{10, 5, 5}};
    QCOMPARE(memory::plan_memory(run.policy->config(), spec, counts, pair, 1).optimizer, moments);
  }

  /// The output projection's sums are not kept where rows of a step take less.
  void sums_of_few_rows_are_not_made() {
    const model::ModelConfig config = model::ModelConfig::parse(pythia_410m, "config");
    RunSpec spec = spec_of("tiny-llama-tied", {"training.micro_batch=1", "training.batch_size=8"});
    const memory::ParameterCounts counts = memory::count_parameters(config, Tuning::full, {});
    const std::vector<data::PairLengths> pass(2, {100, 100, 100});
    const auto of = [&](std::int64_t scored, int processes) {
      const memory::MemoryPlan plan = memory::plan_memory(config, spec, counts, pass, processes, scored);
      return plan.gradients + plan.head;
    };
    const std::int64_t limit = 2 * config.hidden_size, sums = 2 * counts.head * 4;
    QVERIFY(of(1600, 1) < of(limit, 1));
    QVERIFY(of(limit, 1) - of(1600, 1) < sums);
    QVERIFY(of(limit - 1, 1) <= of(limit, 1) + limit * config.hidden_size * 4);
    QCOMPARE(of(1600, 2), of(limit, 2));  // of other processes no rows are at hand
    const std::int64_t few = of(1600, 1);
    spec.training.micro_batch = 2;
    QVERIFY(of(1600, 1) > few);
  }

  /// Copies of 4-bit weights take what passes leave, on a GPU.
  void room_for_copies() {
    const model::ModelConfig config = model::ModelConfig::parse(mistral_7b, "config");
    RunSpec spec = spec_of("tiny-llama-tied", {"model.tuning=qlora", "training.micro_batch=1"});
    spec.model.dtype = Dtype::bfloat16;
    spec.run.device = "cuda:0";
    const memory::ParameterCounts counts = memory::count_parameters(config, Tuning::qlora, {});
    const auto room = [&](std::int64_t gib, std::int64_t tokens) {
      return memory::room_for_copies(config, spec, counts, 1, gib << 30, tokens);
    };
    QVERIFY(room(120, 16384) > counts.projections * 2);
    QVERIFY(room(120, 16384) < std::int64_t{90} << 30);
    QVERIFY(room(40, 1024) > room(40, 16384));
    QCOMPARE(room(1, 16384), 0);
    QCOMPARE(memory::room_for_copies(config, spec, counts, 1, std::nullopt, 1024), 0);
    spec.model.tuning = Tuning::lora;
    QCOMPARE(room(120, 1024), 0);
  }

  void more_makes_more() {
    const RunSpec spec = spec_of("tiny-llama-tied", {});
    const memory::ParameterCounts counts =
        memory::count_parameters(model::ModelConfig::load(spec.model.path), Tuning::full, {});
    const model::ModelConfig config = model::ModelConfig::load(spec.model.path);
    const std::vector<data::PairLengths> shorter(2, {50, 20, 30}), longer(2, {100, 40, 60});
    const auto passing_of = [&](const RunSpec& of, const std::vector<data::PairLengths>& pairs) {
      return memory::passing_bytes(config, of, counts, step::step_plan(of), pairs);
    };
    QVERIFY(passing_of(spec, longer) > passing_of(spec, shorter));
    RunSpec other = spec;
    other.model.gradient_checkpointing = true;
    QVERIFY(passing_of(other, longer) < passing_of(spec, longer));
    other = spec;
    other.parallel.zero = 1;
    QCOMPARE(memory::plan_memory(config, other, counts, longer, 2).optimizer,
             memory::plan_memory(config, spec, counts, longer, 2).optimizer / 2);
    // Weights and gradients of a large model shared out over eight.
    const model::ModelConfig large = model::ModelConfig::parse(mistral_7b, "config");
    const memory::ParameterCounts of_large = memory::count_parameters(large, Tuning::full, {});
    RunSpec one = spec_of("tiny-llama-tied", {"training.micro_batch=1", "training.batch_size=16", "parallel.zero=1"}),
            three = one;
    three.parallel.zero = 3;
    const memory::MemoryPlan before = memory::plan_memory(large, one, of_large, longer, 8),
                             after = memory::plan_memory(large, three, of_large, longer, 8);
    QCOMPARE(after.optimizer, before.optimizer);
    QVERIFY(after.gradients < before.gradients / 3);
    // While it is loaded every process has the whole model: what a step leaves free is there.
    QVERIFY(after.total() >= of_large.weights * 4 + of_large.weights);
    QVERIFY(after.total() < before.total() / 3 * 2);
    QCOMPARE(memory::plan_memory(large, three, of_large, longer, 1).total(),
             memory::plan_memory(large, one, of_large, longer, 1).total());
    three.training.batch_size = 64;
    QVERIFY(memory::plan_memory(large, three, of_large, longer, 8).gradients > before.gradients);
  }

  /// A GPU holds logits in compute type, where they lie, and more of them; policy, reference and plan go by one number.
  void the_head_is_the_devices() {
    const auto on_cpu = likelihood::head_chunk(c10::DeviceType::CPU, at::kBFloat16),
               half = likelihood::head_chunk(c10::DeviceType::CUDA, at::kBFloat16),
               single = likelihood::head_chunk(c10::DeviceType::CUDA, at::kFloat);
    QCOMPARE(on_cpu.rows(50304), (std::int64_t{96} << 20) / (4 * 50304));
    QCOMPARE(half.rows(50304), (std::int64_t{1} << 30) / (2 * 50304));
    QCOMPARE(single.rows(50304), (std::int64_t{1} << 30) / (4 * 50304));
    QCOMPARE(half.rows(std::int64_t{1} << 40), std::int64_t{1});
    const model::ModelConfig config = model::ModelConfig::parse(pythia_410m, "config");
    RunSpec spec = spec_of("tiny-llama-tied", {"training.micro_batch=1"});
    spec.model.dtype = Dtype::bfloat16;
    const memory::ParameterCounts counts = memory::count_parameters(config, Tuning::full, {});
    const std::vector<data::PairLengths> short_pairs(8, {100, 100, 100}), long_pairs(64, {100, 400, 400});
    const auto head = [&](const std::string& device, const std::vector<data::PairLengths>& pass) {
      RunSpec there = spec;
      there.run.device = device;
      return memory::plan_memory(config, there, counts, pass, 1, 2 * config.hidden_size).head;  // no rows are kept
    };
    QCOMPARE(head("cpu", short_pairs), std::int64_t{2 * 200} * 50304 * 6);  // two pairs a chunk
    QCOMPARE(head("cuda:0", short_pairs), std::int64_t{8 * 200} * 50304 * 2);
    QVERIFY(head("cpu", long_pairs) <= (std::int64_t{96} << 20) * 6 / 4);
    QVERIFY(head("cuda", long_pairs) <= std::int64_t{1} << 30);
    QVERIFY(head("cuda", long_pairs) > std::int64_t{9} << 26);
    QCOMPARE(step::step_settings(spec, c10::DeviceType::CUDA).chunk.rows(50304), half.rows(50304));
  }

  /// What is asked of a GPU's free memory fits into it, and twice as much would not.
  void shared_passes_fit_the_free_memory() {
    const model::ModelConfig config = model::ModelConfig::parse(pythia_410m, "config");
    RunSpec spec = spec_of("tiny-llama-tied", {"training.micro_batch=1"});
    spec.model.dtype = Dtype::bfloat16;
    spec.run.device = "cuda:0";
    const memory::ParameterCounts counts = memory::count_parameters(config, Tuning::full, {});
    const step::StepPlan step = step::step_plan(spec);
    std::int64_t before = 0;
    for (const std::int64_t gib : {6, 12, 16, 24, 80}) {
      const std::int64_t free = gib << 30, tokens = memory::pass_tokens(config, spec, counts, 1, free);
      QVERIFY(tokens >= before && tokens <= memory::most_pass_tokens);
      before = tokens;
      const auto takes = [&](std::int64_t ids) {
        const std::vector<data::PairLengths> pass(static_cast<std::size_t>(std::max<std::int64_t>(1, ids / 1024)),
                                                  {512, 256, 256});
        const memory::MemoryPlan plan = memory::plan_memory(config, spec, counts, pass, 1);
        return plan.gradients + plan.optimizer + memory::cast_bytes(spec, counts) +
               memory::passing_bytes(config, spec, counts, step, pass);
      };
      if (tokens >= 1024) QVERIFY(takes(tokens) <= free);
      if (tokens > 1 && tokens < memory::most_pass_tokens) QVERIFY(takes(2 * tokens) > free / 2);
    }
    QCOMPARE(before, memory::most_pass_tokens);
    QCOMPARE(memory::pass_tokens(config, spec, counts, 1, std::int64_t{1} << 20), std::int64_t{1});
    spec.run.device = "cpu";
    QCOMPARE(memory::pass_tokens(config, spec, counts, 1, std::nullopt), memory::cpu_pass_tokens);
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
