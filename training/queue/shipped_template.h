// SPDX-License-Identifier: Apache-2.0
// packaging/slurm/run.sbatch, as it was when the program was built.
#pragma once

#include <string_view>

namespace bandscope::queue {

extern const std::string_view shipped_template;

}  // namespace bandscope::queue
