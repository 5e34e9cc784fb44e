// SPDX-License-Identifier: Apache-2.0
// Which build this is.
#pragma once

#include <string_view>

namespace bandscope {

std::string_view build_version();  ///< e.g. "0.1.0"
/// 12 digits, with "-dirty" where files differ from it; "unknown" outside of a checkout.
std::string_view build_commit();

}  // namespace bandscope
