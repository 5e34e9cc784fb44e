// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "training/control/server.h"
#include "training/data/pair_overlap.h"
#include "training/trainer/loop.h"
#include "training/trainer/reason.h"
#include "training/trainer/run_folders.h"
#include "training/trainer/run_log.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

void write_spec(const fs::path& folder, const RunSpec& spec) {
  std::ofstream out(folder / "spec.toml", std::ios::trunc);
  out << to_toml(spec);
  out.close();
  if (!out) throw RunError((folder / "spec.toml").string() + ": cannot be written");
}

/// "section.key = value" of every line of a resolved spec, by key.
std::map<std::string, std::string> keys_of(const std::string& toml) {
  std::map<std::string, std::string> keys;
  std::istringstream lines(toml);
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find(" = ");
    if (line.starts_with('[')) {
      section = line.substr(1, line.size() - 2) + ".";
    } else if (equals != std::string::npos) {
      keys[section + line.substr(0, equals)] = line.substr(equals + 3);
    }
  }
  return keys;
}

/// What a resumed run is asked to do differently from what its record says; empty when nothing.
std::string spec_changes(const std::string& before, const std::string& now) {
  auto old_keys = keys_of(before), new_keys = keys_of(now);
  std::string changes;
  const auto add = [&](const std::string& change) { changes += (changes.empty() ? "" : ", ") + change; };
  for (const auto& [key, value] : new_keys) {
    const auto old = old_keys.find(key);
    if (key == "run.resume" || (old != old_keys.end() && old->second == value)) continue;
    add(key + " = " + value + (old == old_keys.end() ? " (was not set)" : " (was " + old->second + ")"));
  }
  for (const auto& [key, value] : old_keys)
    if (!new_keys.contains(key)) add(key + " is not set (was " + value + ")");
  return changes;
}

/// Held-out pairs that are trained on; empty when there are none.
std::string overlap_note(const PreparedRun& run) {
  const PairOverlap overlap = overlap_of(run.train, run.probe);
  if (overlap.shared == 0) return {};
  return fmt::format("{} of the {} probe pairs are also training pairs: held-out figures would flatter", overlap.shared, overlap.probe);
}

/// Pairs beyond the positions that the model was trained with; empty when there are none.
std::string length_note(const PreparedRun& run) {
  const std::int64_t positions = run.policy->config().max_position;
  std::int64_t longer = 0, longest = 0;
  for (const TokenPair& pair : run.train.pairs) {
    const auto ids = static_cast<std::int64_t>(pair.prompt.size() + std::max(pair.chosen.size(), pair.rejected.size()));
    longer += ids > positions ? 1 : 0;
    longest = std::max(longest, ids);
  }
  if (longer == 0) return {};
  return fmt::format("{} of {} pairs are longer than the {} positions of the model (the longest has {} ids); data.max_length cuts them", longer,
                     run.train.pairs.size(), positions, longest);
}

/// A probe of which one half is missing; empty when there is none, or both.
std::string probe_note(const RunSpec& spec) {
  if (spec.probe.every > 0 && spec.data.probe.empty()) return "no probe is evaluated: probe.every is set, data.probe is not";
  if (spec.probe.every == 0 && !spec.data.probe.empty()) return "no probe is evaluated: data.probe is set, probe.every is 0";
  return {};
}

void say_what_runs(const PreparedRun& run, const fs::path& folder) {
  const RunSpec& spec = run.spec;
  spdlog::info("{}: {} {}, {} parameters, {} on {} ({})", spec.run.name, to_string(run.policy->config().architecture),
               spec.model.path.filename().string(), run.policy->weight_count(), spec.objective.name, run.device.str(), run.device_reason);
  if (const Decoder::Quantized& in_4_bits = run.policy->quantized(); in_4_bits.matrices > 0)
    spdlog::info("{}: {} matrices of {} parameters in 4 bits, {:.1f} MiB ({})", spec.run.name, in_4_bits.matrices, in_4_bits.weights,
                 static_cast<double>(in_4_bits.bytes) / (1 << 20), in_4_bits.library);
  if (run.processes > 1)
    spdlog::info("{}: {} processes with {} pairs of a step each", spec.run.name, run.processes, spec.training.batch_size / run.processes);
  spdlog::info("{}: {} pairs ({}), {} unusable rows, {} steps of {} pairs", spec.run.name, run.train.pairs.size(), run.train.form,
               run.train.unusable, run.steps, spec.training.batch_size);
  for (const UnusableRow& row : run.train.examples)
    spdlog::warn("{}: row {} is not used: {}", spec.data.train.string(), row.row, printable(row.reason));
  for (const std::string& note : run.tokenizer->notes()) spdlog::warn("{}: {}", spec.model.path.string(), note);
  for (const std::string& note : run.train.notes) spdlog::warn("{}: {}", spec.data.train.string(), note);
  if (on_network_file_system(folder))
    spdlog::warn("{}: a network file system; following the record while it is written is not safe there", folder.string());
}

