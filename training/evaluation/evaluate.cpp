// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/evaluate.h"

#include "core/error.h"
#include "training/evaluation/generator.h"
#include "training/evaluation/likelihood_tree.h"

namespace bandscope::evaluation {
namespace {

[[noreturn]] void fail_at(const BuiltTask& task, const TaskItem& item, const DataError& error) {
  throw DataError(Message::tr("task %1, document %2: %3", task.config.name, item.doc, error.message()));
}

/// Every choice of every document, in their order.
std::vector<LikelihoodRequest> likelihood_requests(const LanguageModel& model, const BuiltTask& task) {
  std::vector<LikelihoodRequest> requests;
  for (const TaskItem& item : task.items) {
    for (const std::string& continuation : item.continuations) {
      try {
        requests.push_back(likelihood_request(model, item.context, continuation));
      } catch (const DataError& error) {
        fail_at(task, item, error);
      }
    }
  }
  return requests;
}

std::vector<Answers> ask_likelihoods(const LanguageModel& model, const BuiltTask& task, const TaskProgress& progress) {
  const std::vector<LikelihoodAnswer> found = log_likelihoods(model, likelihood_requests(model, task), progress);
  std::vector<Answers> answers(task.items.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < task.items.size(); ++i) {
    for (std::size_t c = 0; c < task.items[i].continuations.size(); ++c, ++at) {
      answers[i].log_likelihoods.push_back(found[at].log_likelihood);
      answers[i].greedy.push_back(found[at].greedy);
    }
  }
  return answers;
}

/// What is not drawn comes out the same each time.
std::int64_t draws_of(const TaskConfig& task) { return task.generation.sample ? task.repeats : 1; }

/// draws_of() requests for every document, in their order.
std::vector<GenerationRequest> generation_requests(const LanguageModel& model, const BuiltTask& task) {
  const GenerationSpec& spec = task.config.generation;
  std::vector<GenerationRequest> requests;
  for (const TaskItem& item : task.items) {
    GenerationRequest request;
    try {
      request.prompt = prompt_ids(model, item.context, spec.max_tokens);
    } catch (const DataError& error) {
      fail_at(task, item, error);
    }
    request.until = spec.until;
    request.max_tokens = spec.max_tokens;
    request.sample = spec.sample;
    request.temperature = spec.temperature;
    request.top_p = spec.top_p.value_or(model.top_p);
    request.top_k = model.top_k;
    for (std::int64_t draw = 0; draw < draws_of(task.config); ++draw) {
      request.seed = static_cast<std::uint64_t>(item.doc) * 1'000'003 + static_cast<std::uint64_t>(draw);
      requests.push_back(request);
    }
  }
  return requests;
}

std::vector<Answers> ask_texts(const LanguageModel& model, const BuiltTask& task, const TaskProgress& progress) {
  const std::vector<GenerationRequest> requests = generation_requests(model, task);
  std::int64_t done = 0;
  const std::vector<std::string> texts = generate(model, requests, [&](std::size_t, const std::string&, std::int64_t) {
    if (progress) progress(++done, static_cast<std::int64_t>(requests.size()));
  });
  const auto draws = static_cast<std::size_t>(draws_of(task.config));
  std::vector<Answers> answers(task.items.size());
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (std::int64_t repeat = 0; repeat < task.config.repeats; ++repeat)
      answers[i].texts.push_back(texts[i * draws + static_cast<std::size_t>(repeat) % draws]);
  return answers;
}

}  // namespace

void check(const LanguageModel& model, const BuiltTask& task) {
  for (const TaskItem& item : task.items) {
    try {
      if (task.config.output == OutputType::generate_until)
        prompt_ids(model, item.context, task.config.generation.max_tokens);
      for (const std::string& continuation : item.continuations) likelihood_request(model, item.context, continuation);
    } catch (const DataError& error) {
      fail_at(task, item, error);
    }
  }
}

std::vector<Answers> ask(const LanguageModel& model, const BuiltTask& task, const TaskProgress& progress) {
  return task.config.output == OutputType::generate_until ? ask_texts(model, task, progress)
                                                          : ask_likelihoods(model, task, progress);
}

TaskResult evaluate(const LanguageModel& model, BuiltTask task, const TaskProgress& progress) {
  TaskResult result;
  result.answers = ask(model, task, progress);
  result.task = std::move(task);
  score(result);
  return result;
}

}  // namespace bandscope::evaluation
