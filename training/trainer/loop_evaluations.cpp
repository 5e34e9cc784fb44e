// SPDX-License-Identifier: Apache-2.0
// What a run evaluates between its steps: held-out pairs, in which all of its processes take part, and benchmarks,
// which its first process evaluates while the others hear from it.
#include <spdlog/spdlog.h>

#include <array>
#include <limits>

#include "core/benchmark/kept_answers.h"
#include "core/error.h"
#include "training/evaluation/evaluate.h"
#include "training/trainer/clock.h"
#include "training/trainer/loop.h"
#include "training/trainer/probe.h"

namespace bandscope::trainer {
namespace {

/// How often the processes that wait hear from the one that evaluates: far below the time after which a process counts
/// as lost, and never noticed.
constexpr double seconds_between_words = 5;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Interrupted {};

}  // namespace

bool TrainingLoop::stop_asked() { return options_.stop_requested() || commands_.stop_waits(); }

bool TrainingLoop::evaluate_probe(std::int64_t step) {
  // Processes go through their pairs each at its own pace.
  const parallel::WholeWeights whole(layers_.get());
  const std::size_t count = prepared_.probe.pairs.size();
  // z_w, z_l and the effective margin of every pair; those of other processes' chunks are 0 until they are summed.
  std::vector<double> found(3 * count, 0.0);
  for (const auto& [begin, pairs] : prepared_.probe_chunks()) {
    // Processes that share a run must all come to the sum below.
    if (group_.alone() && stop_asked()) return false;
    const auto references = std::span(prepared_.probe_references).subspan(begin, pairs.size());
    const auto likelihoods =
        held_out_likelihoods(*prepared_.policy, *prepared_.online_reference(), pairs, references, prepared_.settings);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const PairLikelihoods& z = likelihoods[i];
      found[begin + i] = z.z_w;
      found[count + begin + i] = z.z_l;
      found[2 * count + begin + i] = z.z_w - z.z_l - (z.z_w_ref - z.z_l_ref);
    }
  }
  group_.sum(found);
  ProbeValues values;
  ProbeRow row;
  row.step = step;
  const auto share = static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    values.z_w.push_back(found[i]);
    values.z_l.push_back(found[count + i]);
    row.z_w += found[i] / share;
    row.z_l += found[count + i] / share;
    row.accuracy += (found[2 * count + i] > 0 ? 1.0 : 0.0) / share;
  }
  row.margin = row.z_w - row.z_l;
  if (record_ && record_->last_probe_step() < step) record_->append_probe(row);
  for (const Message& message : alerts_.probe(step, values)) event(step, "alert", message);
  return true;
}

bool TrainingLoop::benchmarks_due(std::int64_t step) const {
  const RunSpec::Evaluation& spec = spec_.evaluation;
  if (prepared_.benchmarks.empty()) return false;
  if (step == 0) return spec.at_start;
  return step == prepared_.steps || (spec.every > 0 && step % spec.every == 0);
}

bool TrainingLoop::word_of_evaluation(bool ended, bool stop) {
  std::array<double, 2> words = {ended ? 1.0 : 0.0, stop ? 1.0 : 0.0};
  group_.sum(words);
  evaluation_ended_ = words[0] > 0;
  return words[1] > 0;
}

bool TrainingLoop::evaluate_benchmarks(std::int64_t step) {
  bool stopped = false;
  const parallel::WholeWeights whole(layers_.get());
  group_.together([&] {
    if (!group_.first()) {
      do {
        stopped = word_of_evaluation(false, options_.stop_requested());
      } while (!evaluation_ended_);
      return;
    }
    if (record_->last_evaluation_step() >= step) {
      stopped = word_of_evaluation(true, stop_asked());
      return;
    }
    try {
      run_benchmarks(step);
    } catch (const Interrupted&) {
      stopped = true;
    } catch (const parallel::LostProcess&) {
      throw;
    } catch (...) {
      word_of_evaluation(true, false);
      throw;
    }
    // The others may have been asked to stop since the last word: all of them go by the sum.
    stopped = word_of_evaluation(true, stopped || stop_asked());
  });
  status_.change([](auto& values) { values.phase.clear(); });
  return !stopped;
}

void TrainingLoop::run_benchmarks(std::int64_t step) {
  const evaluation::LanguageModel model =
      evaluation::language_model(*prepared_.policy, *prepared_.tokenizer, spec_.model.path);
  std::vector<evaluation::TaskResult> results;
  auto word = Clock::now();
  for (const evaluation::BuiltTask& task : prepared_.benchmarks) {
    const auto began = Clock::now();
    results.push_back(evaluation::evaluate(model, task, [&](std::int64_t done, std::int64_t total) {
      check_folder(step);
      record_->heartbeat();
      const double left = since(began) / static_cast<double>(done) * static_cast<double>(total - done);
      status_.change([&](auto& values) { values.phase = "evaluation", values.done = done, values.total = total; });
      options_.progress({spec_.run.name, "evaluation", done, total, left});
      if (group_.alone() && stop_asked()) throw Interrupted();
      if (group_.alone() || since(word) < seconds_between_words) return;
      if (word_of_evaluation(false, stop_asked())) throw Interrupted();
      word = Clock::now();
    }));
  }
  std::vector<EvaluationRow> rows;
  for (const evaluation::MetricValue& value : evaluation::all_values(prepared_.tasks, results))
    rows.push_back({step, value.task, value.metric, value.filter, value.mean.value, value.mean.error.value_or(nan),
                    value.samples});
  keep_answers(step, results);
  record_->append_evaluation(rows);
  for (const EvaluationRow& row : rows)
    spdlog::info("{}: step {}: {}, {} ({}): {:.4f}", spec_.run.name, step, row.task, row.metric, row.filter, row.value);
}

/// Before the record's rows, so that a reader who finds these finds the answers. Training is worth more than they are.
void TrainingLoop::keep_answers(std::int64_t step, const std::vector<evaluation::TaskResult>& results) {
  try {
    evaluation::write_results(evaluation_folder(folder_ / "run.h5", step), prepared_.tasks, results,
                              {spec_.run.name, spec_.model.path.string()}, evaluation::SampleTexts::kept);
  } catch (const RunError& error) {
    event(step, "note", error.message());
  }
}

}  // namespace bandscope::trainer
