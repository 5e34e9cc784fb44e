// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/prepare.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "core/cache_folder.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/spec/objective_choice.h"
#include "training/memory/pass_tokens.h"
#include "training/quant/bitsandbytes.h"
#include "training/trainer/environment.h"
#include "training/trainer/sampler.h"

namespace bandscope::trainer {
namespace {

constexpr std::size_t probe_chunk = 4;  // pairs

void check_vocabulary(const PreparedRun& run) {
  const std::int64_t vocab = run.policy->config().vocab_size;
  for (const data::PairSet* set : {&run.train, &run.probe})
    for (const data::TokenPair& pair : set->pairs)
      for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected})
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
  options.gradient_checkpointing = train_all ? spec.model.gradient_checkpointing : false;
  return options;
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

std::string reference_key(const PreparedRun& run, const std::vector<std::vector<std::size_t>>& batches) {
  std::string rows;
  for (const auto& batch : batches) {
    for (std::size_t index : batch) {
      const data::TokenPair& pair = run.train.pairs[index];
      rows += std::to_string(pair.row) + ":";
      for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected}) {
        for (text::TokenId id : *ids) rows += std::to_string(id) + ",";
        rows += "/";
      }
    }
    rows += ";";
  }
  const bool own = run.spec.model.reference.empty();
  const nlohmann::json key = {{"weights", own ? run.hashes : model_hashes(run.spec.model.reference)},
                              {"dtype", run.spec.model.dtype == Dtype::bfloat16 ? "bfloat16" : "float32"},
                              {"rows", sha256_of(rows)},
                              {"apart", run.plan.apart},
                              {"arithmetic", arithmetic_of(run.device)},
                              {"layout", 4}};
  return key.dump() + (run.policy->quantized().matrices > 0 ? "nf4" : "");
}

/// The run's passes in order, as far as they bring pairs not seen before.
std::vector<std::vector<std::size_t>> new_passes(const PreparedRun& run, std::vector<std::size_t>& visited) {
  std::vector<bool> seen(run.train.pairs.size(), false);
  std::vector<std::vector<std::size_t>> passes;
  const step::PassLimits limits = run.pass_limits();
  // In the file's order a step of as many pairs comes round after at most as many steps as there are pairs.
  const auto round = static_cast<std::int64_t>(seen.size());
  const std::int64_t last = run.spec.data.shuffle ? run.steps : std::min(run.steps, round);
  for (std::int64_t step = 1; step <= last && visited.size() < seen.size(); ++step) {
    const auto part = run.part_of(step);
    std::vector<const data::TokenPair*> pairs;
    for (const std::int64_t element : part) pairs.push_back(&run.train.pairs[static_cast<std::size_t>(element)]);
    std::size_t begin = 0;
    for (const std::size_t size : step::passes(pairs, limits)) {
      std::vector<std::size_t> pass;
      bool brings = false;
      for (const std::int64_t element : std::span(part).subspan(begin, size)) {
        const auto index = static_cast<std::size_t>(element);
        pass.push_back(index);
        if (!seen[index]) {
          brings = seen[index] = true;
          visited.push_back(index);
        }
      }
      begin += size;
      if (brings) passes.push_back(std::move(pass));
    }
  }
  return passes;
}

/// Most ids of a pass that pairs share, as the spec says or the device's memory allows.
std::int64_t pass_tokens_of(const PreparedRun& run) {
  const std::optional<std::int64_t> free = free_memory(run.device);
  if (!free) return memory::pass_tokens(run.policy->config(), run.spec, {}, run.processes, free);
  LoraSpec lora = run.spec.model.lora;
  if (run.adapter) lora.rank = run.adapter->rank, lora.targets = run.adapter->targets;
  const model::ModelConfig& config = run.policy->config();
  return memory::pass_tokens(config, run.spec, memory::count_parameters(config, run.spec.model.tuning, lora),
                             run.processes, free);
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// True when the run's reference values of a pass are these, bit for bit.
bool same_values(const PreparedRun& run, const std::vector<std::size_t>& batch,
                 const std::vector<likelihood::TokenLogProbs>& values) {
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // A pair that wraps round into the batch once more has its values from its first place.
    if (!seen.insert(batch[i]).second) continue;
    const likelihood::TokenLogProbs& reference = run.references[batch[i]];
    if (!same_bits(reference.chosen, values[i].chosen) || !same_bits(reference.rejected, values[i].rejected))
      return false;
  }
  return true;
}

}  // namespace

std::vector<std::int64_t> PreparedRun::part_of(std::int64_t step) const {
  const std::int64_t own = spec.training.batch_size / processes;
  return order.range((step - 1) * spec.training.batch_size + own * rank, own);
}

