// SPDX-License-Identifier: Apache-2.0
#include "training/plan/plan.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/json.h"
#include "core/spec/key_rules.h"
#include "core/spec/objective_choice.h"
#include "training/errors/plain_reason.h"
#include "training/memory/attention_bytes.h"
#include "training/memory/pass_tokens.h"
#include "training/model/adapter_config.h"
#include "training/model/adapter_modules.h"
#include "training/plan/lengths.h"
#include "training/plan/warm_up.h"
#include "training/trainer/environment.h"
#include "training/trainer/sampler.h"

namespace bandscope::plan {
namespace {

/// Bytes that programs can still get on this machine; 0 where the system does not say.
std::int64_t available_memory() {
  std::ifstream in("/proc/meminfo");
  std::string key, unit;
  for (std::int64_t kib = 0; in >> key >> kib; std::getline(in, unit))
    if (key == "MemAvailable:") return kib * 1024;
  return 0;
}

bool has_weights(const std::filesystem::path& model) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(model, error))
    if (entry.path().extension() == ".safetensors") return true;
  return false;
}

/// Those of the spec's model, with the adapter that it trains: its own, or one of the shape that it starts from.
memory::ParameterCounts counts_of(const model::ModelConfig& config, const RunSpec& spec) {
  if (spec.model.adapter.empty()) return memory::count_parameters(config, spec.model.tuning, spec.model.lora);
  const model::AdapterConfig adapter = model::AdapterConfig::read(spec.model.adapter);
  std::map<std::string, int> ranks;
  for (const std::string& module : model::adapted_modules(config, spec.model.adapter))
    ranks[module] = adapter.rank_of(module);
  return memory::count_parameters(config, spec.model.tuning, spec.model.lora, &ranks);
}

/// The spec but for what does not change how long a step takes: runs of a sweep that agree are measured once.
std::string what_takes_time(RunSpec spec) {
  const RunSpec defaults;
  const TokenStatistic statistic = token_statistic(spec.objective);
  spec.run = defaults.run;
  spec.objective = defaults.objective;
  spec.calibration.enabled = true;
  spec.calibration.momentum = defaults.calibration.momentum;
  spec.scores.after_update = defaults.scores.after_update;  // a forward pass more, which is measured by itself
  spec.optimizer = defaults.optimizer;
  spec.probe = defaults.probe;
  spec.checkpoint = defaults.checkpoint;
  return to_toml(spec) + std::to_string(static_cast<int>(statistic));
}

class Planner {
 public:
  explicit Planner(const PlanOptions& options) : options_(options) {}

  RunPlan plan(const RunSpec& spec) {
    RunPlan plan;
    plan.name = spec.run.name;
    plan.model = spec.model.path.string();
    plan.processes = options_.processes;
    check_processes(spec);
    bool usable = true;
    const model::ModelConfig config = model::ModelConfig::load(spec.model.path);
    plan.notes = config.notes;
    plan.device = device_of(spec, plan, usable);
    const memory::ParameterCounts counts = counts_of(config, spec);
    plan.parameters = counts.weights;
    plan.trainable = spec.model.tuning == Tuning::full ? counts.weights : counts.adapters;
    const DataLengths& data = lengths(spec, plan);
    plan.steps = trainer::total_steps(spec.training, data.pairs);
    plan.memory = memory_of(config, spec, counts, data, plan, usable);
    double tokens = 0;
    for (const PairLengths& pair : data.sample) tokens += static_cast<double>(pair.tokens());
    const double per_pair = tokens / static_cast<double>(data.sample.size());
    plan.tokens_per_step = per_pair * static_cast<double>(spec.training.batch_size);
    if (const WarmUp* speed = measured(spec, plan, usable))
      add_times(plan, spec, *speed, per_pair, data.pairs);
    else if (spec.scores.after_update)
      plan.notes.push_back(
          Message::tr("scores.after_update adds a forward pass to every step, about a third of its time"));
    return plan;
  }

