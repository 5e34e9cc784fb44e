// SPDX-License-Identifier: Apache-2.0
// What shared prefixes and batches are worth in evaluation: log-likelihoods of choices behind few-shot examples and
// questions against each request by itself, and answers side by side against one after the other. The model has the
// sizes of SmolLM2-135M and random weights, float32 on the CPU, or is a folder that is given; ids are random.
//
// evaluation_benchmark [MODEL_DIR] [QUESTIONS]
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "core/error.h"
#include "tests/benchmark/folder.h"
#include "tests/benchmark/random_model.h"
#include "tests/benchmark/timing.h"
#include "training/evaluation/generator.h"
#include "training/evaluation/likelihood_tree.h"
#include "training/process_setup.h"
#include "training/trainer/environment.h"

using namespace bandscope;
using namespace bandscope::evaluation;
using bandscope::benchmark::Folder;
using bandscope::benchmark::Seconds;
using bandscope::benchmark::timed;

namespace {

constexpr const char* smollm2_135m =
    R"({"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 49152, "hidden_size": 576,
  "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3,
  "hidden_act": "silu", "max_position_embeddings": 8192, "rope_theta": 100000.0, "rms_norm_eps": 1e-5,
  "tie_word_embeddings": true})";
constexpr const char* bytes_tokenizer =
    R"({"version": "1.0", "added_tokens": [{"id": 2, "content": "<end>", "special": true}], "normalizer": null,
  "pre_tokenizer": null, "decoder": null, "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}})";

using Ids = std::vector<text::TokenId>;

Ids random_ids(std::mt19937& random, std::size_t count) {
  Ids ids(count);
  for (text::TokenId& id : ids) id = static_cast<text::TokenId>(random() % 40000);
  return ids;
}

Ids joined(Ids a, const Ids& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct Shape {
  const char* name;
  std::size_t examples, question, choices, answer;
};

std::vector<LikelihoodRequest> requests_of(const Shape& shape, std::size_t questions) {
  std::mt19937 random(1);
  std::vector<LikelihoodRequest> requests;
  const Ids examples = random_ids(random, shape.examples);
  for (std::size_t q = 0; q < questions; ++q) {
    const Ids context = joined(examples, random_ids(random, shape.question));
    for (std::size_t c = 0; c < shape.choices; ++c) {
      LikelihoodRequest request;
      request.targets = random_ids(random, shape.answer);
      request.input = joined(context, Ids(request.targets.begin(), request.targets.end() - 1));
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

double tokens_of(const std::vector<LikelihoodRequest>& requests) {
  double tokens = 0;
  for (const LikelihoodRequest& request : requests) tokens += static_cast<double>(request.input.size());
  return tokens;
}

void compare_likelihoods(const LanguageModel& model, const Shape& shape, std::size_t questions) {
  // A few requests alone say what each costs; all of them would take hours.
  const auto all = requests_of(shape, questions), few = requests_of(shape, 1);
  TreeOptions alone;
  alone.share = false;
  const Seconds apart = timed([&] { log_likelihoods(model, few, nullptr, alone); });
  const Seconds shared = timed([&] { log_likelihoods(model, all); });
  const double apart_rate = tokens_of(few) / apart.wall, shared_rate = tokens_of(all) / shared.wall;
  std::printf("%-28s %6zu requests  alone %8.0f tokens/s  shared %9.0f tokens/s  %6.1f times\n", shape.name, all.size(),
              apart_rate, shared_rate, shared_rate / apart_rate);
}

void compare_answers(const LanguageModel& model, std::size_t questions) {
  std::mt19937 random(2);
  const Ids examples = random_ids(random, 900);
  std::vector<GenerationRequest> requests;
  for (std::size_t i = 0; i < questions; ++i) {
    GenerationRequest request;
    request.prompt = joined(examples, random_ids(random, 80 + random() % 40));
    request.max_tokens = static_cast<std::int64_t>(24 + random() % 48);
    requests.push_back(std::move(request));
  }
  double tokens = 0;
  const auto count = [&](std::size_t, const std::string&, std::int64_t made) { tokens += static_cast<double>(made); };
  const auto rate = [&](const std::vector<GenerationRequest>& some) {
    tokens = 0;
    const Seconds seconds = timed([&] { generate(model, some, count); });
    return tokens / seconds.wall;
  };
  const double alone = rate({requests.front()}), together = rate(requests);
  std::printf("%-28s %6zu answers   alone %8.1f tokens/s  batch  %9.1f tokens/s  %6.1f times\n", "5-shot generation",
              requests.size(), alone, together, together / alone);
}

}  // namespace

int main(int argc, char** argv) try {
  set_up_training_process(argv);
  const Folder folder;
  std::filesystem::path path = argc > 1 ? std::filesystem::path(argv[1]) : folder.path();
  const auto questions = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 64);
  if (argc <= 1) benchmark::write_random_model(path, smollm2_135m);
  const auto decoder = model::Decoder::load(path, {});
  const text::Tokenizer tokenizer = text::Tokenizer::from_text(bytes_tokenizer);
  LanguageModel model = language_model(*decoder, tokenizer, path);
  model.ends.clear();
  std::printf("%s, %s, %zu questions\n", benchmark::processor().c_str(),
              argc > 1 ? path.c_str() : "random weights of SmolLM2-135M's sizes", questions);
  compare_likelihoods(model, {"25-shot ARC-Challenge", 1400, 35, 4, 8}, questions);
  compare_likelihoods(model, {"5-shot MMLU-Pro", 900, 220, 10, 1}, questions);
  compare_likelihoods(model, {"0-shot MuSR", 0, 1000, 3, 4}, std::max<std::size_t>(1, questions / 16));
  compare_answers(model, questions);
  std::printf("weights %.0f MiB, peak memory %.0f MiB\n",
              4.0 * static_cast<double>(decoder->weight_count()) / (1 << 20),
              trainer::peak_memory(at::kCPU) / (1 << 20));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "evaluation_benchmark: %s\n", error.what());
  return 1;
}
