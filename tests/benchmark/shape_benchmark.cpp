// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmark/shape_benchmark.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <stdlib.h>

#include <cstdio>
#include <ctime>
#include <random>

#include "core/error.h"
#include "tests/benchmark/folder.h"
#include "tests/benchmark/random_model.h"
#include "tests/benchmark/timing.h"
#include "training/likelihood/reference.h"
#include "training/memory/parameter_counts.h"
#include "training/model/adapter.h"
#include "training/optimizer/adamw.h"
#include "training/step/passes.h"
#include "training/step/step.h"
#include "training/trainer/environment.h"

namespace bandscope::benchmark {
namespace {

struct Shape {
  const char* name;
  const char* title;
  Tuning tuning;
  at::ScalarType compute;
  std::int64_t micro_batch, batches;  // of a step
  std::size_t prompt, response;       // ids
  const char* config;
};

constexpr const char* pythia_410m =
    R"({"model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"], "vocab_size": 50304,
  "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16, "hidden_act": "gelu",
  "max_position_embeddings": 2048, "rotary_pct": 0.25, "rotary_emb_base": 10000, "use_parallel_residual": true,
  "tie_word_embeddings": false, "layer_norm_eps": 1e-5})";
constexpr const char* mistral_7b =
    R"({"model_type": "mistral", "architectures": ["MistralForCausalLM"], "vocab_size": 32000,
  "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
  "hidden_act": "silu", "max_position_embeddings": 32768, "rope_theta": 10000.0, "rms_norm_eps": 1e-5, "sliding_window": null,
  "tie_word_embeddings": false})";
constexpr const char* smollm2_135m =
    R"({"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 49152,
  "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
  "hidden_act": "silu", "max_position_embeddings": 8192, "rope_theta": 100000, "rms_norm_eps": 1e-5,
  "tie_word_embeddings": true})";
constexpr const char* tiny = R"({"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 1024,
  "hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
  "hidden_act": "silu", "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "tie_word_embeddings": true})";

constexpr Shape shapes[] = {
    {"pythia-410m-full", "Pythia-410M, all weights", Tuning::full, at::kBFloat16, 8, 4, 512, 256, pythia_410m},
    {"smollm2-135m-full", "SmolLM2-135M, all weights", Tuning::full, at::kFloat, 1, 8, 64, 38, smollm2_135m},
    {"qlora-7b", "Mistral-7B, QLoRA", Tuning::qlora, at::kBFloat16, 4, 4, 512, 256, mistral_7b},
    {"tiny", "2 blocks of 128, all weights", Tuning::full, at::kFloat, 2, 2, 32, 16, tiny},
    {"tiny-qlora", "2 blocks of 128, QLoRA", Tuning::qlora, at::kBFloat16, 2, 2, 32, 16, tiny},
};

/// Dense bfloat16 matrix products with float32 sums, TFLOP/s, as NVIDIA's data sheets have them; the first that a
/// card's name contains counts.
constexpr std::pair<const char*, double> known_peaks[] = {
    {"B200", 2250.0}, {"H200", 989.4},     {"H100 PCIe", 756.0}, {"H100 NVL", 835.0}, {"H100", 989.4},
    {"A100", 312.0},  {"A30", 165.0},      {"A10G", 70.0},       {"A10", 125.0},      {"L40S", 362.05},
    {"L4", 121.0},    {"RTX 4090", 165.2}, {"RTX 3090", 71.0}};

double peak_of(const std::string& card, double asked) {
  if (asked > 0) return asked;
  for (const auto& [name, peak] : known_peaks)
    if (card.find(name) != std::string::npos) return peak;
  return 0;
}

