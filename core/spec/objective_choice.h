// SPDX-License-Identifier: Apache-2.0
// From what [objective] asks for to the objective itself, whether it stands in the table or is a formula.
#pragma once

#include <memory>
#include <string_view>

#include "core/objective/objective.h"
#include "core/spec/run_spec.h"

namespace bandscope {

/// The row of the table, or the row that the formula would have. Throws SpecError when the name is unknown or the
/// formula is wrong.
ObjectiveInfo objective_info(const RunSpec::ObjectiveChoice& choice);
/// The objective with its parameters set; defaults stand in for those that are missing. Throws SpecError.
std::unique_ptr<Objective> make_objective(const RunSpec::ObjectiveChoice& choice);
bool needs_reference(const RunSpec::ObjectiveChoice& choice);
TokenStatistic token_statistic(const RunSpec::ObjectiveChoice& choice);

}  // namespace bandscope
