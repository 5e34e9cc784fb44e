// SPDX-License-Identifier: GPL-3.0-or-later
// make_runs FOLDER: a folder of plausible runs, for looking at the window; the live ones grow until this ends.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include "tests/app/record_maker.h"

int main(int argc, char** argv) {
  using namespace bandscope;
  using namespace bandscope::testing;
  if (argc < 2) {
    std::cerr << "make_runs FOLDER [SECONDS]\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0;
  make_run(folder / "demo", {.name = "dpo", .layers = true, .alert = true});
  make_run(folder / "demo", {.name = "dpo-rc", .calibrated = true, .layers = true});
  make_run(folder / "demo", {.name = "simpo", .objective = "simpo", .steps = 180, .seed = 5});
  make_run(folder / "demo", {.name = "simpo-rc", .objective = "simpo", .calibrated = true, .steps = 180, .seed = 5});
  make_run(folder / "demo",
           {.name = "kto", .objective = "kto", .steps = 61, .planned = 240, .state = RunState::failed, .seed = 9});
  for (int i = 0; i < 6; ++i) {
    make_run(folder / "pythia-410m", {.name = "ipo-seed-" + std::to_string(i),
                                      .objective = "ipo",
                                      .model = "models/pythia-410m",
                                      .steps = 60,
                                      .seed = unsigned(20 + i)});
  }
  if (seconds <= 0) return 0;
  MadeRun live{.name = "dil-bce", .objective = "dil-bce", .steps = 400, .planned = 400, .pace = 0.8, .seed = 31};
  auto writer = begin_run(folder / "demo", live);
  int step = 0;
  while (step < 150) append_step(writer, live, ++step);
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
       std::chrono::steady_clock::now() < end && step < live.steps;) {
    append_step(writer, live, ++step);
    writer.heartbeat();
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}
