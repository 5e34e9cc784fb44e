// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>

#include "core/error.h"
#include "core/record/run_folder.h"
#include "training/optimizer/schedule.h"
#include "training/trainer/clock.h"

namespace bandscope::trainer {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double progress_seconds = 0.25;

std::unique_ptr<parallel::LayerWeights> shared_out(PreparedRun& run, parallel::Group& group) {
  if (run.spec.parallel.zero < 3 || group.alone()) return nullptr;
  return std::make_unique<parallel::LayerWeights>(group, run.policy->trained());
}

CalibrationSettings settings_of(const RunSpec::Calibration& spec) { return {spec.enabled, spec.momentum, spec.clip}; }

}  // namespace

TrainingLoop::TrainingLoop(PreparedRun& run, const RunOptions& options, parallel::Group& group)
    : prepared_(run),
      options_(options),
      spec_(run.spec),
      group_(group),
      calibration_(settings_of(run.spec.calibration)),
      layers_(shared_out(run, group)),
      engine_(*run.policy, *run.objective, calibration_, run.settings, run.online_reference(), run.spec.run.seed,
              &group),
      optimizer_(group, run.spec.parallel.zero, run.policy->trained(), run.spec.optimizer, layers_.get()),
      alerts_(run.spec.alerts) {
  status_.change([&](control::LiveStatus::Values& values) {
    values.run = spec_.run.name;
    values.steps = run.steps;
  });
  use(live_settings(spec_));
  if (layers_) engine_.share_out(*layers_);
  if (options.profile) engine_.time_the_work();
}

double TrainingLoop::rate(std::int64_t step) const {
  RunSpec::Optimizer spec = spec_.optimizer;
  spec.learning_rate = settings_.learning_rate;
  return optimizer::learning_rate_at(spec, step, prepared_.steps);
}

void TrainingLoop::event(std::int64_t step, const std::string& kind, const Message& message) {
  if (!record_) return;
  record_->append_event({step, time_, kind, message});
  spdlog::log(kind == "alert" || kind == "note" ? spdlog::level::warn : spdlog::level::info, "{}: step {}: {}: {}",
              spec_.run.name, step, kind, message.english());
}

StepRow TrainingLoop::train_step(std::int64_t step) {
  const auto start = Clock::now();
  const std::int64_t size = spec_.training.batch_size;
  const StepBatch batch = prepared_.batch_of(step);
  step::StepOutcome outcome = engine_.run(batch.pairs, batch.references, step);
  const auto optimizing = Clock::now();
  const double learning_rate = rate(step);
  if (outcome.non_finite.empty())
    optimizer_.step(learning_rate, outcome.row[Column::grad_norm], spec_.optimizer.max_grad_norm);
  optimizer_seconds_ += since(optimizing);
  const auto looking = Clock::now();
  std::exception_ptr lost;
  try {
    if (spec_.scores.after_update && outcome.non_finite.empty()) engine_.look_again(batch.pairs, outcome);
  } catch (const parallel::LostProcess&) {
    lost = std::current_exception();  // the weights are this step's already, which is recorded without its second look
  }
  after_seconds_ += since(looking);
  StepRow& row = outcome.row;
  row.step = step;
  row[Column::epoch] = static_cast<double>(step * size) / static_cast<double>(prepared_.train.pairs.size());
  row[Column::learning_rate] = learning_rate;
  row[Column::seconds] = since(start);
  time_ += row[Column::seconds];
  row[Column::time] = time_;
  row[Column::memory] = peak_memory(prepared_.device);
  for (PairRow& pair : outcome.pairs) pair.step = step;
  if (outcome.layers) outcome.layers->step = step;
  const auto recording = Clock::now();
  check_folder(step - 1);
  if (record_) {
    record_->append_step(row, outcome.pairs, outcome.layers ? &*outcome.layers : nullptr);
    record_->heartbeat();
  }
  record_seconds_ += since(recording);
  const step::StepTimes& times = engine_.times();
  times_.forward += times.forward, times_.head += times.head, times_.backward += times.backward,
      times_.combine += times.combine;
  if (!outcome.non_finite.empty()) {
    event(step, "non-finite", Message::tr("%1 is not finite; the weights were not updated", outcome.non_finite));
    // All processes have the same row.
    throw parallel::AgreedError(
        ExitCode::failed,
        Message::tr("step %1: %2 is not finite; a lower learning rate may help", step, outcome.non_finite));
  }
  if (outcome.note) event(step, "note", *outcome.note);
  for (const Message& message : alerts_.step(row)) event(step, "alert", message);
  if (!group_.alone()) whole_state_ = trainer_state(step);
  if (lost) std::rethrow_exception(lost);
  return row;
}

nlohmann::json TrainingLoop::trainer_state(std::int64_t step) const {
  const CalibrationState& c = calibration_.state();
  nlohmann::json state = {{"step", step},
                          {"time", time_},
                          {"calibration",
                           {{"log_d_w", c.log_d_w},
                            {"log_d_l", c.log_d_l},
                            {"log_norm_w", c.log_norm_w},
                            {"log_norm_l", c.log_norm_l},
                            {"incentives_set", c.incentives_set},
                            {"scores_set", c.scores_set}}},
                          {"pass_tokens", engine_.pass_tokens()},
                          {"reference_pass_tokens", reference_pass_tokens_},
                          {"steered", changes(live_settings(spec_), settings_)},
                          {"alerts", alerts_.state()}};
  return state;
}

