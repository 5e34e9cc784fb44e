// SPDX-License-Identifier: Apache-2.0
// What benchmarks measure with.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace bandscope::benchmark {

/// Wall and processor seconds: where other programs run, the latter are the steadier ones.
struct Seconds {
  double wall = 0, cpu = 0;
};
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
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), cpu() - cpu_start};
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace bandscope::benchmark