std::vector<PreparedRun::ProbeChunk> PreparedRun::probe_chunks() const {
  std::vector<ProbeChunk> chunks;
  const std::size_t count = probe.pairs.size();
  for (std::size_t begin = static_cast<std::size_t>(rank) * probe_chunk; begin < count;
       begin += static_cast<std::size_t>(processes) * probe_chunk) {
    ProbeChunk& chunk = chunks.emplace_back();
    chunk.begin = begin;
    for (std::size_t i = begin; i < std::min(begin + probe_chunk, count); ++i) chunk.pairs.push_back(&probe.pairs[i]);
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
  begin_peak_memory(run.device);
  if (spec.optimizer.name != "adamw")
    quant::BitsAndBytes::load(run.device);  // what it lacks is said before anything is prepared
  run.objective = make_objective(spec.objective);
  run.tokenizer = text::Tokenizer::load(spec.model.path);
  const data::PairOptions options{spec.data.limit, spec.data.max_length, spec.data.max_prompt_length};
  run.train = data::load_pairs({spec.data.train, spec.data.split}, *run.tokenizer, options);
  if (!spec.data.probe.empty() && spec.probe.every > 0)
    run.probe = data::load_pairs({spec.data.probe, spec.data.probe_split}, *run.tokenizer,
                                 {spec.probe.pairs, spec.data.max_length, spec.data.max_prompt_length});

  build_benchmarks(run);

  const bool full = spec.model.tuning == Tuning::full;
  model::Decoder::Options model_options = decoder_options(spec, run.device, full);
  model_options.gradient_checkpointing = spec.model.gradient_checkpointing;
  run.policy = model::Decoder::load(spec.model.path, model_options);
  check_vocabulary(run);
  run.hashes = model_hashes(spec.model.path);
  if (!full) {
    run.adapter = spec.model.adapter.empty()
                      ? model::add_adapter(*run.policy, spec.model.lora, at::detail::createCPUGenerator(spec.run.seed))
                      : model::load_adapter(*run.policy, spec.model.adapter);
  }
  if (!spec.model.reference.empty()) {
    run.reference = model::Decoder::load(spec.model.reference, decoder_options(spec, run.device, false));
    if (run.reference->config().vocab_size != run.policy->config().vocab_size)
      throw key_error("model.reference",
                      Message::tr("its vocabulary has %1 entries where the model has %2",
                                  run.reference->config().vocab_size, run.policy->config().vocab_size));
  } else if (full && step::reference_online(spec)) {
    run.reference = model::Decoder::load(spec.model.path, decoder_options(spec, run.device, false));
  }

  run.steps = total_steps(spec.training, static_cast<std::int64_t>(run.train.pairs.size()));
  run.order = SampleOrder(static_cast<std::int64_t>(run.train.pairs.size()), spec.data.shuffle, spec.run.seed);
  run.settings = step::step_settings(spec);
  run.plan = step::step_plan(spec, run.processes);
  run.settings.pass_tokens = pass_tokens_of(run);
  return run;
}

void prepare_references(PreparedRun& run, const PrepareProgress& progress, const std::function<bool()>& cancelled) {
  model::Decoder& model = *run.online_reference();
  run.probe_references.resize(run.probe.pairs.size());
  const auto chunks = static_cast<std::int64_t>((run.probe.pairs.size() + probe_chunk - 1) / probe_chunk);
  for (const PreparedRun::ProbeChunk& chunk : run.probe_chunks()) {
    if (cancelled()) break;
    progress("probe reference", static_cast<std::int64_t>(chunk.begin / probe_chunk), chunks);
    std::vector<likelihood::TokenLogProbs> values = likelihood::log_probs_of(model, false, chunk.pairs);
    std::ranges::move(values, run.probe_references.begin() + static_cast<std::ptrdiff_t>(chunk.begin));
  }
  if (!run.spec.training.precompute_reference) return;

  std::vector<std::size_t> visited;
  const auto batches = new_passes(run, visited);
  std::vector<const data::TokenPair*> pairs;
  for (std::size_t index : visited) pairs.push_back(&run.train.pairs[index]);
  run.references.resize(run.train.pairs.size());
  const std::filesystem::path folder = cache_folder();
  std::optional<likelihood::ReferenceCache> cache;
  if (folder.empty()) {
    run.notes.push_back(
        Message::tr("there is no cache folder of this user's own; reference values are computed anew for each run"));
  } else {
    cache.emplace(folder / "reference", reference_key(run, batches));
  }
  auto cached = cache ? cache->load(pairs) : std::nullopt;
  std::optional<likelihood::FileLock> lock;
  if (cache && !cached) {
    lock.emplace(cache->lock([&] {
      progress("reference", 0, static_cast<std::int64_t>(batches.size()));
      return !cancelled();
    }));
    cached = cache->load(pairs);  // another run may have computed them meanwhile
  }
  const auto computed = [&](std::size_t b) {
    std::vector<const data::TokenPair*> batch;
    for (std::size_t index : batches[b]) batch.push_back(&run.train.pairs[index]);
    return likelihood::log_probs_of(model, false, batch, run.plan.layout());
  };
  if (cached) {
    for (std::size_t i = 0; i < visited.size(); ++i) run.references[visited[i]] = std::move((*cached)[i]);
    // Before the first update policy and reference are the same numbers to the last bit, or what is kept is of other
    // weights.
    if (!batches.empty() && !same_values(run, batches[0], computed(0))) {
      cached.reset();
      run.notes.push_back(Message::at(
          cache->file(), Message::tr("these reference values are not those of the model; they are computed anew")));
    }
  }
  if (!cached) {
    std::vector<bool> done(run.train.pairs.size(), false);
    for (std::size_t b = 0; b < batches.size(); ++b) {
      if (cancelled()) return;
      progress("reference", static_cast<std::int64_t>(b), static_cast<std::int64_t>(batches.size()));
      std::vector<likelihood::TokenLogProbs> values = computed(b);
      for (std::size_t i = 0; i < batches[b].size(); ++i) {
        const std::size_t index = batches[b][i];
        if (!done[index]) run.references[index] = std::move(values[i]);
        done[index] = true;
      }
    }
    std::vector<likelihood::TokenLogProbs> values;
    for (std::size_t index : visited) values.push_back(run.references[index]);
    try {
      if (cache) cache->store(values);
    } catch (const RunError& error) {
      run.notes.push_back(Message::tr("reference values are not kept for other runs: %1", error.message()));
    }
  }
  // With its values known the reference model has done its work.
  if (!step::reference_online(run.spec)) run.reference.reset();
}

}  // namespace bandscope::trainer
