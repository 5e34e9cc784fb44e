// SPDX-License-Identifier: Apache-2.0
#include "training/cli.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <climits>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/build_info.h"
#include "core/error.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "core/process/arguments.h"
#include "core/process/stop_signals.h"
#include "core/record/run_folder.h"
#include "core/schema/orders.h"
#include "core/schema/spoken.h"
#include "core/spec/error_place.h"
#include "core/spec/run_spec.h"
#include "training/control/server.h"
#include "training/cuda/device_kernels.h"
#include "training/errors/plain_reason.h"
#include "training/evaluate_command.h"
#include "training/jobs/devices.h"
#include "training/jobs/job_queue.h"
#include "training/parallel/group.h"
#include "training/plan/plan.h"
#include "training/progress_line.h"
#include "training/queue/keeper.h"
#include "training/serve/stdio.h"
#include "training/tools.h"
#include "training/trainer/run_log.h"
#include "training/trainer/trainer.h"

namespace bandscope {
namespace {

struct TrainArguments {
  std::string spec;
  std::vector<std::string> sets;
  std::string runs = "runs";
  bool json = false, profile = false;
  int jobs = 0;
  std::string devices, part;
  std::string origin;  ///< the file that a queue of jobs took this run from; empty: `spec`
  std::vector<std::string> origin_sets;
};

Message see_help(const Message& problem) { return Message::tr("%1; see bandscope-engine --help", problem); }

std::vector<Override> overrides_of(const std::vector<std::string>& sets) {
  std::vector<Override> overrides;
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0)
      throw SpecError(Message::tr("--set %1: KEY=VALUE is needed, e.g. --set objective.name=ipo", set));
    overrides.push_back({set.substr(0, equals), set.substr(equals + 1)});
  }
  return overrides;
}

