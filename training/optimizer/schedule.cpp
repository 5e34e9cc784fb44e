// SPDX-License-Identifier: Apache-2.0
#include "training/optimizer/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bandscope::optimizer {

double learning_rate_at(const RunSpec::Optimizer& spec, std::int64_t step, std::int64_t total) {
  const auto warmup = static_cast<std::int64_t>(std::ceil(spec.warmup_ratio * static_cast<double>(total)));
  const std::int64_t done = step - 1;  // as schedulers count: the first update sees 0 steps done
  if (done < warmup)
    return spec.learning_rate * static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(1, warmup));
  const double progress =
      static_cast<double>(done - warmup) / static_cast<double>(std::max<std::int64_t>(1, total - warmup));
  switch (spec.schedule) {
    case Schedule::constant:
      return spec.learning_rate;
    case Schedule::linear:
      return spec.learning_rate * std::max(0.0, 1.0 - progress);
    case Schedule::cosine:
      return spec.learning_rate * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  }
  return spec.learning_rate;
}

}  // namespace bandscope::optimizer