 private:
  void check_processes(const RunSpec& spec) const {
    const std::int64_t share = static_cast<std::int64_t>(options_.processes) * spec.training.micro_batch;
    if (spec.training.batch_size % share != 0)
      throw key_error("training.batch_size",
                      Message::tr("%1 does not divide into micro-batches of %2 for %3 processes",
                                  spec.training.batch_size, spec.training.micro_batch, options_.processes));
  }

  std::string device_of(const RunSpec& spec, RunPlan& plan, bool& usable) const {
    Message reason;
    try {
      return trainer::resolve_device(spec.run.device, reason).str();
    } catch (const SpecError&) {
      // A plan for a machine's GPU is asked for on the machine beside it as well.
      usable = false;
      plan.notes.push_back(
          Message::tr("the device \"%1\" is not usable here, so that no time was measured", spec.run.device));
      return spec.run.device;
    }
  }

  const DataLengths& lengths(const RunSpec& spec, RunPlan& plan) {
    const std::string key = fmt::format("{}|{}|{}|{}|{}", spec.model.path.string(), spec.data.train.string(),
                                        spec.data.limit, spec.data.max_length, spec.data.max_prompt_length);
    auto found = lengths_.find(key);
    if (found == lengths_.end()) {
      options_.progress(Message::tr("%1: reading %2", spec.run.name, spec.data.train));
      found = lengths_.emplace(key, read_lengths(spec)).first;
    }
    const DataLengths& data = found->second;
    if (data.assumed)
      plan.notes.push_back(
          Message::tr("the model folder has no tokenizer.json: every pair is taken to have the %1 + %2 + %3 ids that "
                      "data.max_length and data.max_prompt_length allow",
                      data.sample[0].prompt, data.sample[0].chosen, data.sample[0].rejected));
    if (data.estimated)
      plan.notes.push_back(Message::tr("lengths and usable rows are those of the first %1 pairs", data.sample.size()));
    return data;
  }

  memory::MemoryPlan memory_of(const model::ModelConfig& config, const RunSpec& as_asked,
                               const memory::ParameterCounts& counts, const DataLengths& data, RunPlan& plan,
                               bool usable) const {
    RunSpec spec = as_asked;
    spec.run.device = plan.device;
    const step::StepPlan step = step::step_plan(spec, options_.processes);
    step::StepSettings settings = step::step_settings(spec, memory::device_type(spec));
    std::optional<std::int64_t> free = usable ? trainer::free_memory(at::Device(plan.device)) : std::nullopt;
    if (free) *free -= memory::loaded_bytes(spec, counts);
    settings.pass_tokens = memory::pass_tokens(config, spec, counts, options_.processes, free);
    memory::settle_recomputed_blocks(spec, config, counts, options_.processes, free, settings.pass_tokens);
    plan.recomputed_blocks = memory::recomputed_blocks(config, spec);
    const step::PassLimits limits = step::pass_limits(settings, step, config.vocab_size);
    if (limits.shared) plan.pass_tokens = limits.tokens;
    const auto steps = plan::steps(spec, data);
    const auto all = passes(steps, limits);
    const auto largest = std::ranges::max_element(all, {}, [&](const std::vector<PairLengths>& pass) {
      return memory::passing_bytes(config, spec, counts, step, pass);
    });
    std::int64_t most_scored = 0;  // rows of a step
    for (const std::vector<PairLengths>& pairs : steps) {
      std::int64_t scored = 0;
      for (const PairLengths& pair : pairs) scored += pair.scored();
      most_scored = std::max(most_scored, scored);
    }
    memory::MemoryPlan memory = memory::plan_memory(config, spec, counts, *largest, options_.processes, most_scored);
    memory.weights +=
        std::min(counts.projections * memory::compute_bytes(spec),
                 memory::room_for_copies(config, spec, counts, options_.processes, free, settings.pass_tokens));
    return memory;
  }

