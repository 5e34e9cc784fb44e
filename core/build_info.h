// SPDX-License-Identifier: Apache-2.0
// Which build this is.
#pragma once

#include <string_view>

namespace bandscope {

std::string_view build_version();  ///< e.g. "0.1.0"
std::string_view
build_commit();  ///< 12 digits, with "-dirty" where files differ from it; "unknown" outside of a checkout

}  // namespace bandscope
