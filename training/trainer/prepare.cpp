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
#include "core/spec/objective_choice.h"
#include "training/quant/bitsandbytes.h"
#include "training/text/sha256.h"
#include "training/trainer/environment.h"
#include "training/trainer/sampler.h"

namespace bandscope {
namespace {

/// Pairs per row when only log-probabilities of held-out pairs are wanted.
constexpr std::size_t probe_rows = 4;

void check_vocabulary(const PreparedRun& run) {
  const std::int64_t vocab = run.policy->config().vocab_size;
  for (const PairSet* set : {&run.train, &run.probe})
    for (const TokenPair& pair : set->pairs)
      for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected})
        for (TokenId id : *ids)
          if (id < 0 || id >= vocab)
            throw DataError(Message::at(
                run.spec.model.path,
                Message::tr("the tokenizer gives id %1 (row %2 of the data) where the model has %3 embeddings", id,
                            pair.row, vocab)));
}

Decoder::Options decoder_options(const RunSpec& spec, at::Device device, bool train_all) {
  Decoder::Options options;
  options.compute = spec.model.dtype == Dtype::bfloat16 ? at::kBFloat16 : at::kFloat;
  options.device = device;
  options.train_all = train_all;
  options.quantize = spec.model.tuning == Tuning::qlora;
  options.gradient_checkpointing = train_all ? spec.model.gradient_checkpointing : false;
  return options;
}

std::string reference_key(const PreparedRun& run, const std::vector<std::vector<std::size_t>>& batches) {
  std::string rows;
  for (const auto& batch : batches) {
    for (std::size_t index : batch) {
      const TokenPair& pair = run.train.pairs[index];
      rows += std::to_string(pair.row) + ":";
      for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected}) {
        for (TokenId id : *ids) rows += std::to_string(id) + ",";
        rows += "/";
      }
    }
    rows += ";";
  }
  const bool own = run.spec.model.reference.empty();
  const nlohmann::json key = {
      {"weights", own ? run.hashes : model_hashes(run.spec.model.reference)},
      {"dtype", run.spec.model.dtype == Dtype::bfloat16 ? "bfloat16" : "float32"},
      {"rows", sha256_of(rows)},
      {"apart", StepEngine::layout(run.settings, run.spec.training.batch_size) == Branches::apart},
      {"device", run.device.str()},
      {"threads", at::get_num_threads()},
      {"cpu", at::get_cpu_capability()},
      {"layout", 4}};
  return key.dump() + (run.policy->quantized().matrices > 0 ? "nf4" : "");
}

