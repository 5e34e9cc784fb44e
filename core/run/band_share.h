// SPDX-License-Identifier: Apache-2.0
// How many steps of a run are in the disentanglement band.
#pragma once

#include <cstddef>
#include <span>

namespace bandscope {

struct BandShare {
  std::size_t inside = 0, defined = 0;  ///< steps; of those whose ratio and band are defined
  /// NaN where none is.
  double share() const;
};

/// Columns of /steps: log_r_applied, band_lower, band_upper.
BandShare band_share(std::span<const double> log_r, std::span<const double> lower, std::span<const double> upper);

}  // namespace bandscope
