// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/prepare.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/spec/key_rules.h"
#include "core/spec/objective_choice.h"
#include "training/evaluation/evaluate.h"
#include "training/memory/pass_tokens.h"
#include "training/quant/bitsandbytes.h"
#include "training/trainer/environment.h"
#include "training/trainer/sampler.h"

namespace bandscope::trainer {
namespace {

void check_vocabulary(const PreparedRun& run) {
  const std::int64_t vocab = run.policy->config().vocab_size;
  for (const data::PairSet* set : {&run.train, &run.probe})
    for (const data::TokenPair& pair : set->pairs)
      for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected, &pair.rejected_prompt})
        for (text::TokenId id : *ids)
          if (id < 0 || id >= vocab)
            throw DataError(Message::at(
                run.spec.model.path,
                Message::tr("the tokenizer gives id %1 (row %2 of the data) where the model has %3 embeddings", id,
                            pair.row, vocab)));
}

model::Decoder::Options decoder_options(const RunSpec& spec, at::Device device, bool train_all) {
  model::Decoder::Options options;
  options.compute = spec.model.dtype == Dtype::bfloat16 ? at::kBFloat16 : at::kFloat;
  options.device = device;
  options.train_all = train_all;
  options.quantize = spec.model.tuning == Tuning::qlora;
  return options;
}

/// [model.lora] of a run that starts from an adapter is that adapter's, so that the spec says what is trained. Which
/// keys were given is not known, as a resolved spec has all of them: a value that is not the default was asked for.
void take_adapters_settings(RunSpec& spec, const model::AdapterConfig& adapter) {
  RunSpec own = spec;
  LoraSpec& lora = own.model.lora;
  lora.rank = adapter.rank;
  // PEFT has alphas that a spec has not.
  if (adapter.alpha > 0 && std::isfinite(adapter.alpha)) lora.alpha = adapter.alpha;
  lora.rslora = adapter.rslora;
  lora.targets = adapter.targets;
  std::ranges::sort(lora.targets);
  std::ranges::sort(spec.model.lora.targets);
  for (const char* key : {"model.lora.rank", "model.lora.alpha", "model.lora.rslora", "model.lora.targets"}) {
    const KeyRule& rule = *find_rule(key);
    const std::string given = rule.write(spec), is = rule.write(own);
    if (given == is || given == rule.write(RunSpec())) continue;
    throw key_error(key,
                    Message::tr("%1 is given, but the adapter to start from (model.adapter), %2, has %3; leave the key "
                                "out, or train a fresh adapter",
                                given, spec.model.adapter, is));
  }
  spec.model.lora = lora;
}

/// Contexts are written before the model is loaded: what is wrong with a task is said at once.
void build_benchmarks(PreparedRun& run) {
  const RunSpec::Evaluation& spec = run.spec.evaluation;
  if (spec.tasks.empty()) return;
  run.tasks = evaluation::load_tasks(spec.tasks);
  evaluation::TaskOptions options;
  options.data = spec.data;
  options.limit = spec.limit;
  if (spec.shots >= 0) options.shots = spec.shots;
  for (const evaluation::TaskConfig& task : run.tasks.tasks)
    run.benchmarks.push_back(evaluation::build_task(task, options));
}

/// What only the model can say of a task, by the process that will evaluate it.
void check_benchmarks(const PreparedRun& run) {
  if (run.benchmarks.empty()) return;
  const evaluation::LanguageModel model = evaluation::language_model(*run.policy, *run.tokenizer, run.spec.model.path);
  for (const evaluation::BuiltTask& task : run.benchmarks) evaluation::check(model, task);
}

