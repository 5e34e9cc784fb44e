// SPDX-License-Identifier: Apache-2.0
// Out of memory, and what would have fitted.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "core/schema/message.h"

namespace bandscope::errors {

/// True for what LibTorch and the standard library throw when memory runs out, on a GPU or the host.
bool is_out_of_memory(const std::exception& error);

/// The largest micro-batch below `failed` that divides `batch_size` and `fits`; 0 when none does.
std::int64_t largest_that_fits(std::int64_t batch_size, std::int64_t failed,
                               const std::function<bool(std::int64_t)>& fits);

/// The sentence for the user. `fitting` as largest_that_fits() gives it; nullopt: not tried.
Message out_of_memory_message(const std::string& device, std::int64_t failed, std::optional<std::int64_t> fitting);

}  // namespace bandscope::errors
