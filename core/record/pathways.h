// SPDX-License-Identifier: Apache-2.0
// The pathway of every recorded step: predicted from the incentive ratio, and realised as the likelihoods moved.
#pragma once

#include <cstddef>
#include <vector>

#include "core/band/band.h"
#include "core/record/record_reader.h"

namespace bandscope {

/// Table 2 at each step's log_r_applied and scores, for rows [first, first+count). Undefined where one is NaN.
std::vector<Pathway> predicted_pathways(const RecordReader& reader, std::size_t first = 0,
                                        std::size_t count = RecordReader::npos);

/// What the update of each step did: the pathway of the change from this row to the next one, so that it stands beside
/// the prediction for the same update; the last row is undefined. Consecutive steps see different pairs, whose own
/// level of likelihood would drown the change; so it is taken of the step means relative to the reference,
/// z~ = z - z_ref, in which the level of the pairs cancels. Where the record has no reference (columns all 0 or NaN)
/// the change is that of z itself.
std::vector<Pathway> realised_pathways(const std::vector<double>& z_w, const std::vector<double>& z_l,
                                       const std::vector<double>& z_w_ref, const std::vector<double>& z_l_ref);
std::vector<Pathway> realised_pathways(const RecordReader& reader);

}  // namespace bandscope
