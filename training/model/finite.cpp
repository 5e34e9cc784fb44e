// SPDX-License-Identifier: Apache-2.0
#include "training/model/finite.h"

#include <ATen/Functions.h>

#include <cmath>

#include "core/error.h"
#include "core/input/printable.h"

namespace bandscope::model {

bool is_finite(const at::Tensor& tensor) {
  if (tensor.numel() == 0 || !tensor.is_floating_point()) return true;
  // The two ends say it of all (a NaN becomes both) without a mask as large as the tensor.
  const auto [least, most] = at::aminmax(tensor.element_size() == 1 ? tensor.to(at::kFloat) : tensor);  // 8-bit floats
  return std::isfinite(least.item<double>()) && std::isfinite(most.item<double>());
}

void require_finite(const std::map<std::string, at::Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors)
    if (!is_finite(tensor))
      throw RunError(
          Message::tr("tensor \"%1\" has values that are not finite; such weights are not saved", printable(name)));
}

}  // namespace bandscope::model
