// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/spec/spec_document.h"
#include "training/control/server.h"
#include "training/data/pair_overlap.h"
#include "training/errors/plain_reason.h"
#include "training/model/weight_files.h"
#include "training/optimizer/schedule.h"
#include "training/trainer/hash_cache.h"
#include "training/trainer/loop.h"
#include "training/trainer/run_folders.h"
#include "training/trainer/run_log.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;

/// The values of a spec as TOML, by key; nothing where it cannot be read.
std::optional<std::map<std::string, std::string>> values_of(const std::string& toml) {
  try {
    std::map<std::string, std::string> values;
    for (const SpecEntry& entry : read_document(toml, "the record's spec")) values[entry.key] = to_string(entry.value);
    return values;
  } catch (const SpecError&) {
    return std::nullopt;
  }
}

/// What a resumed run is asked to do differently from what its record says; empty when nothing.
Message spec_changes(const std::string& before, const std::string& now) {
  const auto old_values = values_of(before), new_values = values_of(now);
  if (!old_values || !new_values) return Message::tr("the record's spec cannot be read, so what differs is not known");
  const auto &old_keys = *old_values, &new_keys = *new_values;
  Message changes;
  const auto add = [&](const Message& change) {
    changes = changes.empty() ? change : Message::tr("%1, %2", changes, change);
  };
  for (const auto& [key, value] : new_keys) {
    const auto old = old_keys.find(key);
    if (key == "run.resume" || (old != old_keys.end() && old->second == value)) continue;
    const std::string now_is = key + " = " + value;
    add(old == old_keys.end() ? Message::tr("%1 (was not set)", now_is)
                              : Message::tr("%1 (was %2)", now_is, old->second));
  }
  for (const auto& [key, value] : old_keys)
    if (!new_keys.contains(key)) add(Message::tr("%1 is not set (was %2)", key, value));
  return changes;
}

/// Pairs beyond the positions that the model was trained with; empty when there are none.
Message length_note(const PreparedRun& run) {
  const std::int64_t positions = run.policy->config().max_position;
  std::int64_t longer = 0, longest = 0;
  for (const data::TokenPair& pair : run.train.pairs) {
    const auto ids = static_cast<std::int64_t>(
        std::max(pair.prompt.size() + pair.chosen.size(), pair.prompt_of(false).size() + pair.rejected.size()));
    longer += ids > positions ? 1 : 0;
    longest = std::max(longest, ids);
  }
  if (longer == 0) return {};
  return Message::tr(
      "%1 of %2 pairs are longer than the %3 positions of the model (the longest has %4 ids); data.max_length cuts "
      "them",
      longer, run.train.pairs.size(), positions, longest);
}

/// A warm-up that leaves no step with a learning rate above 0; empty elsewhere.
Message warm_up_note(const PreparedRun& run) {
  const RunSpec::Optimizer& optimizer = run.spec.optimizer;
  if (optimizer.warmup_ratio == 0 || optimizer.learning_rate == 0) return {};
  for (std::int64_t step = 1; step <= std::min<std::int64_t>(run.steps, 2); ++step)
    if (optimizer::learning_rate_at(optimizer, step, run.steps) > 0) return {};
  return Message::tr(
      "no step has a learning rate above 0, so that nothing is learnt: optimizer.warmup_ratio = %1 begins at 0, and "
      "there is only %2 step",
      fmt::format("{}", optimizer.warmup_ratio), run.steps);
}

/// Weight files beside those that are used and weights in them that are not, of the model, its reference and its
/// adapter; empty ones where there are none.
std::vector<Message> weight_notes(const PreparedRun& run) {
  const RunSpec& spec = run.spec;
  std::vector<Message> notes = {model::choose_weight_files(spec.model.path).note, run.policy->unused()};
  if (!spec.model.reference.empty() && spec.model.reference != spec.model.path) {
    notes.push_back(model::choose_weight_files(spec.model.reference).note);
    notes.push_back(run.reference->unused());
  }
  if (!spec.model.adapter.empty()) notes.push_back(model::choose_adapter_files(spec.model.adapter).note);
  return notes;
}

/// A probe of which one half is missing; empty when there is none, or both.
Message probe_note(const RunSpec& spec) {
  if (spec.probe.every > 0 && spec.data.probe.empty())
    return Message::tr("no probe is evaluated: probe.every is set, data.probe is not");
  if (spec.probe.every == 0 && !spec.data.probe.empty())
    return Message::tr("no probe is evaluated: data.probe is set, probe.every is 0");
  return {};
}