/// The run's micro-batches in order, as far as they bring pairs not seen before.
std::vector<std::vector<std::size_t>> new_micro_batches(const PreparedRun& run, std::vector<std::size_t>& visited) {
  std::vector<bool> seen(run.train.pairs.size(), false);
  std::vector<std::vector<std::size_t>> batches;
  const auto size = static_cast<std::size_t>(run.spec.training.micro_batch);
  // In the file's order a step of as many pairs comes round after at most as many steps as there are pairs.
  const auto round = static_cast<std::int64_t>(seen.size());
  const std::int64_t last = run.spec.data.shuffle ? run.steps : std::min(run.steps, round);
  for (std::int64_t step = 1; step <= last && visited.size() < seen.size(); ++step) {
    const auto part = run.part_of(step);
    for (std::size_t begin = 0; begin < part.size(); begin += size) {
      std::vector<std::size_t> batch;
      bool brings = false;
      for (const std::int64_t element : std::span(part).subspan(begin, size)) {
        const auto index = static_cast<std::size_t>(element);
        batch.push_back(index);
        if (!seen[index]) {
          brings = seen[index] = true;
          visited.push_back(index);
        }
      }
      if (brings) batches.push_back(std::move(batch));
    }
  }
  return batches;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// True when the run's reference values of a micro-batch are these, bit for bit.
bool same_values(const PreparedRun& run, const std::vector<std::size_t>& batch,
                 const std::vector<TokenLogProbs>& values) {
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // A pair that wraps round into the batch once more has its values from its first place.
    if (!seen.insert(batch[i]).second) continue;
    const TokenLogProbs& known = run.references[batch[i]];
    if (!same_bits(known.chosen, values[i].chosen) || !same_bits(known.rejected, values[i].rejected)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::int64_t> PreparedRun::part_of(std::int64_t step) const {
  const std::int64_t own = spec.training.batch_size / processes;
  return order.range((step - 1) * spec.training.batch_size + own * rank, own);
}

PreparedRun prepare_run(const RunSpec& spec, Group* group) {
  PreparedRun run;
  run.spec = spec;
  if (group) run.rank = group->rank(), run.processes = group->size();
  if (spec.training.batch_size % (run.processes * spec.training.micro_batch) != 0)
    throw key_error("training.batch_size",
                    Message::tr("%1 does not divide into micro-batches of %2 for %3 processes",
                                spec.training.batch_size, spec.training.micro_batch, run.processes));
  if (spec.scores.layers && spec.scores.scope != ScoreScope::all)
    throw key_error("scores.layers", Message::tr("per-layer scores need scores.scope = \"all\""));
  run.device = resolve_device(spec.run.device, run.device_reason);
  // Each process of a machine takes the GPU of its own number.
  if (group && !group->alone() && run.device.is_cuda() && spec.run.device.find(':') == std::string::npos)
    run.device = at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(
                                           group->local_rank() %
                                           at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount()));
  if (spec.optimizer.name != "adamw")
    BitsAndBytes::load(run.device);  // what it lacks is said before anything is prepared
  run.objective = make_objective(spec.objective);
  run.tokenizer = Tokenizer::load(spec.model.path);
  const PairOptions options{spec.data.limit, spec.data.max_length, spec.data.max_prompt_length};
  run.train = load_pairs({spec.data.train, spec.data.split}, *run.tokenizer, options);
  if (!spec.data.probe.empty() && spec.probe.every > 0)
    run.probe = load_pairs({spec.data.probe, spec.data.probe_split}, *run.tokenizer,
                           {spec.probe.pairs, spec.data.max_length, spec.data.max_prompt_length});

  const bool full = spec.model.tuning == Tuning::full;
  Decoder::Options model_options = decoder_options(spec, run.device, full);
  model_options.gradient_checkpointing = spec.model.gradient_checkpointing;
  run.policy = Decoder::load(spec.model.path, model_options);
  check_vocabulary(run);
  run.hashes = model_hashes(spec.model.path);
  if (full && !spec.model.adapter.empty())
    throw key_error("model.adapter", Message::tr("an adapter needs model.tuning = \"lora\" or \"qlora\""));
  if (!full) {
    run.adapter = spec.model.adapter.empty()
                      ? add_adapter(*run.policy, spec.model.lora, at::detail::createCPUGenerator(spec.run.seed))
                      : load_adapter(*run.policy, spec.model.adapter);
  }
  const TokenStatistic statistic = token_statistic(spec.objective);
  const bool online = !spec.training.precompute_reference || statistic == TokenStatistic::kl;
  if (!spec.model.reference.empty()) {
    run.reference = Decoder::load(spec.model.reference, decoder_options(spec, run.device, false));
    if (run.reference->config().vocab_size != run.policy->config().vocab_size)
      throw key_error("model.reference",
                      Message::tr("its vocabulary has %1 entries where the model has %2",
                                  run.reference->config().vocab_size, run.policy->config().vocab_size));
  } else if (full && online) {
    run.reference = Decoder::load(spec.model.path, decoder_options(spec, run.device, false));
  }

  run.steps = total_steps(spec.training, static_cast<std::int64_t>(run.train.pairs.size()));
  run.order = SampleOrder(static_cast<std::int64_t>(run.train.pairs.size()), spec.data.shuffle, spec.run.seed);
  run.settings.likelihood = spec.objective.likelihood;
  run.settings.statistic = statistic;
  run.settings.kl_alpha = statistic == TokenStatistic::kl ? spec.objective.parameters.at("alpha") : 0.0;
  run.settings.scope = spec.scores.scope;
  run.settings.layers = spec.scores.layers;
  run.settings.granularity = spec.calibration.granularity;
  run.settings.micro_batch = spec.training.micro_batch;
  run.settings.adapters = !full;
  run.settings.lora_dropout = full ? 0.0 : spec.model.lora.dropout;
  return run;
}

void prepare_references(PreparedRun& run, const PrepareProgress& progress, const std::function<bool()>& cancelled) {
  Decoder& model = *run.online_reference();
  const Branches layout = StepEngine::layout(run.settings, run.spec.training.batch_size);
  run.probe_references.resize(run.probe.pairs.size());
  const auto chunks = static_cast<std::int64_t>((run.probe.pairs.size() + probe_rows - 1) / probe_rows);
  for (std::size_t begin = 0; begin < run.probe.pairs.size() && !cancelled(); begin += probe_rows) {
    if (!run.probes(begin / probe_rows)) continue;
    progress("probe reference", static_cast<std::int64_t>(begin / probe_rows), chunks);
    std::vector<const TokenPair*> pairs;
    for (std::size_t i = begin; i < std::min(begin + probe_rows, run.probe.pairs.size()); ++i)
      pairs.push_back(&run.probe.pairs[i]);
    std::vector<TokenLogProbs> values = log_probs_of(model, false, pairs);
    std::ranges::move(values, run.probe_references.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  if (!run.spec.training.precompute_reference) return;

  std::vector<std::size_t> visited;
  const auto batches = new_micro_batches(run, visited);
  std::vector<const TokenPair*> pairs;
  for (std::size_t index : visited) pairs.push_back(&run.train.pairs[index]);
  run.references.resize(run.train.pairs.size());
  const std::filesystem::path folder = cache_folder();
  std::optional<ReferenceCache> cache;
  if (folder.empty()) {
    run.notes.push_back(
        Message::tr("there is no cache folder of this user's own; reference values are computed anew for each run"));
  } else {
    cache.emplace(folder / "reference", reference_key(run, batches));
  }
  auto kept = cache ? cache->load(pairs) : std::nullopt;
  std::optional<FileLock> lock;
  if (cache && !kept) {
    lock.emplace(cache->lock([&] {
      progress("reference", 0, static_cast<std::int64_t>(batches.size()));
      return !cancelled();
    }));
    kept = cache->load(pairs);  // another run may have computed them meanwhile
  }
  const auto computed = [&](std::size_t b) {
    std::vector<const TokenPair*> batch;
    for (std::size_t index : batches[b]) batch.push_back(&run.train.pairs[index]);
    return log_probs_of(model, false, batch, layout);
  };
  if (kept) {
    for (std::size_t i = 0; i < visited.size(); ++i) run.references[visited[i]] = std::move((*kept)[i]);
    // Before the first update policy and reference are the same numbers to the last bit, or what is kept is of other
    // weights.
    if (!batches.empty() && !same_values(run, batches[0], computed(0))) {
      kept.reset();
      run.notes.push_back(Message::at(
          cache->file(), Message::tr("these reference values are not those of the model; they are computed anew")));
    }
  }
  if (!kept) {
    std::vector<bool> done(run.train.pairs.size(), false);
    for (std::size_t b = 0; b < batches.size(); ++b) {
      if (cancelled()) return;
      progress("reference", static_cast<std::int64_t>(b), static_cast<std::int64_t>(batches.size()));
      std::vector<TokenLogProbs> values = computed(b);
      for (std::size_t i = 0; i < batches[b].size(); ++i) {
        const std::size_t index = batches[b][i];
        if (!done[index]) run.references[index] = std::move(values[i]);
        done[index] = true;
      }
    }
    std::vector<TokenLogProbs> values;
    for (std::size_t index : visited) values.push_back(run.references[index]);
    try {
      if (cache) cache->store(values);
    } catch (const RunError& error) {
      run.notes.push_back(Message::tr("reference values are not kept for other runs: %1", error.message()));
    }
  }
  // With its values known the reference model has done its work.
  if (run.settings.statistic != TokenStatistic::kl) run.reference.reset();
}

}  // namespace bandscope
