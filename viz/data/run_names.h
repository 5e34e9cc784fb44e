// SPDX-License-Identifier: GPL-3.0-or-later
// Names of runs that are shown together. Two seeds in two folders may have one name: on a page, in a legend, in a table
// and in a file each of them is told apart, everywhere in the same way.
#pragma once

#include <string>
#include <vector>

#include "viz/data/run_data.h"

namespace bandscope::viz {

/// The names with " (2)", " (3)", … behind those that came before; what is unique as it is stays so.
std::vector<std::string> distinct_names(std::vector<std::string> names);

/// The runs under these names; those that keep theirs are the same snapshots. Null stays null.
std::vector<RunDataPtr> with_own_names(std::vector<RunDataPtr> runs);

}  // namespace bandscope::viz
