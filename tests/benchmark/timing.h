// SPDX-License-Identifier: Apache-2.0
// What benchmarks measure with.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace bandscope::benchmark {

/// Wall and processor seconds: where other programs run, the latter are the steadier ones.
struct Seconds {
  double wall = 0, cpu = 0;
};
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
inline Seconds timed(const std::function<void()>& body) {
  const auto cpu = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  };
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = cpu();
  body();
  return {seconds_since(start), cpu() - cpu_start};
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Medians of `rounds` alternating calls of all sides, after one warm-up each.
inline std::vector<Seconds> alternating(int rounds, const std::vector<std::function<void(int round)>>& sides) {
  std::vector<std::vector<double>> wall(sides.size()), cpu(sides.size());
  for (int round = 0; round <= rounds; ++round)
    for (std::size_t side = 0; side < sides.size(); ++side) {
      const Seconds seconds = timed([&] { sides[side](round); });
      if (round == 0) continue;
      wall[side].push_back(seconds.wall);
      cpu[side].push_back(seconds.cpu);
    }
  std::vector<Seconds> result;
  for (std::size_t side = 0; side < sides.size(); ++side) result.push_back({median(wall[side]), median(cpu[side])});
  return result;
}

inline std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace bandscope::benchmark
