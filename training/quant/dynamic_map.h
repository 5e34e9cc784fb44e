// SPDX-License-Identifier: Apache-2.0
// The 8-bit dynamic data type (Dettmers, 2016): a sign, up to seven bits of exponent that count decades, and a fraction
// of the bits that are left. Its 256 values are the code of block-wise 8-bit quantisation.
#pragma once

#include <ATen/core/Tensor.h>

namespace bandscope::quant {

/// float32 [256], ascending, in [-1, 1], or in [0, 1] where it is not signed. The same bits as bitsandbytes'
/// create_dynamic_map(signed) on this machine's CPU.
at::Tensor dynamic_map(bool is_signed);

}  // namespace bandscope::quant