void TrainingLoop::check_folder(std::int64_t step) const {
  if (!record_ || record_->in_place()) return;
  const std::filesystem::path now = record_->present_path();
  if (!now.empty()) {
    const Message moved =
        Message::tr("%1: the run's folder was moved while the run went on; its record is now %2", folder_, now);
    throw RunError(step > 0 ? Message::joined(moved, Message::tr("steps up to %1 are recorded", step)) : moved);
  }
  std::error_code unknown;
  if (std::filesystem::exists(folder_ / "run.h5", unknown))
    throw RunError(Message::tr("%1: another record took the place of the run's own while the run went on", folder_));
  throw RunError(std::filesystem::exists(folder_, unknown)
                     ? Message::tr("%1: the run's record was deleted while the run went on", folder_)
                     : Message::tr("%1: the run's folder was deleted while the run went on", folder_));
}

void TrainingLoop::write_checkpoint(std::int64_t step, const nlohmann::json& trainer,
                                    const std::map<std::string, at::Tensor>& optimizer) {
  if (!group_.first()) return;
  check_folder(step);
  const CheckpointContent content{*prepared_.policy, optimizer, prepared_.adapter ? &*prepared_.adapter : nullptr,
                                  spec_.model.path, trainer};
  const auto written = save_checkpoint(folder_, step, spec_.checkpoint.keep, content);
  event(step, "checkpoint", Message::plain(written.filename().string()));
}

void TrainingLoop::save(std::int64_t step) {
  save_asked_ = false;
  const parallel::WholeWeights whole(layers_.get());
  const std::map<std::string, at::Tensor> optimizer = optimizer_.state();
  // The others wait here while the first one writes, which may take longer than an exchange on GPUs may.
  group_.together([&] { write_checkpoint(step, trainer_state(step), optimizer); });
  saved_ = step;
}

bool TrainingLoop::rescue() {
  // With ZeRO the lost process took its share of the optimizer's state along; weights change only after every exchange
  // of a step, so without ZeRO they are those of the last whole step.
  if (!group_.first() || optimizer_.sharded() || whole_state_.is_null()) return false;
  const auto step = whole_state_.at("step").get<std::int64_t>();
  if (step <= saved_ || step == 0) return false;
  write_checkpoint(step, whole_state_, optimizer_.state());
  return true;
}

void TrainingLoop::agree_on_passes(const nlohmann::json& state) {
  std::int64_t tokens = prepared_.settings.pass_tokens;
  // The free memory of another day must not change how sums are rounded. Checkpoints that do not say it come from runs
  // with a pass for each pair.
  if (spec_.training.pass_tokens == 0 && !state.is_null())
    tokens = state.value("reference_pass_tokens", state.value("pass_tokens", std::int64_t{1}));
  const double own = static_cast<double>(tokens);
  const std::vector<double> all = group_.gather({&own, 1});
  reference_pass_tokens_ = static_cast<std::int64_t>(*std::ranges::min_element(all));
  prepared_.settings.pass_tokens = reference_pass_tokens_;
  engine_.set_pass_tokens(reference_pass_tokens_);
  if (prepared_.pass_limits().shared)
    spdlog::info("{}: pairs share passes of at most {} tokens", spec_.run.name, reference_pass_tokens_);
}

void TrainingLoop::restore_passes(const nlohmann::json& state) {
  const std::int64_t began_with = state.value("reference_pass_tokens", state.value("pass_tokens", std::int64_t{1}));
  const std::int64_t came_to = state.value("pass_tokens", began_with);
  if (came_to < began_with) engine_.set_pass_tokens(std::min(came_to, reference_pass_tokens_));
}

void TrainingLoop::restore(const std::filesystem::path& checkpoint, const nlohmann::json& state) {
  load_checkpoint(checkpoint, *prepared_.policy, optimizer_, group_);
  if (layers_) layers_->take_parts();
  try {
    const nlohmann::json& c = state.at("calibration");
    calibration_ = Calibration(
        settings_of(spec_.calibration),
        {c.at("log_d_w").get<double>(), c.at("log_d_l").get<double>(), c.at("log_norm_w").get<double>(),
         c.at("log_norm_l").get<double>(), c.at("incentives_set").get<bool>(), c.at("scores_set").get<bool>()});
    time_ = state.at("time").get<double>();
    LiveSettings settings = live_settings(spec_);
    update(settings, state.at("steered"), (checkpoint / "trainer.json").string());
    use(settings);
    alerts_.load(state.at("alerts"));
  } catch (const nlohmann::json::exception&) {
    throw DataError(Message::at(checkpoint / "trainer.json", Message::tr("not a trainer state")));
  }
}

