// SPDX-License-Identifier: Apache-2.0
// A plan's memory, part by part, against what the engine allocates: every accumulator of every way to take a step, the
// head's logits, what passes may take, and what is left beside them.
#include <spdlog/fmt/fmt.h>

#include <QTest>

#include "tests/training/planned.h"
#include "training/memory/memory.h"
#include "training/memory/pass_tokens.h"
#include "training/optimizer/adamw.h"
#include "training/step/step.h"
#include "training/step/step_plan.h"
#include "training/trainer/prepare.h"

using namespace bandscope;
using namespace engine_test;

class TestMemoryParts : public QObject {
  Q_OBJECT

  EngineBox box_;

  RunSpec spec_of(const QString& model, const QStringList& sets) const { return planned_spec(box_, model, sets); }

 private Q_SLOTS:
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
    const std::int64_t all_again = passing_of(other, longer);
    QVERIFY(all_again < passing_of(spec, longer));
    other.model.recomputed_blocks = config.layers - 1;
    QVERIFY(passing_of(other, longer) <= all_again);  // the last one is at work when the backward pass begins
    other.model.recomputed_blocks = 1;
    QVERIFY(passing_of(other, longer) > all_again && passing_of(other, longer) < passing_of(spec, longer));
    other.model.recomputed_blocks = 1000;
    QCOMPARE(passing_of(other, longer), all_again);
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

  /// As few blocks run again as the free memory asks for, in passes that are no smaller for it than must be.
  void blocks_run_again_where_memory_asks_for_it() {
    const model::ModelConfig config = model::ModelConfig::parse(pythia_410m, "config");
    RunSpec spec = spec_of("tiny-llama-tied", {"training.micro_batch=1", "model.gradient_checkpointing=true"});
    spec.run.device = "cuda:0";
    const memory::ParameterCounts counts = memory::count_parameters(config, Tuning::full, {});
    const step::StepPlan step = step::step_plan(spec);
    std::int64_t before = config.layers, some = 0;
    for (const std::int64_t gib : {4, 10, 12, 14, 16, 20, 24, 80}) {
      const std::int64_t free = gib << 30, tokens = memory::pass_tokens(config, spec, counts, 1, free);
      RunSpec settled = spec;
      memory::settle_recomputed_blocks(settled, config, counts, 1, free, tokens);
      const std::int64_t blocks = memory::recomputed_blocks(config, settled);
      QVERIFY(blocks <= before);
      before = blocks;
      const auto takes = [&](std::int64_t again) {
        RunSpec there = spec;
        there.model.gradient_checkpointing = again > 0;
        there.model.recomputed_blocks = again;
        const std::vector<data::PairLengths> pass(static_cast<std::size_t>(std::max<std::int64_t>(1, tokens / 1024)),
                                                  {512, 256, 256});
        const memory::MemoryPlan plan = memory::plan_memory(config, there, counts, pass, 1, 2 * config.hidden_size);
        return plan.gradients + plan.optimizer + memory::cast_bytes(there, counts) +
               memory::passing_bytes(config, there, counts, step, pass);
      };
      const std::string at = fmt::format("{} GiB, {} ids, {} blocks", gib, tokens, blocks);
      if (blocks < config.layers) QVERIFY2(takes(blocks) <= free, at.c_str());
      if (blocks > 0) {
        QVERIFY2(takes(blocks - 1) > free / 4 * 3, at.c_str());
        QVERIFY2(tokens <= memory::enough_pass_tokens, at.c_str());
      }
      some += blocks > 0 && blocks < config.layers;
    }
    QCOMPARE(before, std::int64_t{0});
    QVERIFY(some > 0);
    // What the spec says is left so, and the CPU has all of them.
    RunSpec given = spec;
    given.model.recomputed_blocks = 5;
    memory::settle_recomputed_blocks(given, config, counts, 1, std::int64_t{80} << 30, 1024);
    QCOMPARE(memory::recomputed_blocks(config, given), std::int64_t{5});
    RunSpec here = spec;
    memory::settle_recomputed_blocks(here, config, counts, 1, std::nullopt, 1024);
    QCOMPARE(memory::recomputed_blocks(config, here), config.layers);
  }
};

QTEST_GUILESS_MAIN(TestMemoryParts)
#include "test_memory_parts.moc"
