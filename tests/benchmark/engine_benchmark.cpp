// SPDX-License-Identifier: Apache-2.0
// Speed of a training step against the way scripts do it, as ratios within one run on one machine.
//
//   engine_benchmark MODEL_DIR PAIRS [--rounds N] [--only padded|calibration|all-scope|packing|passes|bfloat16]
//   engine_benchmark --shape pythia-410m-full|qlora-7b|tiny|tiny-qlora [--device cpu|cuda] [--micro N] [--pass-tokens
//   N]
//   [--rounds N] [--peak TFLOPS]
//
// Full tuning in float32, pairs cut to 192 + 128 ids, 8 pairs a step, mean z, output scores, reference cached (and not
// counted). The two sides of a ratio alternate step by step; the ratio is that of the medians.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

#include "core/error.h"
#include "tests/benchmark/padded_baseline.h"
#include "tests/benchmark/shape_benchmark.h"
#include "tests/benchmark/timing.h"
#include "training/likelihood/reference.h"
#include "training/memory/pass_tokens.h"
#include "training/optimizer/adamw.h"
#include "training/process_setup.h"
#include "training/step/step.h"
#include "training/text/tokenizer.h"

namespace {

using namespace bandscope;
using namespace bandscope::benchmark;
constexpr std::size_t batch_size = 8;

struct Bench {
  std::filesystem::path model_dir;
  data::PairSet set;
  int rounds = 3;
  std::unique_ptr<Objective> objective =
      find_objective("dpo")->make({{"beta", 0.1}, {"label_smoothing", 0.0}}, Likelihood::mean);
  std::vector<likelihood::TokenLogProbs> references;