/// Most ids of a pass that pairs share, as the spec says or the device's memory allows; and what it allows beside them.
std::int64_t share_out_memory(const PreparedRun& run) {
  const std::optional<std::int64_t> free = free_memory(run.device);
  RunSpec spec = run.spec;
  spec.run.device = run.device.str();
  if (!free) {
    run.policy->recompute(memory::recomputed_blocks(run.policy->config(), spec));
    return memory::pass_tokens(run.policy->config(), spec, {}, run.processes, free);
  }
  std::map<std::string, int> ranks;
  for (const model::Linear* layer : run.policy->projections())
    if (layer->lora) ranks[layer->name] = static_cast<int>(layer->lora->a->rows());
  const model::ModelConfig& config = run.policy->config();
  const memory::ParameterCounts counts = memory::count_parameters(config, spec.model.tuning, spec.model.lora, &ranks);
  const std::int64_t tokens = memory::pass_tokens(config, spec, counts, run.processes, free);
  memory::settle_recomputed_blocks(spec, config, counts, run.processes, free, tokens);
  const std::int64_t blocks = memory::recomputed_blocks(config, spec);
  run.policy->recompute(blocks);
  if (run.spec.model.gradient_checkpointing)
    spdlog::info("{}: {} of {} blocks run again in the backward pass", run.spec.run.name, blocks, config.layers);
  const std::int64_t kept =
      run.policy->keep_in_full(memory::room_for_copies(config, spec, counts, run.processes, free, tokens));
  if (kept > 0)
    spdlog::info("{}: {:.1f} GiB of 4-bit weights are also kept in full", run.spec.run.name,
                 static_cast<double>(kept) / (1 << 30));
  return tokens;
}

}  // namespace

std::vector<DrawnPair> PreparedRun::part_of(std::int64_t step) const {
  const std::int64_t own = spec.training.batch_size / processes;
  const std::int64_t begin = (step - 1) * spec.training.batch_size + own * rank;
  const auto chosen = order.range(begin, own);
  const auto rejected = train.unpaired() ? rejected_order.range(begin, own) : chosen;
  std::vector<DrawnPair> part;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    part.push_back({static_cast<std::size_t>(chosen[i]), static_cast<std::size_t>(rejected[i])});
  return part;
}

const data::TokenPair* PreparedRun::pair_of(const DrawnPair& drawn, std::deque<data::TokenPair>& made) const {
  if (drawn.chosen == drawn.rejected) return &train.pairs[drawn.chosen];
  return &made.emplace_back(data::joined(train.pairs[drawn.chosen], train.pairs[drawn.rejected]));
}

StepBatch PreparedRun::batch_of(std::int64_t step) const {
  StepBatch batch;
  for (const DrawnPair& drawn : part_of(step)) {
    batch.pairs.push_back(pair_of(drawn, batch.made));
    if (references.empty()) continue;
    if (drawn.chosen == drawn.rejected) {
      batch.references.push_back(&references[drawn.chosen]);
      continue;
    }
    batch.references.push_back(&batch.made_references.emplace_back(
        likelihood::TokenLogProbs{references[drawn.chosen].chosen, references[drawn.rejected].rejected}));
  }
  return batch;
}

std::vector<PreparedRun::ProbeChunk> PreparedRun::probe_chunks() const {
  std::vector<ProbeChunk> chunks;
  const std::size_t count = probe.pairs.size();
  for (std::size_t begin = static_cast<std::size_t>(rank) * kProbeChunk; begin < count;
       begin += static_cast<std::size_t>(processes) * kProbeChunk) {
    ProbeChunk& chunk = chunks.emplace_back();
    chunk.begin = begin;
    for (std::size_t i = begin; i < std::min(begin + kProbeChunk, count); ++i) chunk.pairs.push_back(&probe.pairs[i]);
  }
  return chunks;
}

