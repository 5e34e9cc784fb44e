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
  options.gradient_checkpointing = train_all ? spec.model.gradient_checkpointing : false;
  return options;
}

/// A pair as it is drawn; `made` keeps it where it is of two rows.
const data::TokenPair* pair_of(const PreparedRun& run, const DrawnPair& drawn, std::deque<data::TokenPair>& made) {
  if (drawn.chosen == drawn.rejected) return &run.train.pairs[drawn.chosen];
  return &made.emplace_back(data::joined(run.train.pairs[drawn.chosen], run.train.pairs[drawn.rejected]));
}

std::string reference_key(const PreparedRun& run, const std::vector<std::vector<DrawnPair>>& batches) {
  std::string rows;
  for (const auto& batch : batches) {
    for (const DrawnPair& drawn : batch) {
      const data::TokenPair &one = run.train.pairs[drawn.chosen], &other = run.train.pairs[drawn.rejected];
      rows += std::to_string(one.row) + ":";
      for (const auto* ids : {&one.prompt, &one.chosen, &other.rejected, &other.rejected_prompt}) {
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
                              {"device", run.device.str()},
                              {"threads", at::get_num_threads()},
                              {"cpu", at::get_cpu_capability()},
                              {"layout", 5}};
  return key.dump() + (run.policy->quantized().matrices > 0 ? "nf4" : "");
}

/// Which responses have been met, chosen and rejected ones.
class Met {
 public:
  explicit Met(std::size_t pairs) : chosen_(pairs, false), rejected_(pairs, false) {}
  /// True when one of the two is new; they have been met from then on.
  bool add(const DrawnPair& drawn) {
    const bool brings = !chosen_[drawn.chosen] || !rejected_[drawn.rejected];
    if (!chosen_[drawn.chosen]) chosen_[drawn.chosen] = true, ++count_;
    if (!rejected_[drawn.rejected]) rejected_[drawn.rejected] = true, ++count_;
    return brings;
  }
  std::size_t count() const { return count_; }

 private:
  std::vector<bool> chosen_, rejected_;
  std::size_t count_ = 0;
};

/// The run's micro-batches in order, as far as they bring responses not seen before; `visited`: pairs that do.
std::vector<std::vector<DrawnPair>> new_micro_batches(const PreparedRun& run, std::vector<DrawnPair>& visited) {
  const std::size_t pairs = run.train.pairs.size();
  const auto responses =
      run.train.unpaired() ? static_cast<std::size_t>(run.train.desirable + run.train.undesirable) : 2 * pairs;
  Met met(pairs);
  std::vector<std::vector<DrawnPair>> batches;
  const auto size = static_cast<std::size_t>(run.spec.training.micro_batch);
  // In the file's order a step of as many pairs comes round after at most as many steps as there are pairs.
  const std::int64_t last = run.spec.data.shuffle ? run.steps : std::min(run.steps, static_cast<std::int64_t>(pairs));
  for (std::int64_t step = 1; step <= last && met.count() < responses; ++step) {
    const auto part = run.part_of(step);
    for (std::size_t begin = 0; begin < part.size(); begin += size) {
      const auto own = std::span(part).subspan(begin, size);
      bool brings = false;
      for (const DrawnPair& drawn : own) {
        if (!met.add(drawn)) continue;
        brings = true;
        visited.push_back(drawn);
      }
      if (brings) batches.emplace_back(own.begin(), own.end());
    }
  }
  return batches;
}

/// Puts values at the places of their responses, where none are yet.
class ReferencePlaces {
 public:
  explicit ReferencePlaces(std::vector<likelihood::TokenLogProbs>& references) : references_(references) {}
  void put(const DrawnPair& drawn, likelihood::TokenLogProbs values) {
    std::vector<float>&chosen = references_[drawn.chosen].chosen, &rejected = references_[drawn.rejected].rejected;
    if (chosen.empty()) chosen = std::move(values.chosen);
    if (rejected.empty()) rejected = std::move(values.rejected);
  }

 private:
  std::vector<likelihood::TokenLogProbs>& references_;
};

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// True when the run's reference values of a micro-batch are these, bit for bit.
bool same_values(const PreparedRun& run, const std::vector<DrawnPair>& batch,
                 const std::vector<likelihood::TokenLogProbs>& values) {
  std::set<std::size_t> chosen, rejected;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // A response that wraps round into the batch once more has its values from its first place.
    if (chosen.insert(batch[i].chosen).second && !same_bits(run.references[batch[i].chosen].chosen, values[i].chosen))
      return false;
    if (rejected.insert(batch[i].rejected).second &&
        !same_bits(run.references[batch[i].rejected].rejected, values[i].rejected))
      return false;
  }
  return true;
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

StepBatch PreparedRun::batch_of(std::int64_t step) const {
  StepBatch batch;
  for (const DrawnPair& drawn : part_of(step)) {
    batch.pairs.push_back(pair_of(*this, drawn, batch.made));
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
  if (spec.optimizer.name != "adamw")
    quant::BitsAndBytes::load(run.device);  // what it lacks is said before anything is prepared
  run.objective = make_objective(spec.objective);
  run.tokenizer = text::Tokenizer::load(spec.model.path);
  const bool own_prompts = objective_info(spec.objective).unpaired;
  const data::PairOptions options{spec.data.limit, spec.data.max_length, spec.data.max_prompt_length, own_prompts};
  run.train = data::load_pairs({spec.data.train, spec.data.split}, *run.tokenizer, options);
  if (!spec.data.probe.empty() && spec.probe.every > 0)
    run.probe = data::load_pairs({spec.data.probe, spec.data.probe_split}, *run.tokenizer,
                                 {spec.probe.pairs, spec.data.max_length, spec.data.max_prompt_length, own_prompts});

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
  const bool unpaired = run.train.unpaired();
  run.order = SampleOrder(unpaired ? run.train.desirable : static_cast<std::int64_t>(run.train.pairs.size()),
                          spec.data.shuffle, spec.run.seed);
  // An order of its own: otherwise two kinds of equal number would come in the same pairs each epoch.
  if (unpaired) run.rejected_order = SampleOrder(run.train.undesirable, spec.data.shuffle, ~spec.run.seed);
  run.settings = step::step_settings(spec);
  run.plan = step::step_plan(spec, run.processes);
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

  std::vector<DrawnPair> visited;
  const auto batches = new_micro_batches(run, visited);
  std::vector<const data::TokenPair*> pairs;
  std::deque<data::TokenPair> made;
  for (const DrawnPair& drawn : visited) pairs.push_back(pair_of(run, drawn, made));
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
    std::deque<data::TokenPair> of_two;
    for (const DrawnPair& drawn : batches[b]) batch.push_back(pair_of(run, drawn, of_two));
    return likelihood::log_probs_of(model, false, batch, run.plan.layout());
  };
  if (cached) {
    ReferencePlaces places(run.references);
    for (std::size_t i = 0; i < visited.size(); ++i) places.put(visited[i], std::move((*cached)[i]));
    // Before the first update policy and reference are the same numbers to the last bit, or what is kept is of other
    // weights.
    if (!batches.empty() && !same_values(run, batches[0], computed(0))) {
      cached.reset();
      run.notes.push_back(Message::at(
          cache->file(), Message::tr("these reference values are not those of the model; they are computed anew")));
    }
  }
  if (!cached) {
    run.references.assign(run.train.pairs.size(), {});
    ReferencePlaces places(run.references);
    for (std::size_t b = 0; b < batches.size(); ++b) {
      if (cancelled()) return;
      progress("reference", static_cast<std::int64_t>(b), static_cast<std::int64_t>(batches.size()));
      std::vector<likelihood::TokenLogProbs> values = computed(b);
      for (std::size_t i = 0; i < batches[b].size(); ++i) places.put(batches[b][i], std::move(values[i]));
    }
    std::vector<likelihood::TokenLogProbs> values;
    for (const DrawnPair& drawn : visited)
      values.push_back({run.references[drawn.chosen].chosen, run.references[drawn.rejected].rejected});
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
