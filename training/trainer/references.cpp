// SPDX-License-Identifier: Apache-2.0
// What the reference gives for the pairs that a run sees, response by response: from the cache, or computed in the
// passes that the run forms, so that policy and reference begin as the same numbers.
#include <algorithm>
#include <cstring>
#include <set>

#include "core/cache_folder.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "training/trainer/environment.h"
#include "training/trainer/prepare.h"

namespace bandscope::trainer {
namespace {

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
                              {"arithmetic", arithmetic_of(run.device)},
                              {"chunk", run.settings.chunk.bytes / run.settings.chunk.of_logit},
                              {"layout", 6}};
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

/// The run's passes in order, as far as they bring responses not seen before; `visited`: pairs that do.
std::vector<std::vector<DrawnPair>> new_passes(const PreparedRun& run, std::vector<DrawnPair>& visited) {
  const std::size_t pairs = run.train.pairs.size();
  const auto responses =
      run.train.unpaired() ? static_cast<std::size_t>(run.train.desirable + run.train.undesirable) : 2 * pairs;
  Met met(pairs);
  std::vector<std::vector<DrawnPair>> passes;
  const step::PassLimits limits = run.pass_limits();
  // In the file's order a step of as many pairs comes round after at most as many steps as there are pairs.
  const std::int64_t last = run.spec.data.shuffle ? run.steps : std::min(run.steps, static_cast<std::int64_t>(pairs));
  for (std::int64_t step = 1; step <= last && met.count() < responses; ++step) {
    const auto part = run.part_of(step);
    std::deque<data::TokenPair> made;
    std::vector<const data::TokenPair*> own;
    for (const DrawnPair& drawn : part) own.push_back(run.pair_of(drawn, made));
    std::size_t begin = 0;
    for (const std::size_t size : step::passes(own, limits)) {
      const auto pass = std::span(part).subspan(begin, size);
      begin += size;
      bool brings = false;
      for (const DrawnPair& drawn : pass) {
        if (!met.add(drawn)) continue;
        brings = true;
        visited.push_back(drawn);
      }
      if (brings) passes.emplace_back(pass.begin(), pass.end());
    }
  }
  return passes;
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

/// True when the run's reference values of a pass are these, bit for bit.
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

void prepare_references(PreparedRun& run, const PrepareProgress& progress, const std::function<bool()>& cancelled) {
  model::Decoder& model = *run.online_reference();
  run.probe_references.resize(run.probe.pairs.size());
  const auto chunks = static_cast<std::int64_t>((run.probe.pairs.size() + kProbeChunk - 1) / kProbeChunk);
  for (const PreparedRun::ProbeChunk& chunk : run.probe_chunks()) {
    if (cancelled()) break;
    progress("probe reference", static_cast<std::int64_t>(chunk.begin / kProbeChunk), chunks);
    std::vector<likelihood::TokenLogProbs> values = likelihood::log_probs_of(model, false, chunk.pairs);
    std::ranges::move(values, run.probe_references.begin() + static_cast<std::ptrdiff_t>(chunk.begin));
  }
  if (!run.spec.training.precompute_reference) return;

  std::vector<DrawnPair> visited;
  const auto batches = new_passes(run, visited);
  std::vector<const data::TokenPair*> pairs;
  std::deque<data::TokenPair> made;
  for (const DrawnPair& drawn : visited) pairs.push_back(run.pair_of(drawn, made));
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
    for (const DrawnPair& drawn : batches[b]) batch.push_back(run.pair_of(drawn, of_two));
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