PreparedRun prepare_run(const RunSpec& spec, parallel::Group* group) {
  PreparedRun run;
  run.spec = spec;
  if (group) run.rank = group->rank(), run.processes = group->size();
  if (spec.training.batch_size % (run.processes * spec.training.micro_batch) != 0)
    throw key_error("training.batch_size",
                    Message::tr("%1 does not divide into micro-batches of %2 for %3 processes",
                                spec.training.batch_size, spec.training.micro_batch, run.processes));
  run.device = resolve_device(spec.run.device, run.device_reason);
  // Each process of a machine takes the GPU of its own number.
  if (group && !group->alone() && run.device.is_cuda() && spec.run.device.find(':') == std::string::npos)
    run.device = at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(
                                           group->local_rank() %
                                           at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount()));
  // What asks for no device takes the current one.
  if (run.device.is_cuda()) c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).setDevice(run.device);
  begin_peak_memory(run.device);
  if (spec.optimizer.name != "adamw")
    quant::BitsAndBytes::load(run.device);  // what it lacks is said before anything is prepared
  run.objective = make_objective(spec.objective);
  run.tokenizer = text::Tokenizer::load(spec.model.path);
  const bool own_prompts = objective_info(spec.objective).unpaired;
  const data::PairOptions options{spec.data.limit, spec.data.max_length, spec.data.max_prompt_length, own_prompts,
                                  spec.objective.name};
  run.train = data::load_pairs({spec.data.train, spec.data.split}, *run.tokenizer, options);
  if (!spec.data.probe.empty() && spec.probe.every > 0)
    run.probe = data::load_pairs(
        {spec.data.probe, spec.data.probe_split}, *run.tokenizer,
        {spec.probe.pairs, spec.data.max_length, spec.data.max_prompt_length, own_prompts, spec.objective.name});

  build_benchmarks(run);

  const bool full = spec.model.tuning == Tuning::full;
  model::Decoder::Options model_options = decoder_options(spec, run.device, full);
  run.policy = model::Decoder::load(spec.model.path, model_options);
  check_vocabulary(run);
  if (run.rank == 0) check_benchmarks(run);
  run.hashes = model_hashes(spec.model.path);
  if (!full) {
    run.adapter = spec.model.adapter.empty()
                      ? model::add_adapter(*run.policy, spec.model.lora, at::detail::createCPUGenerator(spec.run.seed))
                      : model::load_adapter(*run.policy, spec.model.adapter);
    if (!spec.model.adapter.empty()) take_adapters_settings(run.spec, *run.adapter);
  }
  if (!spec.model.reference.empty()) {
    run.reference = model::Decoder::load(spec.model.reference, decoder_options(spec, run.device, false));
    if (run.reference->config().vocab_size != run.policy->config().vocab_size)
      throw DataError(Message::at(
          spec.model.reference,
          Message::tr("this reference model (model.reference) has a vocabulary of %1 entries where the model %2 has %3",
                      run.reference->config().vocab_size, spec.model.path, run.policy->config().vocab_size)));
  } else if (full && step::reference_online(spec)) {
    run.reference = model::Decoder::load(spec.model.path, decoder_options(spec, run.device, false));
  }

  run.steps = total_steps(spec.training, static_cast<std::int64_t>(run.train.pairs.size()));
  const bool unpaired = run.train.unpaired();
  run.order = SampleOrder(unpaired ? run.train.desirable : static_cast<std::int64_t>(run.train.pairs.size()),
                          spec.data.shuffle, spec.run.seed);
  // An order of its own: otherwise two kinds of equal number would come in the same pairs each epoch.
  if (unpaired) run.rejected_order = SampleOrder(run.train.undesirable, spec.data.shuffle, ~spec.run.seed);
  run.settings = step::step_settings(spec, run.device.type());
  run.plan = step::step_plan(spec, run.processes);
  run.settings.pass_tokens = share_out_memory(run);
  if (spec.parallel.zero == 3 && run.processes > 1) {
    // The greatest length of each part: one pair may have them all, where rows are of one response.
    data::PairLengths most;
    for (const data::TokenPair& pair : run.train.pairs) {
      const data::PairLengths own = data::lengths_of(pair);
      most.prompt = std::max(most.prompt, own.prompt);
      most.chosen = std::max(most.chosen, own.chosen);
      most.rejected = std::max(most.rejected, own.rejected);
      most.rejected_prompt = std::max(most.rejected_prompt, unpaired ? own.prompt : own.rejected_prompt);
    }
    run.settings.longest_tokens = most.tokens();
    run.settings.longest_scored = most.scored();
  }
  return run;
}

}  // namespace bandscope::trainer
