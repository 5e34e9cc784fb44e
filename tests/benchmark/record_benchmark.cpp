// SPDX-License-Identifier: Apache-2.0
// What recording costs: milliseconds per step for the step row and 8 pairs, flushed; and what reading costs: seconds
// to open a long record and read the eight columns of the four panels.
//   record_benchmark [FOLDER] [STEPS TO READ]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"

namespace {

using namespace bandscope;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string machine() {
  std::ifstream info("/proc/cpuinfo");
  std::string line, model = "unknown processor";
  int cores = 0;
  while (std::getline(info, line)) {
    if (line.starts_with("processor")) ++cores;
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  }
  return model + ", " + std::to_string(cores) + " cores";
}

StepRow row_of(std::int64_t step) {
  StepRow row;
  row.step = step;
  for (int i = 0; i < column_count; ++i) row.values[static_cast<std::size_t>(i)] = static_cast<double>(step) + i / 64.0;
  return row;
}

void write_steps(const std::filesystem::path& folder) {
  constexpr int steps = 5000, batch = 8;
  auto writer = RecordWriter::create(folder / "write.h5", {"[run]\n", "{}", {}});
  std::vector<PairRow> pairs(batch);
  std::vector<double> times;
  const std::clock_t cpu = std::clock();
  for (int step = 1; step <= steps; ++step) {
    for (int i = 0; i < batch; ++i)
      pairs[static_cast<std::size_t>(i)] = {step, step * batch + i, -1, -2, -1, -2, 1, 1, 9, 9};
    const StepRow row = row_of(step);
    const auto start = Clock::now();
    writer.append_step(row, pairs);
    times.push_back(seconds_since(start) * 1e3);
  }
  const double cpu_ms = 1e3 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / steps;
  writer.close();
  double sum = 0;
  for (const double time : times) sum += time;
  std::ranges::sort(times);
  std::printf(
      "step row and %d pairs: %.3f ms per step on average, median %.3f, 99 %% %.3f, longest %.3f; processor time "
      "%.3f (at most 0.5)\n",
      batch, sum / steps, times[steps / 2], times[steps * 99 / 100], times.back(), cpu_ms);
}

void read_steps(const std::filesystem::path& folder, std::int64_t steps) {
  {
    auto writer = RecordWriter::create(folder / "read.h5", {"[run]\n", "{}", {}});
    std::vector<StepRow> block;
    for (std::int64_t step = 1; step <= steps; ++step) {
      block.push_back(row_of(step));
      if (block.size() == 8192 || step == steps) {
        writer.append_steps(block);
        block.clear();
      }
    }
    writer.close();
  }
  const auto start = Clock::now();
  const auto reader = RecordReader::open(folder / "read.h5");
  const double opened = seconds_since(start);
  std::size_t values = 0;
  for (const Column column : {Column::z_w, Column::z_l, Column::margin, Column::log_r, Column::log_r_star,
                              Column::log_r_applied, Column::band_lower, Column::band_upper})
    values += reader.column(column).size();
  std::printf("%zu steps: opened in %.3f s, opened and 8 columns (%zu values) read in %.3f s (under 2)\n",
              reader.steps(), opened, values, seconds_since(start));
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      (argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path()) /
      ("bandscope-record-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  int code = 0;
  try {
    std::printf("machine: %s\n", machine().c_str());
    write_steps(folder);
    read_steps(folder, argc > 2 ? std::atoll(argv[2]) : 1'000'000);
  } catch (const Error& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    code = 1;
  }
  std::filesystem::remove_all(folder);
  return code;
}
