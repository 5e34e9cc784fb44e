// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "packaging/gpu_check/kernel_check.h"
#include "training/likelihood/softmax_rows.h"
#include "training/model/dropout_mask.h"

namespace bandscope::gpu_check {
namespace {

struct Type {
  at::ScalarType type;
  const char* name;
  double step;  ///< of a number near 1
};
constexpr Type types[] = {
    {at::kFloat, "float32", 1e-5}, {at::kBFloat16, "bfloat16", 1e-2}, {at::kHalf, "float16", 1e-3}};

}  // namespace

void check_head(KernelCheck& check) {
  // No multiple of what the threads of a block take at a time.
  const std::int64_t rows = check.small() ? 5 : 67, vocabulary = check.small() ? 1003 : 50021;
  for (const Type& type : types) {
    const at::Tensor logits = (at::randn({rows, vocabulary}) * 5).to(type.type),
                     targets = at::randint(vocabulary, {rows}, at::kLong), column = targets.unsqueeze(1);
    const at::Tensor expected = at::log_softmax(logits.to(at::kDouble), -1);
    likelihood::SoftmaxRows own(logits.clone().to(check.device()), targets.to(check.device()));
    const std::string of = std::string(", ") + type.name;
    check.close("log-probabilities" + of, own.log_probs(), expected.gather(1, column).squeeze(1), 2e-5);
    const at::Tensor errors = expected.exp().scatter_add(1, column, at::full({rows, 1}, -1.0, at::kDouble));
    check.close("softmax - onehot" + of, own.errors(type.type), errors, type.step);
  }
  // The same bits on every device: a run's masks are its own wherever it goes on.
  const std::int64_t columns = check.small() ? 33 : 1026;
  const auto mask = [&](at::Device device) {
    return model::dropout_mask({0.1, 42, 3, 0, (at::arange(rows, at::kLong) + (std::int64_t{5} << 32)).to(device)}, 2,
                               columns, at::kFloat);
  };
  check.expect("dropout mask, unlike elements", (mask(check.device()).cpu() != mask(at::kCPU)).sum().item<double>(), 0);
}

}  // namespace bandscope::gpu_check
