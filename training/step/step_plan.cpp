// SPDX-License-Identifier: Apache-2.0
#include "training/step/step_plan.h"

#include "core/spec/objective_choice.h"
#include "training/model/projection_sums.h"

namespace bandscope::step {

StepSettings step_settings(const RunSpec& spec, c10::DeviceType device) {
  const bool adapters = spec.model.tuning != Tuning::full;
  StepSettings settings;
  settings.likelihood = spec.objective.likelihood;
  settings.statistic = token_statistic(spec.objective);
  settings.kl_alpha = settings.statistic == TokenStatistic::kl ? spec.objective.parameters.at("alpha") : 0.0;
  settings.scope = spec.scores.scope;
  settings.layers = spec.scores.layers;
  settings.granularity = spec.calibration.granularity;
  settings.micro_batch = spec.training.micro_batch;
  settings.pass_tokens = spec.training.pass_tokens;
  settings.adapters = adapters;
  settings.lora_dropout = adapters ? spec.model.lora.dropout : 0.0;
  settings.chunk = likelihood::head_chunk(device, spec.model.dtype == Dtype::bfloat16 ? c10::kBFloat16 : c10::kFloat);
  return settings;
}

bool reference_online(const RunSpec& spec) {
  return !spec.training.precompute_reference || token_statistic(spec.objective) == TokenStatistic::kl;
}

StepPlan::StepPlan(const StepSettings& settings, std::int64_t pairs, int processes)
    : micro_batch(settings.micro_batch), own_batches(pairs / micro_batch), batches(own_batches * processes) {
  const bool all = settings.scope == ScoreScope::all;
  per_step = settings.granularity == Granularity::step && batches > 1;
  apart = all || per_step;
  weighted = micro_batch > 1 || settings.granularity == Granularity::step;
  by_pair = micro_batch == 1 && !per_step;
}

bool StepPlan::sums_in_rows(const StepSettings& settings, std::int64_t scored, std::int64_t longest,
                            std::int64_t vocabulary, std::int64_t hidden) const {
  // Rows of other processes are not at hand. A pair that is longer than a chunk has gradients of its own.
  return by_pair && !apart && !settings.adapters && own_batches == batches &&
         longest <= settings.chunk.rows(vocabulary) && model::ProjectionSums::pays(scored, hidden);
}

StepPlan step_plan(const RunSpec& spec, int processes) {
  // How a step is taken is the same on all devices.
  return {step_settings(spec, c10::DeviceType::CPU), spec.training.batch_size / processes, processes};
}

}  // namespace bandscope::step