  /// nullptr, with a note that says why, where nothing is measured.
  const WarmUp* measured(const RunSpec& spec, RunPlan& plan, bool usable) {
    if (!options_.warm_up || !usable) return nullptr;
    if (!has_weights(spec.model.path) || !std::filesystem::exists(spec.model.path / "tokenizer.json")) {
      plan.notes.push_back(
          Message::tr("the model folder has no weights or no tokenizer.json, so that no time was measured"));
      return nullptr;
    }
    const std::int64_t free = available_memory();
    if (plan.device == "cpu" && free > 0 && plan.memory.total() > free) {
      const auto gib = [](std::int64_t bytes) { return fmt::format("{:.1f}", static_cast<double>(bytes) / (1 << 30)); };
      plan.notes.push_back(Message::tr("%1 GiB are needed where %2 GiB are free, so that no time was measured",
                                       gib(plan.memory.total()), gib(free)));
      return nullptr;
    }
    const std::string key = what_takes_time(spec);
    auto found = speeds_.find(key);
    if (found == speeds_.end()) {
      options_.progress(Message::tr("%1: measuring some steps", spec.run.name));
      try {
        found = speeds_.emplace(key, measure_warm_up(spec, options_.warm_up_seconds, options_.cancelled)).first;
      } catch (const SpecError&) {
        throw;
      } catch (const DataError&) {
        throw;
      } catch (const std::exception& error) {
        // A device without room for the run is what a plan is there to tell.
        plan.notes.push_back(
            Message::tr("no time was measured: %1", errors::plain_reason(error, Message::tr("measuring some steps"))));
        return nullptr;
      }
    }
    return found->second.steps > 0 ? &found->second : nullptr;
  }

  void add_times(RunPlan& plan, const RunSpec& spec, const WarmUp& speed, double tokens_per_pair,
                 std::int64_t pairs) const {
    const double shares = plan.processes;
    plan.seconds_per_step = speed.seconds_per_token * plan.tokens_per_step / shares + speed.seconds_fixed;
    if (spec.scores.after_update) {
      const double again = speed.forward_per_token * plan.tokens_per_step / shares;
      *plan.seconds_per_step += again;
      plan.notes.push_back(Message::tr("scores.after_update adds a forward pass to every step, %1 % of its time",
                                       std::lround(100 * again / *plan.seconds_per_step)));
    }
    const auto steps = static_cast<double>(plan.steps);
    const double visited = std::min(static_cast<double>(pairs), steps * static_cast<double>(spec.training.batch_size));
    plan.reference_seconds =
        spec.training.precompute_reference ? visited * tokens_per_pair * speed.forward_per_token / shares : 0.0;
    double probing = 0;
    if (!spec.data.probe.empty() && spec.probe.every > 0) {
      // Before the first step, every so many steps, and at the end; and once more for the reference.
      const double times = 2.0 + std::ceil(steps / static_cast<double>(spec.probe.every));
      probing = times * static_cast<double>(spec.probe.pairs) * tokens_per_pair * speed.forward_per_token / shares;
    }
    plan.seconds_total = steps * *plan.seconds_per_step + *plan.reference_seconds + probing;
    Message measured = Message::tr("%1 measured steps, %2 pairs each", speed.steps, speed.pairs);
    if (plan.processes > 1) measured = Message::tr("%1 on one process, shared evenly", measured);
    plan.notes.push_back(Message::tr("time follows from %1; checkpoints are not in it", measured));
  }

  const PlanOptions& options_;
  std::map<std::string, DataLengths> lengths_;
  std::map<std::string, WarmUp> speeds_;
};

}  // namespace

std::vector<RunPlan> plan_runs(const std::vector<RunSpec>& specs, const PlanOptions& options) {
  Planner planner(options);
  std::vector<RunPlan> plans;
  for (const RunSpec& spec : specs) plans.push_back(planner.plan(spec));
  return plans;
}

}  // namespace bandscope::plan