/// Rows that are not used, and what people should know about how the others were read.
void say_rows(const data::PairSet& set, const fs::path& file) {
  for (const data::UnusableRow& row : set.examples)
    spdlog::warn("{}: row {} is not used: {}", file.string(), row.row, printable(row.reason.english()));
  if (const std::string rows = data::further_rows(set); !rows.empty())
    spdlog::warn("{}: … and rows {} are not used", file.string(), rows);
  for (const Message& note : set.notes) spdlog::warn("{}: {}", file.string(), note.english());
}

void say_what_runs(const PreparedRun& run, const fs::path& folder) {
  const RunSpec& spec = run.spec;
  spdlog::info("{}: {} {}, {} parameters, {} on {} ({})", spec.run.name,
               model::to_string(run.policy->config().architecture), spec.model.path.filename().string(),
               run.policy->weight_count(), spec.objective.name, run.device.str(), run.device_reason.english());
  if (run.device.is_cuda() && spec.model.dtype == Dtype::float32)
    spdlog::info(
        "{}: model.dtype = \"float32\" leaves the GPU's bfloat16 units idle; \"bfloat16\" is several times as fast",
        spec.run.name);
  if (const model::Decoder::Quantized& in_4_bits = run.policy->quantized(); in_4_bits.matrices > 0)
    spdlog::info("{}: {} matrices of {} parameters in 4 bits, {:.1f} MiB ({})", spec.run.name, in_4_bits.matrices,
                 in_4_bits.weights, static_cast<double>(in_4_bits.bytes) / (1 << 20), in_4_bits.library);
  if (!spec.model.adapter.empty()) {
    std::string on;
    for (const std::string& target : spec.model.lora.targets) on += (on.empty() ? "" : ", ") + target;
    spdlog::info("{}: starts from {}: rank {}, alpha {}{}, on {}", spec.run.name, spec.model.adapter.string(),
                 spec.model.lora.rank, spec.model.lora.alpha, spec.model.lora.rslora ? " (rsLoRA)" : "", printable(on));
  }
  if (run.processes > 1)
    spdlog::info("{}: {} processes with {} pairs of a step each", spec.run.name, run.processes,
                 spec.training.batch_size / run.processes);
  spdlog::info("{}: {} pairs ({}), {} unusable rows, {} steps of {} pairs", spec.run.name, run.train.pairs.size(),
               run.train.form, run.train.unusable, run.steps, spec.training.batch_size);
  if (!run.probe.pairs.empty())
    spdlog::info("{}: {} held-out pairs ({}), {} unusable rows", spec.run.name, run.probe.pairs.size(), run.probe.form,
                 run.probe.unusable);
  say_rows(run.train, spec.data.train);
  say_rows(run.probe, spec.data.probe);
  for (const Message& note : run.policy->config().notes)
    spdlog::info("{}: {}", spec.model.path.string(), note.english());
  for (const Message& note : run.tokenizer->notes()) spdlog::warn("{}: {}", spec.model.path.string(), note.english());
  if (on_network_file_system(folder))
    spdlog::warn("{}: a network file system; following the record while it is written is not safe there",
                 folder.string());
}

/// What the record says of the run before its first row.
RecordWriter::Options record_content(const PreparedRun& run, const TrainingLoop& loop, const parallel::Group& group) {
  const RunSpec& spec = run.spec;
  RecordWriter::Options content;
  content.spec_toml = to_toml(spec);
  nlohmann::json environment = describe_environment(spec, run.device, run.device_reason, run.hashes, run.train.sha256);
  if (const std::string& library = run.policy->quantized().library; !library.empty())
    environment["bitsandbytes"] = {{"library", library}, {"sha256", file_sha256(library)}};
  if (run.train.files.size() > 1) {
    for (const auto& [name, digest] : run.train.files) environment["sha256"]["data_files"][name] = digest;
  }
  if (!spec.model.adapter.empty()) environment["sha256"]["adapter"] = model_hashes(spec.model.adapter);
  if (!spec.model.reference.empty()) environment["sha256"]["reference"] = model_hashes(spec.model.reference);
  if (!run.probe.pairs.empty()) environment["sha256"]["probe"] = run.probe.sha256;
  environment["planned_steps"] = run.steps;  // what progress is measured against
  if (!group.alone()) environment["processes"] = group.size();
  content.environment_json = environment.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
  content.layer_names = spec.scores.layers ? loop.layer_names() : std::vector<std::string>{};
  return content;
}

