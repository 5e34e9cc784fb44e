// SPDX-License-Identifier: GPL-3.0-or-later
// Stands for the engine in the window's tests: takes its command line and writes a real record, a step every 20 ms.
// In the folder that FAKE_ENGINE_HOLD names, a file `reference` keeps it computing references, and a file `stop` keeps
// it in its step after it was told to stop. `generate` answers each prompt with its own words in capitals; a file
// `answer` keeps it in the middle of its answers, lines of a file `lines` are said in their place, and a file `refuse`
// makes it fail with that sentence. Its process is written into `pid`. `keep-queue` is the engine's own.
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/input/json.h"
#include "core/process/stop_signals.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/spec/run_spec.h"
#include "tests/app/record_maker.h"
#include "training/queue/keeper.h"

namespace {

volatile std::sig_atomic_t stop = 0;

bool held(const char* what) {
  const char* folder = std::getenv("FAKE_ENGINE_HOLD");
  return folder && std::filesystem::exists(std::filesystem::path(folder) / what);
}

std::string told(const char* what) {
  const char* folder = std::getenv("FAKE_ENGINE_HOLD");
  std::ifstream file(std::filesystem::path(folder ? folder : "/none") / what);
  return {std::istreambuf_iterator<char>(file), {}};
}

void breathe() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

void say(const nlohmann::json& line) { std::cout << line.dump() << std::endl; }

/// "generate MODEL PROMPTS --stream …"
int generate(const char* model, const char* file) {
  if (const char* folder = std::getenv("FAKE_ENGINE_HOLD"))
    std::ofstream(std::filesystem::path(folder) / "pid") << bandscope::this_process().pid;
  if (held("refuse")) {
    std::cerr << "bandscope-engine: " << told("refuse") << std::endl;
    return 3;
  }
  std::ifstream in(file);
  std::vector<nlohmann::json> prompts;
  for (std::string line; std::getline(in, line);) prompts.push_back(nlohmann::json::parse(line));
  say({{"loaded", model}, {"prompts", prompts.size()}});
  if (held("lines")) {
    std::cout << told("lines") << std::flush;
    while (held("answer") && !stop) breathe();
    return 0;
  }
  std::vector<std::string> answers(prompts.size());
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    answers[i] = prompts[i].value("prompt", "");
    for (char& letter : answers[i]) letter = char(std::toupper(letter));
    say({{"index", i}, {"piece", answers[i].substr(0, answers[i].size() / 2)}, {"tokens", 2}});
    breathe();
  }
  while (held("answer") && !stop) breathe();
  for (std::size_t i = 0; i < prompts.size() && !stop; ++i) {
    prompts[i]["output"] = answers[i];
    say({{"index", i}, {"tokens", 4}, {"answer", prompts[i]}});
  }
  return stop ? 130 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace bandscope;
  using namespace bandscope::testing;
  std::signal(SIGTERM, [](int) { stop = 1; });
  if (argc > 3 && std::strcmp(argv[1], "generate") == 0) return generate(argv[2], argv[3]);
  std::filesystem::path runs = "runs";
  for (int i = 2; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--runs") == 0) runs = argv[i + 1];
  }
  try {
    if (argc > 3 && std::strcmp(argv[1], "keep-queue") == 0) {
      catch_stop_signals(OnStop::end_process);
      return queue::keep_queue(queue::QueueFile(argv[3]));
    }
    for (const auto& spec : load_run_specs(argv[1])) {
      MadeRun run{.name = spec.run.name,
                  .calibrated = spec.calibration.enabled,
                  .steps = int(spec.training.steps.value_or(20)),
                  .pairs_per_step = 2};
      const auto folder = runs / run.name;
      const bool resumes = spec.run.resume && std::filesystem::exists(folder / "run.h5");
      int done = 0;
      if (resumes) done = int(RecordReader::open(folder / "run.h5").steps());
      auto writer = resumes ? RecordWriter::resume(folder / "run.h5", done) : begin_run(runs, run);
      if (resumes) write_engine_process(folder, this_process());
      writer.set_status(RunState::waiting);
      while (held("reference") && !stop) {
        write_run_progress(folder, {"reference", 3, 6, 54.0});
        writer.heartbeat();
        breathe();
      }
      remove_run_progress(folder);
      writer.set_status(RunState::running);
      if (resumes)
        writer.append_event({done, done * run.pace, "resume", Message::plain("goes on from checkpoint-00000001")});
      for (int step = done + 1; step <= run.steps && !stop; ++step) {
        append_step(writer, run, step);
        breathe();
      }
      while (stop && held("stop")) breathe();
      writer.set_status(stop ? RunState::stopped : RunState::done);
      writer.close();
      if (stop) return 130;
    }
  } catch (const Error& error) {
    std::cerr << "bandscope-engine: " << error.what() << std::endl;
    return int(error.code());
  }
}
