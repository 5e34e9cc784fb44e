// SPDX-License-Identifier: Apache-2.0
// The only file that sees version and commit, so that a new commit recompiles nothing else.
#include "core/build_info.h"

#include "build_commit.h"

namespace bandscope {

std::string_view build_version() { return BANDSCOPE_VERSION; }
std::string_view build_commit() { return BANDSCOPE_COMMIT; }

}  // namespace bandscope
