// SPDX-License-Identifier: GPL-3.0-or-later
// open_benchmark [STEPS]: from two records on disk (w/o and w/ RC, 1,000,000 steps each) to the four panels shown, and
// the memory that takes. Exit status 1 when a target is missed.
#include <sys/wait.h>
#include <unistd.h>

#include <QApplication>
#include <QTemporaryDir>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "core/record/record_writer.h"
#include "tests/benchmark/timing.h"
#include "viz/chart/dynamics_view.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

/// Curves with noise in every column that the figure draws.
void write_record(const std::filesystem::path& file, bool calibrated, std::int64_t steps) {
  RecordWriter::Options options;
  options.spec_toml = std::string("[run]\nname = \"") + (calibrated ? "dpo-rc" : "dpo") +
                      "\"\n[objective]\nname = \"dpo\"\n[calibration]\nenabled = " + (calibrated ? "true" : "false") +
                      "\n";
  auto writer = RecordWriter::create(file, options);
  constexpr std::int64_t kBlock = 20'000;
  std::vector<StepRow> rows;
  for (std::int64_t step = 1; step <= steps; ++step) {
    const double t = static_cast<double>(step) / static_cast<double>(steps);
    const double noise = std::sin(static_cast<double>(step) * 12.9898) * 0.05;
    StepRow row;
    row.step = step;
    row[Column::z_w] = -1.6 - 0.1 * t + noise;
    row[Column::z_l] = -1.7 - 0.3 * t - noise;
    row[Column::margin] = row[Column::z_w] - row[Column::z_l];
    row[Column::log_r] = -0.4 * t + noise;
    row[Column::log_r_star] = 0.2 * t + noise / 2;
    row[Column::log_r_applied] = calibrated ? row[Column::log_r_star] + noise : row[Column::log_r];
    row[Column::band_lower] = row[Column::log_r_star] - 0.2 - 0.1 * t + noise / 3;
    row[Column::band_upper] = row[Column::log_r_star] + 0.2 + 0.1 * t - noise / 3;
    rows.push_back(row);
    if (static_cast<std::int64_t>(rows.size()) == kBlock || step == steps) {
      writer.append_steps(rows);
      rows.clear();
    }
  }
  writer.set_status(RunState::done);
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t steps = argc > 1 ? std::stoll(argv[1]) : 1'000'000;
  const QTemporaryDir folder;
  const std::filesystem::path files[] = {folder.filePath("dpo.h5").toStdString(),
                                         folder.filePath("dpo-rc.h5").toStdString()};
  // In a process of its own, so that the peak below is the reader's.
  if (const pid_t child = ::fork(); child == 0) {
    write_record(files[0], false, steps);
    write_record(files[1], true, steps);
    std::fflush(nullptr);
    ::_exit(0);
  } else {
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) {
      std::fprintf(stderr, "the records could not be written\n");
      return 1;
    }
  }
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QApplication app(argc, argv);
  DynamicsView view;
  view.resize(1280, 800);
  view.show();
  QApplication::processEvents();
  view.resetRedraws();

  const auto start = std::chrono::steady_clock::now();
  auto reading = std::async(std::launch::async, [&] {
    std::vector<RunDataPtr> runs;
    for (const auto& file : files) runs.push_back(load_run_data(file, figure_columns("dynamics")));
    return runs;
  });
  // The window stays alive while a worker reads.
  while (reading.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) QApplication::processEvents();
  auto runs = reading.get();
  const double read = benchmark::seconds_since(start);
  view.setRuns(runs);
  while (view.redraws() < 4) QApplication::processEvents();
  const double shown = benchmark::seconds_since(start), memory = peak_mib();
  const auto counts = view.counts();
  std::printf(
      "2 records of %lld steps: read after %.2f s, four panels shown after %.2f s; %zu points, %zu drawn; peak memory "
      "%.0f MiB\n",
      static_cast<long long>(steps), read, shown, counts.points, counts.drawn, memory);
  const bool good = shown < 2 && memory < 600;
  std::printf("%s (targets: 2 s, 600 MiB)\n", good ? "all targets met" : "a target was missed");
  return good ? 0 : 1;
}
