// SPDX-License-Identifier: Apache-2.0
// What both programs ask of their command lines before any option is looked at.
#pragma once

#include <span>

namespace bandscope {

/// `arguments`: those of main(), the program's name first. Throws SpecError naming the first that is empty, or the
/// first option whose value is ("--runs="): it comes of a script's variable that was not set, and no option or path
/// means anything empty. Left in, `--batch ""` would open a window on a machine of a cluster.
void refuse_empty_arguments(std::span<const char* const> arguments);

}  // namespace bandscope
