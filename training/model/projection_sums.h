// SPDX-License-Identifier: Apache-2.0
// Scores of the output projection summed over a step's pairs, without the sums: two matrices of the projection's size
// are large (half of the weights of a small model), and only their norms and inner product are recorded. These are sums
// over products of all pairs' rows, as a single pair's are (ProjectionRows).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/model/projection_rows.h"

namespace bandscope::model {

class ProjectionSums {
 public:
  /// Whether so many rows of a step are kept for less than the two sums of a projection from `hidden` values take. They
  /// are then also multiplied with each other in less time.
  static bool pays(std::int64_t rows, std::int64_t hidden) { return rows < 2 * hidden; }

  /// Takes the pairs of a pass in, whose rows are kept until clear(), and gives the products of each pair's own scores.
  /// Waits for a GPU once.
  std::vector<PairProducts> add(ProjectionRows rows);
  /// ||S_w||^2, ||S_l||^2 and <S_w, S_l>, S the sum over all pairs taken in.
  PairProducts total() const;
  void clear();

 private:
  std::vector<ProjectionRows> kept_;
  PairProducts total_;
};

}  // namespace bandscope::model
