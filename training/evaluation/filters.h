// SPDX-License-Identifier: Apache-2.0
// Filters: from what a model wrote to the answer that is compared.
#pragma once

#include <string>
#include <vector>

#include "training/evaluation/task_config.h"

namespace bandscope::evaluation {

/// What a filter makes of the answers to one document: a text, or what its map holds.
Json filtered(const FilterSpec& filter, const std::vector<std::string>& answers);

}  // namespace bandscope::evaluation
