// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bandscope::parallel {

/// Gradients travel between processes in pieces of about this size: large enough for the network, small enough that the
/// first pieces travel while the rest is computed.
inline constexpr std::int64_t bucket_bytes = std::int64_t{25} << 20;

}  // namespace bandscope::parallel