/// A fresh record, or the one of the run that is gone on with, cut to its last checkpoint.
RecordWriter open_record(const fs::path& file, const RecordWriter::Options& content, bool resume,
                         std::int64_t last_step) {
  return resume ? RecordWriter::resume(file, last_step) : RecordWriter::create(file, content);
}

/// The record's last words: why the run failed; or, with `as` done, that going on came to nothing. Where the disk is
/// full it may not take them; what it has stays readable.
bool record_failure(RecordWriter& writer, const RunResult& result, RunState as = RunState::failed) {
  bool recorded = true;
  try {
    writer.append_event({result.steps, result.seconds, "stop", result.reason});
  } catch (const std::exception&) {
    recorded = false;
  }
  try {
    writer.set_status(as);
    writer.close();
  } catch (const std::exception&) {
  }
  return recorded;
}

/// What a run that is gone on with left behind.
struct Before {
  bool resuming = false;
  bool finished = false;      ///< its record says so
  bool nothing_left = false;  ///< and has every step that is asked for
  std::int64_t steps = 0;     ///< in the record
  double seconds = 0;
  std::string spec_toml;
  std::optional<UsableCheckpoint> checkpoint;
  nlohmann::json state;  ///< of the checkpoint; null without

  std::int64_t step() const { return state.is_null() ? 0 : state.at("step").get<std::int64_t>(); }
  double time() const { return state.is_null() ? 0 : state.value("time", 0.0); }
};

Before look_back(const PreparedRun& run, const fs::path& folder, const fs::path& record) {
  Before before;
  before.resuming = run.spec.run.resume && fs::exists(record);
  if (!before.resuming) return before;
  const RecordReader reader = RecordReader::open(record);
  before.spec_toml = reader.spec_toml();
  before.steps = static_cast<std::int64_t>(reader.steps());
  before.finished = reader.state() == RunState::done;
  before.nothing_left = before.finished && before.steps >= run.steps;
  if (const auto time = reader.column(Column::time); !time.empty()) before.seconds = time.back();
  if (before.nothing_left) return before;
  before.checkpoint = usable_checkpoint(folder, before.steps);
  if (before.checkpoint) before.state = before.checkpoint->state;
  return before;
}

/// Notes that belong at the front of the record, or where it goes on.
void note_what_is_odd(const PreparedRun& run, RecordWriter& writer, const Before& before, const Message& changes) {
  const std::string& name = run.spec.run.name;
  std::vector<Message> resume_notes = before.checkpoint ? before.checkpoint->passed_over : std::vector<Message>();
  if (!changes.empty()) resume_notes.push_back(Message::tr("goes on with another spec: %1", changes));
  for (const Message& note : resume_notes) {
    spdlog::warn("{}: {}", name, note.english());
    writer.append_event({before.step(), before.time(), "note", note});
  }
  std::vector<Message> notes = weight_notes(run);
  for (const Message& note : {data::overlap_message(data::overlap_of(run.train, run.probe)), length_note(run),
                              probe_note(run.spec), warm_up_note(run)})
    notes.push_back(note);
  for (const Message& note : notes) {
    if (note.empty()) continue;
    spdlog::warn("{}: {}", name, note.english());
    if (!before.resuming) writer.append_event({0, 0.0, "note", note});
  }
}

/// True where every process of the run fails alike, and the next run of a sweep can begin.
bool fails_alike(const std::exception& error) { return dynamic_cast<const parallel::AgreedError*>(&error) != nullptr; }

