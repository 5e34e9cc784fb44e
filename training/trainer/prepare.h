// SPDX-License-Identifier: Apache-2.0
// Everything that a run needs before its first step: tokenizer, pairs, model, adapter, reference values.
#pragma once

#include <ATen/core/Generator.h>

#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "core/message/message.h"
#include "core/spec/run_spec.h"
#include "training/data/pairs.h"
#include "training/evaluation/task.h"
#include "training/evaluation/task_set.h"
#include "training/likelihood/reference.h"
#include "training/model/adapter.h"
#include "training/model/decoder.h"
#include "training/parallel/group.h"
#include "training/step/passes.h"
#include "training/text/tokenizer.h"
#include "training/trainer/sampler.h"

namespace bandscope::trainer {

/// Pairs that are evaluated as one packed row.
inline constexpr std::size_t kProbeChunk = 4;

/// done, total of a long preparation.
using PrepareProgress = std::function<void(const std::string& what, std::int64_t done, std::int64_t total)>;

/// The pair that a chosen and a rejected response make: of one pair of the data, or, where rows are of one response, of
/// two.
struct DrawnPair {
  std::size_t chosen = 0, rejected = 0;
  bool operator==(const DrawnPair&) const = default;
};

/// What a process takes of a step.
struct StepBatch {
  std::vector<const data::TokenPair*> pairs;
  std::vector<const likelihood::TokenLogProbs*> references;  ///< empty: on the fly
  std::deque<data::TokenPair> made;                          ///< pairs of two rows
  std::deque<likelihood::TokenLogProbs> made_references;
};

struct PreparedRun {
  RunSpec spec;
  at::Device device = at::kCPU;
  Message device_reason;
  std::optional<text::Tokenizer> tokenizer;
  data::PairSet train, probe;
  std::unique_ptr<model::Decoder> policy;
  std::unique_ptr<model::Decoder> reference;  ///< only where a second model is needed
  std::optional<model::AdapterConfig> adapter;
  evaluation::TaskSet tasks;                      ///< benchmarks of [evaluation]
  std::vector<evaluation::BuiltTask> benchmarks;  ///< their contexts, in the order of the tasks
  nlohmann::json hashes;                          ///< of the model's files
  SampleOrder order;                              ///< of train.pairs, or of the wanted responses among them
  SampleOrder rejected_order;                     ///< of the unwanted ones where rows are of one response
  std::int64_t steps = 0;
  int rank = 0, processes = 1;  ///< this process among those that share the run
  std::unique_ptr<Objective> objective;
  step::StepSettings settings;
  step::StepPlan plan;  ///< of every step
  /// Of every step: reference values are computed in the same passes.
  step::PassLimits pass_limits() const { return step::pass_limits(settings, plan, policy->head().rows()); }
  std::vector<likelihood::TokenLogProbs> references;  ///< per pair of train.pairs that the run sees; empty: on the fly
  std::vector<likelihood::TokenLogProbs> probe_references;  ///< per pair of probe.pairs
  std::vector<Message> notes;                               ///< what prepare_references() has to say in log and record

  /// The model that gives reference values while training: `reference`, or the policy without adapters.
  model::Decoder* online_reference() const { return reference ? reference.get() : policy.get(); }
  /// Held-out pairs that are evaluated as one packed row.
  struct ProbeChunk {
    std::size_t begin;  ///< of its first pair in probe.pairs
    std::vector<const data::TokenPair*> pairs;
  };
  /// This process's part of the probe: chunks go round among the processes.
  std::vector<ProbeChunk> probe_chunks() const;
  /// Indices into train.pairs of this process's part of a step (from 1): contiguous parts, rank after rank.
  std::vector<DrawnPair> part_of(std::int64_t step) const;
  /// The pair as it is drawn; `made` keeps it where it is of two rows.
  const data::TokenPair* pair_of(const DrawnPair& drawn, std::deque<data::TokenPair>& made) const;
  /// Those pairs, and what the reference gives for them where that is known.
  StepBatch batch_of(std::int64_t step) const;
};

/// Loads text, data and model. Throws SpecError or DataError.
/// `group`: the processes of the run; nullptr for a process alone. Throws SpecError where the batch does not divide
/// among them.
PreparedRun prepare_run(const RunSpec& spec, parallel::Group* group = nullptr);
/// Reference values from the cache, whose first pass is computed once more to see that they are the model's; or
/// computed and cached. A cache that cannot be used is a note, not an error. `policy` must be as loaded: call before
/// any update and before a checkpoint is loaded.
void prepare_references(PreparedRun& run, const PrepareProgress& progress, const std::function<bool()>& cancelled);

}  // namespace bandscope::trainer
