// SPDX-License-Identifier: Apache-2.0
// What 4-bit weights cost: quantising and writing out a matrix against copying it, and a QLoRA step against a LoRA
// step, as ratios within one run on one machine; and an update of 8-bit optimizer states against one of float32 states.
//
//   quant_benchmark MODEL_DIR PAIRS [--rounds N]
//
// Rank 8 on every projection, pairs cut to 192 + 128 ids, 8 pairs a step in micro-batches of one, RC on, output scores.
// The two sides of a ratio alternate; the ratio is that of the medians.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>

#include "core/error.h"
#include "tests/benchmark/timing.h"
#include "training/data/pairs.h"
#include "training/model/adapter.h"
#include "training/optimizer/adamw.h"
#include "training/process_setup.h"
#include "training/quant/nf4.h"
#include "training/step/step.h"
#include "training/text/tokenizer.h"

namespace {

using namespace bandscope;
using namespace bandscope::benchmark;
constexpr std::size_t batch_size = 8;
constexpr double mebi = 1048576.0;

void matrices(const quant::BitsAndBytes& library) {
  for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{576, 1536}, {4096, 4096}}) {
    const at::Tensor weight = at::randn({rows, columns}, at::kFloat).mul_(0.05).to(at::kBFloat16);
    const quant::Nf4Matrix matrix = quant::quantize_nf4(library, weight, at::kCPU, "");
    std::printf("matrix %lld x %lld: %.2f bits per value\n", static_cast<long long>(rows),
                static_cast<long long>(columns),
                8.0 * static_cast<double>(matrix.bytes()) / static_cast<double>(matrix.values()));
    for (const auto& [name, type] : {std::pair{"bfloat16", at::kBFloat16}, {"float32", at::kFloat}}) {
      const at::Tensor full = weight.to(type), out = at::empty_like(full);
      const auto times =
          alternating(15, {[&](int) { out.copy_(full); }, [&](int) { quant::dequantize_nf4(library, matrix, out); }});
      std::printf("  written out as %-9s %8.3f ms, a copy %8.3f ms; ratio %.2f\n", name, 1e3 * times[1].wall,
                  1e3 * times[0].wall, times[1].wall / times[0].wall);
    }
    const at::Tensor out = at::empty_like(weight);
    const auto times = alternating(
        7, {[&](int) { out.copy_(weight); }, [&](int) { quant::quantize_nf4(library, weight, at::kCPU, ""); }});
    std::printf("  quantised from bfloat16   %8.3f ms; %.0f copies\n", 1e3 * times[1].wall,
                times[1].wall / times[0].wall);
  }
}

/// A model with adapters, its calibration, engine and optimizer.
struct Trainer {
  std::unique_ptr<Objective> objective =
      find_objective("dpo")->make({{"beta", 0.1}, {"label_smoothing", 0.0}}, Likelihood::mean);
  std::unique_ptr<model::Decoder> model;
  Calibration calibration{{true, 0.98, true}};
  std::unique_ptr<step::StepEngine> engine;
  std::unique_ptr<optimizer::AdamW> optimizer;
  Trainer(const std::filesystem::path& folder, bool quantize, at::ScalarType compute,
          const char* optimizer_name = "adamw") {
    model::Decoder::Options options;
    options.compute = compute;
    options.quantize = quantize;
    model = model::Decoder::load(folder, options);
    model::add_adapter(*model, {}, at::detail::createCPUGenerator(1));
    step::StepSettings settings;
    settings.adapters = true;
    engine = std::make_unique<step::StepEngine>(*model, *objective, calibration, settings);
    RunSpec::Optimizer spec;
    spec.name = optimizer_name;
    optimizer = std::make_unique<optimizer::AdamW>(model->trained(), spec);
  }
  double weight_bytes() const {
    double bytes = static_cast<double>(model->quantized().bytes);
    for (const model::Parameter& parameter : model->parameters())
      if (parameter.value.defined()) bytes += static_cast<double>(parameter.value.nbytes());
    return bytes;
  }
};

