// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>

#include "packaging/gpu_check/kernel_check.h"
#include "training/model/kernels.h"

namespace bandscope::gpu_check {

void check_sums(KernelCheck& check) {
  const auto random = [&](at::IntArrayRef shape) { return at::randn(shape).to(check.device()); };
  const auto wide = [](const at::Tensor& t) { return t.cpu().to(at::kDouble); };
  std::vector<cuda::GradientPair> pairs;
  for (const std::int64_t count : {std::int64_t{1}, std::int64_t{255}, std::int64_t{4097},
                                   check.small() ? std::int64_t{10000} : std::int64_t{3000000}})
    pairs.push_back({random({count}), random({count})});
  const auto products = model::pair_products_each(pairs), again = model::pair_products_each(pairs);
  double norms = 0, inner = 0, unlike = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const at::Tensor a = wide(pairs[i].a), b = wide(pairs[i].b);
    const double aa = a.square().sum().item<double>(), bb = b.square().sum().item<double>(),
                 ab = (a * b).sum().item<double>();
    norms = std::max({norms, std::abs(products[i].aa / aa - 1), std::abs(products[i].bb / bb - 1)});
    inner = std::max(inner, std::abs(products[i].ab - ab) / std::sqrt(aa * bb));
    if (products[i].aa != again[i].aa || products[i].bb != again[i].bb || products[i].ab != again[i].ab) ++unlike;
  }
  check.expect("norms of gradients", norms, 1e-6);
  check.expect("inner products of gradients", inner, 1e-6);
  check.expect("the same twice, unlike bits", unlike, 0);

  // The embedding's backward pass adds rows with the same id; resumed runs need one order of it.
  const std::int64_t rows = check.small() ? 300 : 20000;
  const at::Tensor ids = at::randint(3, {rows}, at::kLong).to(check.device()), values = random({rows, 64});
  const auto added = [&] { return at::zeros({3, 64}, values.options()).index_add_(0, ids, values); };
  const at::Tensor first = added();
  check.close("rows added by id", first, at::zeros({3, 64}, at::kDouble).index_add_(0, ids.cpu(), wide(values)), 1e-4);
  check.expect("the same twice, unlike elements", (added() != first).sum().item<double>(), 0);
}

}  // namespace bandscope::gpu_check
