// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

namespace bandscope::model {

/// True when none of its values is a NaN or an infinity.
bool is_finite(const at::Tensor& tensor);

/// Throws RunError naming the first tensor with a NaN or an infinity: weights like that are no result, and are not
/// written where one may be already.
void require_finite(const std::map<std::string, at::Tensor>& tensors);

}  // namespace bandscope::model
