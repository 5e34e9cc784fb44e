// SPDX-License-Identifier: Apache-2.0
#include "core/run/band_share.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bandscope {

double BandShare::share() const {
  return defined == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(inside) / static_cast<double>(defined);
}

BandShare band_share(std::span<const double> log_r, std::span<const double> lower, std::span<const double> upper) {
  BandShare share;
  for (std::size_t i = 0; i < std::min({log_r.size(), lower.size(), upper.size()}); ++i) {
    if (std::isnan(log_r[i]) || std::isnan(lower[i]) || std::isnan(upper[i])) continue;
    ++share.defined;
    if (log_r[i] >= lower[i] && log_r[i] <= upper[i]) ++share.inside;
  }
  return share;
}

}  // namespace bandscope