void TrainingLoop::run(const std::filesystem::path& folder, RecordWriter* record,
                       const std::filesystem::path& checkpoint, const nlohmann::json& state, RunResult& result) {
  folder_ = folder;
  record_ = record;
  if (record) record->set_status(RunState::waiting);
  auto phase_began = Clock::now();
  // Micro-batches of a small model are faster than whoever reads of them.
  std::optional<Clock::time_point> reported;
  const auto report = [&](const std::string& phase, std::int64_t done, std::int64_t total) {
    check_folder(0);
    if (record) record->heartbeat();
    if (done == 0) phase_began = Clock::now();
    const double left =
        done > 0 ? since(phase_began) / static_cast<double>(done) * static_cast<double>(total - done) : unknown;
    status_.change([&](auto& values) { values.phase = phase, values.done = done, values.total = total; });
    if (record && (!reported || since(*reported) >= progress_seconds)) {
      write_run_progress(folder_, {phase, done, total, done > 0 ? std::optional(left) : std::nullopt});
      reported = Clock::now();
    }
    options_.progress({spec_.run.name, phase, done, total, left});
  };
  // A stop that was asked for over the socket is taken here; the other commands wait for the first step.
  bool stop_asked = false;
  const auto cancelled = [&] {
    stop_asked = stop_asked || commands_.stop_waits();
    return stop_asked || options_.stop_requested();
  };
  agree_on_passes(state);
  prepare_references(prepared_, report, cancelled);
  std::int64_t step = 0;
  if (!state.is_null()) {
    step = state.at("step").get<std::int64_t>();
    restore(checkpoint, state);
    restore_passes(state);
    event(step, "resume", Message::tr("goes on from %1", checkpoint.filename()));
  }
  if (layers_) layers_->let_go();
  for (const Message& note : prepared_.notes) event(step, "note", note);
  if (record) {
    record->set_status(RunState::running);
    remove_run_progress(folder_);
  }
  status_.change([&](auto& values) { values.state = "running", values.step = step, values.phase.clear(); });
  const bool probing = !prepared_.probe.pairs.empty();
  bool stopped = agree(cancelled() ? Ask::stop : Ask::go_on, step) == Ask::stop;
  // At the start, and where the run was stopped while it was being evaluated.
  const bool missing =
      record_ && group_.alone() && probing && step % spec_.probe.every == 0 && record_->last_probe_step() < step;
  if (probing && (step == 0 || missing) && !stopped) stopped = !evaluate_probe(step);
  if (step < prepared_.steps && benchmarks_due(step) && !stopped) stopped = !evaluate_benchmarks(step);
  const std::int64_t first = step;
  const double time_before = time_;
  saved_ = step;
  while (step < prepared_.steps && !stopped) {
    const StepRow row = train_step(++step);
    result.steps = step;
    result.seconds = time_;
    status_.change([&](auto& values) { values.step = step; });
    const double left =
        (time_ - time_before) / static_cast<double>(step - first) * static_cast<double>(prepared_.steps - step);
    options_.progress({spec_.run.name, "training", step, prepared_.steps, left, &row});
    const bool last = step == prepared_.steps;
    if (probing && step % spec_.probe.every == 0 && !evaluate_probe(step)) stopped = true;
    if (spec_.checkpoint.every > 0 && step % spec_.checkpoint.every == 0 && !last) save(step);
    // After the checkpoint, so that whoever is cut off here does not lose the steps.
    if (benchmarks_due(step) && !last && !stopped) stopped = !evaluate_benchmarks(step);
    if (!last && !stopped) stopped = handle_commands(step) == Ask::stop;
  }
  result.steps = step;
  result.seconds = time_;
  if (step > saved_ || step == first) save(step);
  const bool probed = !stopped;
  if (step == prepared_.steps && benchmarks_due(step) && !stopped) stopped = !evaluate_benchmarks(step);
  result.state = stopped ? RunState::stopped : RunState::done;
  if (stopped && step < prepared_.steps)
    event(step, "stop", Message::tr("stopped before step %1 of %2", step + 1, prepared_.steps));
  if (stopped && step == prepared_.steps)
    event(step, "stop",
          probed ? Message::tr("stopped before the last evaluation of the benchmarks")
                 : Message::tr("stopped before the last evaluation of the probe"));
  whole_state_ = nullptr;
  if (record) {
    record->set_status(result.state);
    record->close();
  }
  if (options_.profile) result.profile = profile();
  spdlog::info("{}: {} after {} steps, {:.1f} s of training", spec_.run.name, to_string(result.state), step, time_);
}

std::string TrainingLoop::profile() const {
  const double total = time_ > 0 ? time_ : 1.0;
  std::string text;
  const auto line = [&](const char* part, double seconds) {
    text += fmt::format("  {:<10} {:>9.2f} s {:>6.1f} %\n", part, seconds, 100.0 * seconds / total);
  };
  line("forward", times_.forward);
  line("head", times_.head);
  line("backward", times_.backward);
  line("combine", times_.combine);
  line("optimizer", optimizer_seconds_);
  if (spec_.scores.after_update) line("after", after_seconds_);
  line("record", record_seconds_);
  line("all", time_);
  return text;
}

}  // namespace bandscope::trainer