void steps(const std::filesystem::path& folder, const data::PairSet& set, int rounds) {
  std::vector<likelihood::TokenLogProbs> references;
  for (const data::TokenPair& pair : set.pairs)
    references.push_back(
        {std::vector<float>(pair.chosen.size(), -2.0f), std::vector<float>(pair.rejected.size(), -2.0f)});
  for (const auto& [name, compute] : {std::pair{"float32", at::kFloat}, {"bfloat16", at::kBFloat16}}) {
    Trainer lora(folder, false, compute), qlora(folder, true, compute);
    const auto step = [&](Trainer& trainer, int round) {
      std::vector<const data::TokenPair*> pairs;
      std::vector<const likelihood::TokenLogProbs*> values;
      for (std::size_t i = 0; i < batch_size; ++i) {
        const std::size_t index = (static_cast<std::size_t>(round) * batch_size + i) % set.pairs.size();
        pairs.push_back(&set.pairs[index]);
        values.push_back(&references[index]);
      }
      const step::StepOutcome outcome = trainer.engine->run(pairs, values);
      trainer.optimizer->step(1e-5, outcome.row[Column::grad_norm], 0.0);
    };
    const auto times =
        alternating(rounds, {[&](int round) { step(lora, round); }, [&](int round) { step(qlora, round); }});
    const auto line = [](const char* what, const Seconds& seconds, const Trainer& trainer) {
      std::printf("  %-6s %7.3f s/pair  (%.3f s of processor), weights %.0f MiB\n", what, seconds.wall / batch_size,
                  seconds.cpu / batch_size, trainer.weight_bytes() / mebi);
    };
    std::printf("step in %s, %d rounds\n", name, rounds);
    line("QLoRA", times[1], qlora);
    line("LoRA", times[0], lora);
    std::printf("  ratio %.3f (processor time %.3f)\n", times[1].wall / times[0].wall, times[1].cpu / times[0].cpu);
    std::fflush(stdout);
  }
}

void optimizers(const std::filesystem::path& folder) {
  Trainer wide(folder, true, at::kFloat), narrow(folder, true, at::kFloat, "adamw_8bit");
  for (Trainer* trainer : {&wide, &narrow})
    for (model::Parameter* parameter : trainer->model->trained()) parameter->gradient(model::Slot::train).normal_();
  const auto times = alternating(
      9, {[&](int) { wide.optimizer->step(1e-5, 1.0, 0.0); }, [&](int) { narrow.optimizer->step(1e-5, 1.0, 0.0); }});
  const auto bytes = [](const Trainer& trainer) {
    double sum = 0;
    for (const auto& [name, tensor] : trainer.optimizer->state()) sum += static_cast<double>(tensor.nbytes());
    return sum / mebi;
  };
  std::printf("optimizer update: float32 states %.2f ms (%.1f MiB), 8-bit states %.2f ms (%.1f MiB); ratio %.2f\n",
              1e3 * times[0].wall, bytes(wide), 1e3 * times[1].wall, bytes(narrow), times[1].wall / times[0].wall);
}

}  // namespace

int main(int argc, char** argv) {
  set_up_training_process(argv);
  if (argc < 3) {
    std::fprintf(stderr, "usage: quant_benchmark MODEL_DIR PAIRS [--rounds N]\n");
    return 2;
  }
  try {
    const int rounds = argc > 4 && !std::strcmp(argv[3], "--rounds") ? std::max(1, std::atoi(argv[4])) : 3;
    const auto library = quant::BitsAndBytes::load(at::kCPU);
    std::printf("%d threads, LibTorch CPU capability %s, %s\n", at::get_num_threads(), at::get_cpu_capability().c_str(),
                library->file().c_str());
    matrices(*library);
    const text::Tokenizer tokenizer = text::Tokenizer::load(argv[1]);
    optimizers(argv[1]);
    steps(argv[1],
          data::load_pairs(argv[2], tokenizer, {static_cast<std::int64_t>(batch_size) * (rounds + 1), 320, 192}),
          rounds);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "quant_benchmark: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
