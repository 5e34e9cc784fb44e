// SPDX-License-Identifier: Apache-2.0
// The pathway of every recorded step: predicted from the incentive ratio, and realised as the likelihoods moved. Over
// columns of the record, by row; a column that is shorter than another is NaN behind its end, an empty one everywhere.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/band/band.h"
#include "core/record/record_reader.h"

namespace bandscope {

/// What a prediction is made from: columns of /steps with these names.
struct PredictionColumns {
  std::span<const double> log_r_applied, score_norm_w, score_norm_l, score_dot, rho, log_r_star;
};

/// Table 2 by Eq. (8) at the row's log_r_applied and scores. Where scores are not recorded, as in imported logs, the
/// band's centre and width (log_r_star, rho) stand for them: the pathway depends on nothing else. Undefined where both
/// are missing.
Pathway predicted_at(const PredictionColumns& columns, std::size_t row);
std::vector<Pathway> predicted_pathways(const PredictionColumns& columns);
/// Rows [first, first+count).
std::vector<Pathway> predicted_pathways(const RecordReader& reader, std::size_t first = 0,
                                        std::size_t count = RecordReader::npos);

/// What the change of the likelihoods is taken of.
enum class Change {
  same_pairs,  ///< a step's own pairs, before and after its update
  relative,    ///< the pairs of a step and of the next one, each relative to the reference
  plain        ///< the same without a reference
};

/// What a change is taken from: columns of /steps with these names.
struct LikelihoodColumns {
  std::span<const double> z_w, z_l, z_w_ref, z_l_ref;
  std::span<const double> z_w_after = {}, z_l_after = {};
  /// False where the record has none: both columns all 0 or NaN.
  bool has_reference() const;
  /// The change that these columns tell best.
  Change change() const;
};

/// What the update of each step did. Where the step's pairs were looked at once more after its update
/// (scores.after_update), the pathway of their change: what Theorem 3.1 speaks of. Else that of the change from this
/// row to the next one, beside the prediction for the same update; the last row is undefined. Consecutive steps see
/// different pairs, whose own level of likelihood would drown the change; so it is taken of the step means relative to
/// the reference, z~ = z - z_ref, in which the level of the pairs cancels. Where the record has no reference the change
/// is that of z itself.
std::vector<Pathway> realised_pathways(const LikelihoodColumns& columns);
/// Of one row.
Pathway realised_at(const LikelihoodColumns& columns, std::size_t row, Change change);

/// A record's columns, read once.
struct RecordedLikelihoods {
  explicit RecordedLikelihoods(const RecordReader& reader);
  LikelihoodColumns columns() const { return {z_w, z_l, z_w_ref, z_l_ref, z_w_after, z_l_after}; }
  std::vector<double> z_w, z_l, z_w_ref, z_l_ref, z_w_after, z_l_after;
};

}  // namespace bandscope