void add_weights_options(CLI::App& command, WeightsRequest& request) {
  command.add_option("--device", request.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  command.add_option("--dtype", request.dtype, "float32 or bfloat16; otherwise the run's own, and float32 for a model")
      ->check(CLI::IsMember({"float32", "bfloat16"}));
}

CLI::App* add_evaluate(CLI::App& app, EvaluateArguments& arguments) {
  CLI::App* command =
      app.add_subcommand("evaluate", "benchmarks of models and runs, by lm-evaluation-harness's task files");
  command
      ->add_option("MODEL_OR_RUN", arguments.models,
                   "model or adapter folders, runs (RUN), or their checkpoints (RUN@STEP)")
      ->required();
  command->add_option("--tasks", arguments.tasks, "task files, or folders of them, with commas between")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--data", arguments.data, "folder with the data sets that tasks name");
  command->add_option("--limit", arguments.limit, "only the first N documents of each task")
      ->check(CLI::Range(1, INT_MAX));
  command->add_option("--shots", arguments.shots, "examples before each question, in place of what the tasks say")
      ->check(CLI::Range(0, INT_MAX));
  command->add_flag("--chat", arguments.chat, "ask through the model's chat template");
  command->add_option("--out", arguments.out,
                      "folder for results.json and samples_TASK.jsonl; goes on after the last whole task");
  command->add_flag("--json", arguments.json, "one JSON line per model on stdout instead of the table");
  add_weights_options(*command, arguments.weights);
  return command;
}

CLI::App* add_generate(CLI::App& app, GenerateArguments& arguments) {
  CLI::App* command = app.add_subcommand("generate", "answers to prompts");
  command->add_option("MODEL_OR_RUN", arguments.model, "model or adapter folder, run (RUN), or checkpoint (RUN@STEP)")
      ->required();
  command->add_option("PROMPTS", arguments.prompts, "JSON lines with prompt, instruction or messages")->required();
  command->add_option("--out", arguments.out,
                      "file to write, whole or not at all (FILE.part until then); - or nothing: stdout");
  command->add_flag("--stream", arguments.stream,
                    "lines of JSON on stdout as the answers grow; --out FILE is written as well");
  command->add_option("--max-tokens", arguments.max_tokens, "most tokens of an answer")
      ->capture_default_str()
      ->check(CLI::Range(1, INT_MAX));
  command->add_option("--temperature", arguments.temperature, "0: the likeliest token each time")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--top-p", arguments.top_p, "draw among the likeliest tokens that together reach this")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 1.0));
  command->add_option("--seed", arguments.seed, "of what is drawn")->capture_default_str();
  command->add_flag("--chat", arguments.chat, "ask through the model's chat template");
  command->add_flag("--alpaca-eval", arguments.alpaca_eval, "write the JSON array that AlpacaEval reads");
  add_weights_options(*command, arguments.weights);
  return command;
}

CLI::App* add_serve(CLI::App& app, serve::ServeArguments& arguments) {
  CLI::App* command = app.add_subcommand("serve", "the far end of a remote window, which starts it through ssh");
  // Said, so that there may be other ways.
  command->add_flag("--stdio", arguments.stdio, "answer over the standard streams")->required();
  command->add_option("--runs", arguments.runs, "folder of the runs")->capture_default_str();
  command->add_option("--data", arguments.data, "folder with data that may be looked into, and sent to")
      ->allow_extra_args(false)
      ->check(CLI::ExistingDirectory);
  command->add_option("--models", arguments.models, "folder with models that may be looked into")
      ->allow_extra_args(false)
      ->check(CLI::ExistingDirectory);
  command->add_flag("--slurm", arguments.slurm,
                    "runs are jobs: sbatch takes them, by ~/.config/bandscope/slurm.sbatch where there is one");
  return command;
}

/// "I/N": every N-th run from the I-th, from 0; empty: all.
std::vector<RunSpec> part_of(std::vector<RunSpec> specs, const std::string& part) {
  if (part.empty()) return specs;
  std::size_t index = 0, count = 0;
  char slash = 0;
  std::istringstream in(part);
  if (!(in >> index >> slash >> count) || slash != '/' || !in.eof() || index >= count)
    throw SpecError(
        Message::tr("--part %1: I/N is needed with 0 <= I < N, e.g. 0/4 for the first of four parts", part));
  std::vector<RunSpec> own;
  for (std::size_t i = index; i < specs.size(); i += count) own.push_back(std::move(specs[i]));
  return own;
}

std::string json_line(const trainer::RunResult& result) {
  nlohmann::json line = {{"name", result.name},
                         {"record", nullptr},
                         {"state", to_string(result.state)},
                         {"steps", result.steps},
                         {"seconds", result.seconds}};
  if (!result.record.empty()) line["record"] = result.record.string();  // null: it has been deleted
  if (!result.reason.empty()) line["reason"] = result.reason.english();
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Several runs at a time, each by an engine of its own.
int train_side_by_side(const TrainArguments& arguments, const std::vector<RunSpec>& specs) {
  jobs::JobOptions options;
  options.runs_folder = arguments.runs;
  options.places =
      jobs::job_places(arguments.devices.empty() ? std::max(1, arguments.jobs) : arguments.jobs,
                       arguments.devices.empty() ? std::vector<std::string>{} : jobs::parse_devices(arguments.devices));
  options.spec = arguments.spec;
  options.sets = arguments.sets;
  options.json = arguments.json;
  if (parallel::launched_in_parallel())
    throw SpecError(
        Message::tr("--jobs and --devices are for one process; torchrun, srun and mpirun start several for one run"));
  on_stop(OnStop::finish_step);
  return jobs::run_jobs(specs, options);
}

int show_plans(const TrainArguments& arguments, bool warm_up, int processes) {
  const std::vector<Override> overrides = overrides_of(arguments.sets);
  const std::vector<RunSpec> specs = load_run_specs(arguments.spec, overrides);
  plan::PlanOptions options;
  options.warm_up = warm_up;
  options.processes = processes;
  options.progress = [](const Message& what) { std::cerr << spoken(what, "") << std::flush; };
  std::vector<plan::RunPlan> plans;
  try {
    plans = plan::plan_runs(specs, options);
  } catch (const SpecError& error) {
    throw at_its_place(error, arguments.spec, overrides);
  }
  if (arguments.json) {
    for (const plan::RunPlan& run : plans) std::cout << plan::to_json_line(run) << std::endl;
  } else {
    std::cout << plan::to_table(plans) << std::flush;
  }
  return 0;
}

int train(const TrainArguments& arguments) {
  const std::vector<Override> overrides = overrides_of(arguments.sets);
  const std::vector<RunSpec> specs = part_of(load_run_specs(arguments.spec, overrides), arguments.part);
  if (arguments.jobs != 0 || !arguments.devices.empty()) return train_side_by_side(arguments, specs);
  // What goes wrong on a GPU may leave the process without one, or end it: each run of a sweep has its own.
  const bool on_gpu = std::ranges::any_of(specs, [](const RunSpec& spec) { return spec.run.device != "cpu"; });
  if (on_gpu && specs.size() > 1 && !arguments.profile && !parallel::launched_in_parallel() &&
      !jobs::gpus_here().empty())
    return train_side_by_side(arguments, specs);
  ProgressLine line(static_cast<std::int64_t>(specs.size()));
  trainer::RunOptions options;
  options.runs_folder = arguments.runs;
  options.profile = arguments.profile;
  options.progress = [&](const trainer::Progress& progress) { line.show(progress); };
  options.began = [] { on_stop(OnStop::finish_step); };
  options.stop_requested = [] { return stop_signal() != 0; };
  parallel::Group group(parallel::read_launch());
  options.group = &group;
  // One process speaks for all; the others speak of their own troubles.
  if (!group.first()) spdlog::set_level(spdlog::level::err), options.progress = [](const trainer::Progress&) {};
  // Before a run on the CPU makes LibTorch settle that there is no accelerator.
  if (on_gpu) cuda::load_cuda();
  int code = static_cast<int>(ExitCode::done);
  for (const RunSpec& spec : specs) {
    on_stop(OnStop::end_process);
    trainer::RunResult result;
    try {
      result = trainer::run_training(spec, options);
    } catch (const Error& error) {
      const auto* of_spec = dynamic_cast<const SpecError*>(&error);
      const bool own = arguments.origin.empty();
      const Error placed = !of_spec ? error
                           : own    ? at_its_place(*of_spec, arguments.spec, overrides)
                                    : at_its_place(*of_spec, arguments.origin, overrides_of(arguments.origin_sets));
      // The other runs of a sweep may still be good.
      line.end();
      if (specs.size() == 1 || group.broken()) throw placed;
      if (group.first()) std::cerr << spoken(Message::tr("run %1: %2", spec.run.name, placed.message()));
      if (code == 0) code = static_cast<int>(placed.code());
      continue;
    }
    if (group.first()) {
      line.finish(result);
      if (arguments.json) std::cout << json_line(result) << std::endl;
      if (!result.profile.empty()) std::cerr << result.profile;
    }
    if (result.state == RunState::failed && code == 0) code = static_cast<int>(ExitCode::failed);
    if (group.broken()) return code;
    // A signal may have reached another process than this one.
    if (result.state == RunState::stopped && group.sum(stop_signal() != 0 ? 1.0 : 0.0) > 0)
      return static_cast<int>(ExitCode::stopped);
  }
  return code;
}

int keep_queue(const std::string& runs, const std::string& file) {
  namespace fs = std::filesystem;
  if (!file.empty()) return queue::keep_queue(queue::QueueFile(fs::absolute(file)));
  std::error_code problem;
  const fs::path folder = fs::canonical(runs, problem);
  if (problem) throw DataError(Message::tr("%1 is no folder: %2", runs, system_reason(problem)));
  return queue::keep_queue(queue::queue_of_runs(folder));
}

}  // namespace

int run_engine(int argc, char** argv) {
  catch_stop_signals(OnStop::end_process);
  auto logger = spdlog::stderr_color_mt("bandscope");
  logger->set_formatter(trainer::log_format("%H:%M:%S %^%l%$ %*"));
  spdlog::set_default_logger(logger);

  CLI::App app{"Trains language models on preference pairs and records what happens to both likelihoods"};
  app.name("bandscope-engine");
  app.set_version_flag("--version", "bandscope-engine " + std::string(build_version()));
  TrainArguments arguments;
  app.add_option("SPEC", arguments.spec, "run spec (TOML); every run of its sweep is trained");
  app.add_option("--set", arguments.sets, "KEY=VALUE in place of what the spec says, e.g. objective.name=ipo")
      ->allow_extra_args(false);
  app.add_option("--runs", arguments.runs, "folder for the runs")->capture_default_str();
  app.add_flag("--json", arguments.json, "one JSON line per finished run on stdout");
  app.add_option("--jobs", arguments.jobs, "runs that go on at a time, each in an engine of its own")
      ->check(CLI::Range(1, 1024));
  app.add_option("--devices", arguments.devices,
                 "devices for them, e.g. cuda:0,cuda:1; as many jobs unless --jobs says otherwise");
  app.add_option("--part", arguments.part,
                 "I/N: only every N-th run of the sweep from the I-th, from 0; for job arrays");
  app.add_option("--origin", arguments.origin)->group("");  // between the engine and those that it starts
  app.add_option("--origin-set", arguments.origin_sets)->group("")->allow_extra_args(false);
  app.add_flag("--profile", arguments.profile, "say where the time went");

  std::string model, file, adapter, out, run_folder;
  std::vector<std::string> request;
  std::int64_t show = 5;
  CLI::App* tokenize = app.add_subcommand("tokenize", "print the ids of each string of a JSON array");
  tokenize->add_option("MODEL_DIR", model, "Hugging Face folder")->required();
  tokenize->add_option("FILE.json", file, "JSON array of strings")->required();
  CLI::App* pairs = app.add_subcommand("pairs", "show pairs as the spec's model sees them: tokens, ids, scored span");
  pairs->add_option("SPEC", file, "run spec")->required();
  pairs->add_option("--show", show, "number of pairs")->capture_default_str();
  TrainArguments planned;
  bool no_warm_up = false;
  int processes = 1;
  CLI::App* planning =
      app.add_subcommand("plan", "what every run of a spec will take: parameters, memory, tokens, time");
  planning->add_option("SPEC", planned.spec, "run spec")->required();
  planning->add_option("--set", planned.sets, "KEY=VALUE in place of what the spec says")->allow_extra_args(false);
  planning->add_flag("--json", planned.json, "one JSON object per run on stdout");
  planning->add_flag("--no-warm-up", no_warm_up, "measure no time: nothing is trained");
  planning->add_option("--processes", processes, "processes that will share each run")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  CLI::App* merge = app.add_subcommand("merge", "write a model with an adapter added to its weights");
  merge->add_option("MODEL_DIR", model, "Hugging Face folder")->required();
  merge->add_option("ADAPTER_DIR", adapter, "PEFT folder or checkpoint")->required();
  merge->add_option("--out", out, "folder to write")->required();
  std::string from, to;
  std::int64_t row = 0, row_l = -1;
  CLI::App* tokens =
      app.add_subcommand("tokens", "log-probabilities of a pair's tokens before and after training, as JSON");
  std::vector<std::string> run_folders;
  tokens->add_option("RUN_DIR", run_folders, "folders of runs; what shares a model loads it once")->required();
  tokens->add_option("--row", row, "line of the data file, from 0")->required()->check(CLI::Range(0, INT_MAX));
  tokens->add_option("--row-l", row_l, "line of its rejected response, where rows are of one response with a label")
      ->check(CLI::Range(0, INT_MAX));
  tokens->add_option("--from", from, "model or checkpoint in place of the run's reference");
  tokens->add_option("--to", to, "checkpoint in place of the run's newest");
  CLI::App* control = app.add_subcommand("control", "ask something of a live run");
  control->add_option("RUN_DIR", run_folder, "the run's folder")->required();
  control->add_option("COMMAND", request, orders_help())->required()->expected(1, 2);
  serve::ServeArguments served;
  CLI::App* serving = add_serve(app, served);
  CLI::App* keeping = app.add_subcommand("keep-queue", "start what waits in a queue, until nothing waits or goes on");
  std::string queue_file;
  CLI::Option* kept_runs =
      keeping->add_option("--runs", served.runs, "folder of runs whose queue it is")->capture_default_str();
  keeping->add_option("--queue", queue_file, "file of a window's queue in its place")->excludes(kept_runs);
  EvaluateArguments evaluated;
  CLI::App* evaluating = add_evaluate(app, evaluated);
  GenerateArguments generated;
  CLI::App* generating = add_generate(app, generated);
  refuse_empty_arguments({argv, static_cast<std::size_t>(argc)});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw SpecError(see_help(Message::plain(error.what())));
  }
  if (*tokenize)
    return errors::with_plain_reasons(Message::tr("tokenizing"), [&] { return print_tokens(model, file); });
  if (*pairs) return errors::with_plain_reasons(Message::tr("reading pairs"), [&] { return print_pairs(file, show); });
  if (*planning)
    return errors::with_plain_reasons(Message::tr("planning"),
                                      [&] { return show_plans(planned, !no_warm_up, processes); });
  if (*merge)
    return errors::with_plain_reasons(Message::tr("merging"), [&] { return merge_adapter(model, adapter, out); });
  if (*tokens)
    return errors::with_plain_reasons(Message::tr("computing log-probabilities"),
                                      [&] { return print_token_log_probs(run_folders, row, row_l, from, to); });
  if (*keeping)
    return errors::with_plain_reasons(Message::tr("keeping the queue"),
                                      [&] { return keep_queue(served.runs, queue_file); });
  if (*serving) return errors::with_plain_reasons(Message::tr("serving"), [&] { return serve::serve_stdio(served); });
  if (*evaluating)
    return errors::with_plain_reasons(Message::tr("evaluating"), [&] { return evaluate_models(evaluated); });
  if (*generating)
    return errors::with_plain_reasons(Message::tr("generating"), [&] { return generate_answers(generated); });
  if (*control)
    return errors::with_plain_reasons(Message::tr("asking the run"), [&] { return send_control(run_folder, request); });
  if (arguments.spec.empty()) throw SpecError(see_help(Message::tr("a run spec is needed")));
  return errors::with_plain_reasons(Message::tr("training"), [&] { return train(arguments); });
}

}  // namespace bandscope
