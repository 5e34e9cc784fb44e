// SPDX-License-Identifier: GPL-3.0-or-later
// Stands for the engine in the window's tests: takes its command line and writes a real record, a step every 20 ms.
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <thread>

#include "core/error.h"
#include "core/spec/run_spec.h"
#include "tests/app/record_maker.h"

namespace {
volatile std::sig_atomic_t stop = 0;
}

int main(int argc, char** argv) {
  using namespace bandscope;
  using namespace bandscope::testing;
  std::signal(SIGTERM, [](int) { stop = 1; });
  std::filesystem::path runs = "runs";
  for (int i = 2; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--runs") == 0) runs = argv[i + 1];
  }
  try {
    for (const auto& spec : load_run_specs(argv[1])) {
      MadeRun run{.name = spec.run.name,
                  .calibrated = spec.calibration.enabled,
                  .steps = int(spec.training.steps.value_or(20)),
                  .pairs_per_step = 2};
      auto writer = begin_run(runs, run);
      for (int step = 1; step <= run.steps && !stop; ++step) {
        append_step(writer, run, step);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      writer.set_status(stop ? RunState::stopped : RunState::done);
      writer.close();
      if (stop) return 130;
    }
  } catch (const Error& error) {
    std::cerr << "bandscope-engine: " << error.what() << std::endl;
    return int(error.code());
  }
}
