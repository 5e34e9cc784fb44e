// SPDX-License-Identifier: Apache-2.0
// Why the operating system refused something.
#pragma once

#include <string>
#include <system_error>

#include "core/schema/message.h"

namespace bandscope {

/// In the system's own words, of which the common ones are sentences that can be translated.
Message system_reason(std::string words);
/// Of a value of errno.
Message system_reason(int error);
Message system_reason(const std::error_code& error);

}  // namespace bandscope