/// Floating-point operations of one pair's training step as the mathematics needs them: what is computed again for
/// memory's sake, or for scores, is not counted.
double operations_per_pair(const model::ModelConfig& c, const Shape& shape, const memory::ParameterCounts& counts) {
  const auto prompt = static_cast<double>(shape.prompt), response = static_cast<double>(shape.response);
  const double rows = prompt + 2 * (response - 1), scored = 2 * response;
  const bool full = shape.tuning == Tuning::full;
  // Forward, the inputs' gradient and, where they are trained, the weights' own: 2 operations per weight and row each.
  const double blocks =
      rows * (static_cast<double>(counts.projections) * (full ? 6 : 4) + static_cast<double>(counts.adapters) * 6);
  const double head = scored * static_cast<double>(c.vocab_size * c.hidden_size) * (full ? 6 : 4);
  const double visible = prompt * prompt / 2 + 2 * (response * prompt + response * response / 2);
  // Two products forward, four backward.
  const double attention = 12.0 * visible * static_cast<double>(c.heads * c.head_dim * c.layers);
  return blocks + head + attention;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

const Shape& shape_of(const std::string& name) {
  for (const Shape& shape : shapes)
    if (name == shape.name) return shape;
  throw SpecError(Message::plain("--shape " + name + ": there is none of this name; allowed are " + shape_names()));
}

std::vector<data::TokenPair> random_pairs(std::size_t count, const Shape& shape, std::int64_t vocabulary) {
  std::mt19937 random(11);
  std::uniform_int_distribution<text::TokenId> id(0, static_cast<text::TokenId>(vocabulary - 1));
  std::vector<data::TokenPair> pairs(count);
  for (data::TokenPair& pair : pairs) {
    pair.prompt.resize(shape.prompt);
    pair.chosen.resize(shape.response);
    pair.rejected.resize(shape.response);
    for (auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected})
      for (text::TokenId& value : *ids) value = id(random);
  }
  return pairs;
}

/// A step engine with its own calibration; those of one model take turns.
struct Side {
  Calibration calibration;
  step::StepEngine engine;
  Side(model::Decoder& model, const Objective& objective, const step::StepSettings& settings, bool calibrate)
      : calibration({calibrate, 0.98, true}), engine(model, objective, calibration, settings) {}
};

}  // namespace

std::string shape_names() {
  std::string names;
  for (const Shape& shape : shapes) names += (names.empty() ? "" : ", ") + std::string(shape.name);
  return names;
}

