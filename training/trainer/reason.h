// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

namespace bandscope {

/// What an exception says, as one line: LibTorch's errors carry a stack that no user wants.
std::string plain_reason(const std::exception& error);

}  // namespace bandscope