  std::unique_ptr<model::Decoder> load(bool train, at::ScalarType compute = at::kFloat) const {
    model::Decoder::Options options;
    options.train_all = train;
    options.compute = compute;
    return model::Decoder::load(model_dir, options);
  }
  /// The pairs of round `round`, the same for both sides.
  std::vector<const data::TokenPair*> batch(int round) const {
    std::vector<const data::TokenPair*> pairs;
    for (std::size_t i = 0; i < batch_size; ++i)
      pairs.push_back(&set.pairs[(static_cast<std::size_t>(round) * batch_size + i) % set.pairs.size()]);
    return pairs;
  }
  std::vector<const likelihood::TokenLogProbs*> reference(int round) const {
    std::vector<const likelihood::TokenLogProbs*> values;
    for (std::size_t i = 0; i < batch_size; ++i)
      values.push_back(&references[(static_cast<std::size_t>(round) * batch_size + i) % set.pairs.size()]);
    return values;
  }
  /// Prints "name: first a s/pair, b s/pair; ratio".
  void compare(const char* name, const char* first_name, const std::function<void(int)>& first, const char* second_name,
               const std::function<void(int)>& second) const {
    std::vector<double> wall[2], cpu[2];
    for (int round = 0; round <= rounds; ++round) {
      for (int side : {0, 1}) {
        const Seconds seconds = timed([&] { (side == 0 ? first : second)(round); });
        if (round == 0) continue;  // warm-up
        wall[side].push_back(seconds.wall / batch_size);
        cpu[side].push_back(seconds.cpu / batch_size);
      }
    }
    std::printf(
        "%s\n  %-44s %7.3f s/pair  (%.3f s of processor)\n  %-44s %7.3f s/pair  (%.3f s of processor)\n  ratio %.3f "
        "(processor time %.3f), %d rounds\n",
        name, first_name, median(wall[0]), median(cpu[0]), second_name, median(wall[1]), median(cpu[1]),
        median(wall[0]) / median(wall[1]), median(cpu[0]) / median(cpu[1]), rounds);
    std::fflush(stdout);
  }
};

/// A model, its calibration, engine and optimizer.
struct Trainer {
  std::unique_ptr<model::Decoder> model;
  Calibration calibration;
  std::unique_ptr<step::StepEngine> engine;
  optimizer::AdamW optimizer;
  Trainer(const Bench& bench, std::int64_t micro_batch, bool calibrate, ScoreScope scope,
          at::ScalarType compute = at::kFloat, std::int64_t pass_tokens = 0)
      : model(bench.load(true, compute)),
        calibration({calibrate, 0.98, true}),
        optimizer(model->trained(), RunSpec::Optimizer{}) {
    step::StepSettings settings;
    settings.micro_batch = micro_batch;
    settings.scope = scope;
    settings.pass_tokens = pass_tokens;
    engine = std::make_unique<step::StepEngine>(*model, *bench.objective, calibration, settings);
  }
  void step(const Bench& bench, int round) {
    const step::StepOutcome outcome = engine->run(bench.batch(round), bench.reference(round));
    optimizer.step(5e-7, outcome.row[Column::grad_norm], 0.0);
  }
};

void padded(const Bench& bench) {
  const auto model = bench.load(true), reference = bench.load(false);
  Calibration calibration({true, 0.98, true});
  PaddedStep baseline(*model, *reference, *bench.objective, calibration, true);
  optimizer::AdamW optimizer(model->trained(), RunSpec::Optimizer{});
  Trainer trainer(bench, batch_size, true, ScoreScope::output);
  bench.compare(
      "against a padded two-model step with two extra gradient calls on the head", "padded, two models, RC on",
      [&](int round) {
        baseline.run(bench.batch(round));
        optimizer.step(5e-7, 1.0, 0.0);
      },
      "this engine, RC on, one row of 8 pairs", [&](int round) { trainer.step(bench, round); });
}

void calibration(const Bench& bench) {
  Trainer off(bench, 1, false, ScoreScope::output), on(bench, 1, true, ScoreScope::output);
  bench.compare(
      "reward calibration", "on", [&](int round) { on.step(bench, round); }, "off",
      [&](int round) { off.step(bench, round); });
}

void all_scope(const Bench& bench) {
  Trainer trainer(bench, 1, true, ScoreScope::all, at::kFloat, memory::cpu_pass_tokens);
  {
    Trainer output(bench, 1, true, ScoreScope::output, at::kFloat, memory::cpu_pass_tokens);
    bench.compare(
        "score scope, RC on, shared passes", "all", [&](int round) { trainer.step(bench, round); }, "output",
        [&](int round) { output.step(bench, round); });
  }
  const auto model = bench.load(true);
  optimizer::AdamW optimizer(model->trained(), RunSpec::Optimizer{});
  bench.compare(
      "scores over all parameters", "scope = \"all\", RC on", [&](int round) { trainer.step(bench, round); },
      "separate graphs, no scores",
      [&](int round) {
        separate_graphs_step(*model, *bench.objective, bench.batch(round), bench.reference(round));
        double squares = 0;
        for (model::Parameter* parameter : model->trained())
          squares += model::squared_norm(parameter->gradient(model::Slot::train));
        optimizer.step(5e-7, std::sqrt(squares), 0.0);
      });
  const step::StepTimes& times = trainer.engine->times();
  std::printf("  of the last step, per pair: forward %.3f s, head %.3f, backward %.3f, passes over gradients %.3f\n",
              times.forward / batch_size, times.head / batch_size, times.backward / batch_size,
              times.combine / batch_size);
}

void packing(const Bench& bench) {
  Trainer one(bench, 1, true, ScoreScope::output), eight(bench, 8, true, ScoreScope::output);
  bench.compare(
      "packing", "micro-batches of 1 pair", [&](int round) { one.step(bench, round); }, "micro-batch of 8 pairs",
      [&](int round) { eight.step(bench, round); });
}

void passes(const Bench& bench) {
  Trainer alone(bench, 1, true, ScoreScope::output),
      shared(bench, 1, true, ScoreScope::output, at::kFloat, memory::cpu_pass_tokens);
  bench.compare(
      "micro-batches of 1 pair, RC on", "a pass for each", [&](int round) { alone.step(bench, round); },
      "passes that they share", [&](int round) { shared.step(bench, round); });
}

void bfloat16(const Bench& bench) {
  Trainer wide(bench, 1, true, ScoreScope::output), narrow(bench, 1, true, ScoreScope::output, at::kBFloat16);
  bench.compare(
      "compute type", "float32", [&](int round) { wide.step(bench, round); }, "bfloat16",
      [&](int round) { narrow.step(bench, round); });
}

ShapeOptions shape_options(int argc, char** argv) {
  ShapeOptions options;
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (i + 1 == argc) throw SpecError(Message::plain(name + " needs a value"));
    const char* value = argv[i + 1];
    if (name == "--shape")
      options.shape = value;
    else if (name == "--device")
      options.device = value;
    else if (name == "--micro")
      options.micro_batch = std::atoll(value);
    else if (name == "--pass-tokens")
      options.pass_tokens = std::atoll(value);
    else if (name == "--rounds")
      options.rounds = std::max(1, std::atoi(value));
    else if (name == "--peak")
      options.peak = std::atof(value);
    else
      throw SpecError(
          Message::plain(name + ": allowed are --shape, --device, --micro, --pass-tokens, --rounds and --peak"));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  set_up_training_process(argv);
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: engine_benchmark MODEL_DIR PAIRS [--rounds N] [--only SECTION]\n"
                 "       engine_benchmark --shape NAME [--device D] [--micro N] [--pass-tokens N] [--rounds N] [--peak "
                 "TFLOPS]; NAME: %s\n",
                 shape_names().c_str());
    return 2;
  }
  try {
    if (std::string(argv[1]).starts_with("--")) {
      measure_shape(shape_options(argc, argv));
      return 0;
    }
    Bench bench;
    bench.model_dir = argv[1];
    std::string only;
    for (int i = 3; i + 1 < argc; i += 2) {
      if (!std::strcmp(argv[i], "--rounds")) bench.rounds = std::max(1, std::atoi(argv[i + 1]));
      if (!std::strcmp(argv[i], "--only")) only = argv[i + 1];
    }
    const text::Tokenizer tokenizer = text::Tokenizer::load(bench.model_dir);
    bench.set =
        data::load_pairs(argv[2], tokenizer, {static_cast<std::int64_t>(batch_size) * (bench.rounds + 1), 320, 192});
    double tokens = 0;
    for (const data::TokenPair& pair : bench.set.pairs)
      tokens += static_cast<double>(pair.prompt.size() + pair.chosen.size() + pair.rejected.size()) /
                static_cast<double>(bench.set.pairs.size());
    std::printf("%s, %d threads, LibTorch CPU capability %s; %zu pairs of %.0f ids on average (prompt once)\n",
                processor().c_str(), at::get_num_threads(), at::get_cpu_capability().c_str(), bench.set.pairs.size(),
                tokens);
    {
      const auto model = bench.load(false);
      for (const data::TokenPair& pair : bench.set.pairs) {
        const data::TokenPair* const one[] = {&pair};
        bench.references.push_back(likelihood::log_probs_of(*model, false, one)[0]);
      }
    }
    const std::pair<const char*, void (*)(const Bench&)> sections[] = {
        {"padded", padded},   {"calibration", calibration}, {"all-scope", all_scope},
        {"packing", packing}, {"passes", passes},           {"bfloat16", bfloat16}};
    for (const auto& [name, run] : sections)
      if (only.empty() || only == name) run(bench);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak resident memory of this process %.2f GiB\n", static_cast<double>(usage.ru_maxrss) / 1048576.0);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "engine_benchmark: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