void measure_shape(const ShapeOptions& options) {
  const Shape& shape = shape_of(options.shape);
  Message reason;
  const at::Device device = trainer::resolve_device(options.device, reason);
  const std::string card = device.is_cuda() ? cuda::device_kernels()->describe(device.index()) : processor();
  std::printf("device %s: %s\n", device.str().c_str(), reason.english().c_str());

  std::unique_ptr<model::Decoder> model;
  {
    const Folder folder;
    write_random_model(folder.path(), shape.config);
    model::Decoder::Options load;
    load.compute = shape.compute;
    load.device = device;
    load.train_all = shape.tuning == Tuning::full;
    load.quantize = shape.tuning == Tuning::qlora;
    model = model::Decoder::load(folder.path(), load);
  }
  const LoraSpec lora;
  if (shape.tuning != Tuning::full) model::add_adapter(*model, lora, at::detail::createCPUGenerator(1));
  const memory::ParameterCounts counts = memory::count_parameters(model->config(), shape.tuning, lora);
  step::StepSettings settings;
  settings.adapters = shape.tuning != Tuning::full;
  settings.chunk = likelihood::head_chunk(device.type(), model->options().compute);
  settings.micro_batch = options.micro_batch > 0 ? options.micro_batch : shape.micro_batch;
  const auto batch_size = static_cast<std::size_t>(settings.micro_batch * shape.batches);
  step::StepSettings alone = settings;
  if (options.pass_tokens > 0) settings.micro_batch = alone.micro_batch = 1, settings.pass_tokens = options.pass_tokens;
  const std::unique_ptr<Objective> objective =
      find_objective("dpo")->make({{"beta", 0.1}, {"label_smoothing", 0.0}}, Likelihood::mean);
  const std::vector<data::TokenPair> pairs = random_pairs(batch_size, shape, model->config().vocab_size);
  std::vector<const data::TokenPair*> batch;
  for (const data::TokenPair& pair : pairs) batch.push_back(&pair);
  std::vector<likelihood::TokenLogProbs> reference;
  std::size_t begin = 0;
  const step::StepPlan plan(settings, static_cast<std::int64_t>(batch_size), 1);
  for (const std::size_t count : step::passes(batch, step::pass_limits(settings, plan, model->head().rows()))) {
    for (likelihood::TokenLogProbs& values :
         likelihood::log_probs_of(*model, false, std::span(batch).subspan(begin, count)))
      reference.push_back(std::move(values));
    begin += count;
  }
  std::vector<const likelihood::TokenLogProbs*> references;
  for (const likelihood::TokenLogProbs& values : reference) references.push_back(&values);

  Side off(*model, *objective, settings, false), on(*model, *objective, settings, true),
      apart(*model, *objective, alone, true);
  optimizer::AdamW optimizer(model->trained(), RunSpec::Optimizer{});
  const auto step = [&](Side& side) {
    return [&](int) {
      const step::StepOutcome outcome = side.engine.run(batch, references);
      optimizer.step(1e-7, outcome.row[Column::grad_norm], 0.0);
      model->trained().front()->value.flatten()[0].item<float>();  // waits for the device
    };
  };
  std::vector<std::function<void(int)>> sides = {step(off), step(on)};
  if (options.pass_tokens > 0) sides.push_back(step(apart));
  const auto times = alternating(options.rounds, sides);

  const double per_pair = static_cast<double>(shape.prompt + 2 * shape.response), peak = peak_of(card, options.peak);
  const double operations = operations_per_pair(model->config(), shape, counts) * static_cast<double>(batch_size);
  std::printf(
      "%s on %s, %s: %lld weights, %lld trained, steps of %lld x %lld pairs of %zu + %zu + %zu ids, medians of %d "
      "steps\n",
      shape.title, card.c_str(), today().c_str(), static_cast<long long>(counts.weights),
      static_cast<long long>(settings.adapters ? counts.adapters : counts.weights),
      static_cast<long long>(plan.own_batches), static_cast<long long>(settings.micro_batch), shape.prompt,
      shape.response, shape.response, options.rounds);
  if (peak == 0) std::printf("(no bfloat16 peak is known for this device: --peak TFLOPS gives it)\n");
  std::printf(
      "\n| shape | device | date | type | RC | tokens/s | TFLOP/s | of bfloat16 peak | peak memory |\n"
      "| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: |\n");
  for (const bool calibrate : {false, true}) {
    const double seconds = times[calibrate ? 1 : 0].wall, speed = 1e-12 * operations / seconds;
    char share[32] = "–";
    if (peak > 0) std::snprintf(share, sizeof share, "%.1f %%", 100 * speed / peak);
    std::printf("| %s | %s | %s | %s | %s | %.0f | %.3g | %s | %.2f GiB |\n", shape.title, card.c_str(),
                today().c_str(), shape.compute == at::kBFloat16 ? "bfloat16" : "float32", calibrate ? "on" : "off",
                per_pair * static_cast<double>(batch_size) / seconds, speed, share,
                trainer::peak_memory(device) / 1073741824.0);
  }
  std::printf("\nRC on takes %+.2f %% of the time without.\n", 100 * (times[1].wall / times[0].wall - 1));
  if (options.pass_tokens > 0)
    std::printf(
        "Passes of at most %lld tokens, RC on: %.3f s a pair (%.3f s of processor); a pass per pair: %.3f (%.3f); "
        "ratio "
        "%.3f (processor time %.3f).\n",
        static_cast<long long>(options.pass_tokens), times[1].wall / static_cast<double>(batch_size),
        times[1].cpu / static_cast<double>(batch_size), times[2].wall / static_cast<double>(batch_size),
        times[2].cpu / static_cast<double>(batch_size), times[2].wall / times[1].wall, times[2].cpu / times[1].cpu);
}

}  // namespace bandscope::benchmark