/// A fresh record, or the one of the run that is gone on with, cut to its last checkpoint.
RecordWriter open_record(const fs::path& file, const RecordWriter::Options& content, bool resume, std::int64_t last_step) {
  return resume ? RecordWriter::resume(file, last_step) : RecordWriter::create(file, content);
}

/// Rank 0 of a run: the folder, its log and its record.
RunResult lead_run(PreparedRun& run, const RunOptions& options, Group& group) {
  const RunSpec& spec = run.spec;
  fs::path folder;
  std::optional<RunLog> log;
  fs::path record;
  std::optional<fs::path> checkpoint;
  nlohmann::json state;
  std::optional<RecordWriter> writer;
  TrainingLoop loop(run, options, group);
  group.together([&] {
    folder = claim_run_folder(options.runs_folder, spec);
    log.emplace(folder / "log.txt");
    say_what_runs(run, folder);
    record = folder / "run.h5";
    checkpoint = spec.run.resume ? newest_checkpoint(folder) : std::nullopt;
    const bool resuming = spec.run.resume && fs::exists(record);
    if (resuming && checkpoint) state = read_trainer_state(*checkpoint);

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
    content.environment_json = environment.dump(1);
    content.layer_names = spec.scores.layers ? loop.layer_names() : std::vector<std::string>{};
    // The record keeps the spec that the run began with: what goes on otherwise must be said in it.
    const std::string changes = resuming ? spec_changes(RecordReader::open(record).spec_toml(), content.spec_toml) : "";
    writer.emplace(open_record(record, content, resuming, state.is_null() ? 0 : state.at("step").get<std::int64_t>()));
    if (!changes.empty()) {
      spdlog::warn("{}: goes on with another spec: {}", spec.run.name, changes);
      writer->append_event({state.is_null() ? 0 : state.at("step").get<std::int64_t>(), state.is_null() ? 0.0 : state.value("time", 0.0), "note",
                            "goes on with another spec: " + changes});
    }
    for (const std::string& note : {overlap_note(run), length_note(run), probe_note(spec)}) {
      if (note.empty()) continue;
      spdlog::warn("{}: {}", spec.run.name, note);
      if (!resuming) writer->append_event({0, 0.0, "note", note});
    }
    write_spec(folder, spec);
  });
  group.broadcast(state.dump());
  ControlServer control(loop.commands(), loop.status());
  EngineProcess process = this_process();
  process.socket = control.path();
  write_engine_process(folder, process);

  RunResult result{spec.run.name, record};
  try {
    loop.run(folder, &*writer, checkpoint.value_or(fs::path()), state, result);
  } catch (const std::exception& error) {
    result.state = RunState::failed;
    result.reason = plain_reason(error);
    result.steps = writer->last_step();  // the step that failed may be recorded
    spdlog::error("{}: failed: {}", spec.run.name, result.reason);
    // Where the disk is full the record cannot say more; what it has stays readable.
    try {
      if (group.broken()) loop.rescue();
      writer->append_event({result.steps, result.seconds, "stop", result.reason});
      writer->set_status(RunState::failed);
      writer->close();
    } catch (const std::exception&) {
    }
  }
  return result;
}

/// The other ranks: they compute, and write nothing.
RunResult follow_run(PreparedRun& run, const RunOptions& options, Group& group) {
  TrainingLoop loop(run, options, group);
  group.together([] {});  // rank 0 claims the folder
  const nlohmann::json state = nlohmann::json::parse(group.broadcast(std::string()));
  RunResult result{run.spec.run.name, {}};
  try {
    loop.run({}, nullptr, {}, state, result);
  } catch (const std::exception& error) {
    result.state = RunState::failed;
    result.reason = plain_reason(error);
    spdlog::error("{}: process {}: {}", run.spec.run.name, group.rank(), result.reason);
  }
  return result;
}

}  // namespace

RunResult run_training(const RunSpec& spec, const RunOptions& options) {
  Group alone;
  Group& group = options.group ? *options.group : alone;
  std::optional<PreparedRun> run;
  group.together([&] { run.emplace(prepare_run(spec, &group)); });
  group.use_device(run->device);
  const std::string weights = run->hashes.dump();
  const std::string leading = group.broadcast(weights);
  group.together([&] {
    if (weights != leading)
      throw DataError(spec.model.path.string() + ": the model's files are not those of process 0; all processes of a run need the same");
  });
  return group.first() ? lead_run(*run, options, group) : follow_run(*run, options, group);
}

}  // namespace bandscope