/// Rank 0 of a run: the folder, its log and its record.
RunResult lead_run(PreparedRun& run, const RunOptions& options, parallel::Group& group) {
  const RunSpec& spec = run.spec;
  fs::path folder, record;
  std::optional<RunLog> log;
  Before before;
  std::optional<RecordWriter> writer;
  std::optional<control::ControlServer> control;
  RunResult result{spec.run.name, {}};
  TrainingLoop loop(run, options, group);
  group.together([&] {
    const RecordWriter::Options content = record_content(run, loop, group);
    options.began();
    const ClaimedFolder claimed = claim_run_folder(options.runs_folder, spec);
    folder = claimed.folder;
    log.emplace(folder / "log.txt");
    say_what_runs(run, folder);
    result.record = record = folder / "run.h5";
    before = look_back(run, folder, record);
    // A record that is whole is not opened for writing: what goes wrong then cannot spoil it.
    if (before.nothing_left) {
      spdlog::info("{}: is finished, nothing is left to do", spec.run.name);
      return;
    }
    // The record keeps the spec that the run began with: what goes on otherwise must be said in it.
    const Message changes = before.resuming ? spec_changes(before.spec_toml, content.spec_toml) : Message();
    // The record comes last: where these find no room, none is left behind that looks like a run that was killed.
    write_fresh(folder / "spec.toml", to_toml(spec));
    control.emplace(loop.commands(), loop.status());
    EngineProcess process = this_process();
    process.socket = control->path();
    write_engine_process(folder, process);
    writer.emplace(open_record(record, content, before.resuming, before.step()));
    try {
      note_what_is_odd(run, *writer, before, changes);
    } catch (const std::exception& error) {
      RunResult none{spec.run.name,       record, RunState::failed,
                     writer->last_step(), 0,      errors::plain_reason(error, Message::tr("writing the record"))};
      const bool recorded = record_failure(*writer, none);
      std::error_code ignored;
      if (!recorded && !before.resuming) fs::remove(record, ignored);
      throw;
    }
  });
  group.broadcast(nlohmann::json{{"state", before.state}, {"nothing_left", before.nothing_left}}.dump());
  if (before.nothing_left) {
    result.steps = before.steps;
    result.seconds = before.seconds;
    return result;
  }

  try {
    loop.run(folder, &*writer, before.checkpoint ? before.checkpoint->folder : fs::path(), before.state, result);
  } catch (const std::exception& error) {
    result.state = RunState::failed;
    result.steps = writer->last_step();  // the step that failed may be recorded
    result.reason = errors::plain_reason(error, Message::tr("training, after step %1", result.steps));
    const fs::path now = writer->present_path();
    if (!now.empty() || !fs::exists(record)) result.record = now;
    spdlog::error("{}: failed: {}", spec.run.name, result.reason.english());
    try {
      if (group.broken()) loop.rescue();
    } catch (const std::exception&) {
    }
    if (!fails_alike(error)) group.abandon();
    // What had been finished stays so where going on came to nothing.
    const bool nothing_done = before.finished && before.step() > 0 && result.steps == before.step();
    record_failure(*writer, result, nothing_done ? RunState::done : RunState::failed);
  }
  return result;
}

/// The other ranks: they compute, and write nothing.
RunResult follow_run(PreparedRun& run, const RunOptions& options, parallel::Group& group) {
  TrainingLoop loop(run, options, group);
  options.began();
  group.together([] {});  // rank 0 claims the folder
  const nlohmann::json agreed = nlohmann::json::parse(group.broadcast(std::string()));
  const nlohmann::json& state = agreed.at("state");
  RunResult result{run.spec.run.name, {}};
  if (agreed.at("nothing_left").get<bool>()) return result;
  try {
    loop.run({}, nullptr, {}, state, result);
  } catch (const std::exception& error) {
    result.state = RunState::failed;
    result.reason = errors::plain_reason(error, Message::tr("training"));
    spdlog::error("{}: process {}: {}", run.spec.run.name, group.rank(), result.reason.english());
    if (!fails_alike(error)) group.abandon();
  }
  return result;
}

RunResult prepare_and_run(const RunSpec& spec, const RunOptions& options) {
  parallel::Group alone;
  parallel::Group& group = options.group ? *options.group : alone;
  std::optional<PreparedRun> run;
  group.together([&] { run.emplace(prepare_run(spec, &group)); });
  group.use_device(run->device, identity_of(run->device));
  const std::string weights = run->hashes.dump();
  const std::string leading = group.broadcast(weights);
  group.together([&] {
    if (weights != leading)
      throw DataError(Message::at(
          spec.model.path,
          Message::tr("the model's files are not those of process 0; all processes of a run need the same")));
  });
  return group.first() ? lead_run(*run, options, group) : follow_run(*run, options, group);
}

}  // namespace

RunResult run_training(const RunSpec& spec, const RunOptions& options) {
  return errors::with_plain_reasons(Message::tr("preparing the run \"%1\"", spec.run.name), [&] {
    try {
      return prepare_and_run(spec, options);
    } catch (const std::exception& error) {
      if (options.group && !fails_alike(error)) options.group->abandon();
      throw;
    }
  });
}

}  // namespace bandscope::trainer
