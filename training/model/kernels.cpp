// SPDX-License-Identifier: Apache-2.0
#include "training/model/kernels.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <mutex>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define BANDSCOPE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define BANDSCOPE_CLONES
#endif

namespace bandscope::model {
namespace {

constexpr std::int64_t block = 2048;  // float32 sums inside a block, double across blocks

bool plain_floats(const at::Tensor& t) { return t.is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous(); }

BANDSCOPE_CLONES void block_products(const float* x, const float* y, std::int64_t count, float* out) {
  constexpr int lanes = 16;
  float aa[lanes] = {}, bb[lanes] = {}, ab[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (int j = 0; j < lanes; ++j) {
      aa[j] += x[i + j] * x[i + j];
      bb[j] += y[i + j] * y[i + j];
      ab[j] += x[i + j] * y[i + j];
    }
  }
  for (; i < count; ++i) aa[0] += x[i] * x[i], bb[0] += y[i] * y[i], ab[0] += x[i] * y[i];
  out[0] = out[1] = out[2] = 0;
  for (int j = 0; j < lanes; ++j) out[0] += aa[j], out[1] += bb[j], out[2] += ab[j];
}

BANDSCOPE_CLONES void block_add(float* sum, const float* x, bool overwrite, std::int64_t count) {
  if (overwrite) {
    for (std::int64_t i = 0; i < count; ++i) sum[i] = x[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) sum[i] += x[i];
  }
}

BANDSCOPE_CLONES float block_square(const float* x, std::int64_t count) {
  constexpr int lanes = 16;
  float sums[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int j = 0; j < lanes; ++j) sums[j] += x[i + j] * x[i + j];
  for (; i < count; ++i) sums[0] += x[i] * x[i];
  float total = 0;
  for (float sum : sums) total += sum;
  return total;
}

BANDSCOPE_CLONES void block_combine(float* target, bool overwrite, float a, const float* x, float b, const float* y,
                                    std::int64_t count) {
  if (overwrite) {
    for (std::int64_t i = 0; i < count; ++i) target[i] = a * x[i] + b * y[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) target[i] += a * x[i] + b * y[i];
  }
}

BANDSCOPE_CLONES void block_sum(float* sum_w, float* sum_l, float* target, bool overwrite, const float* w,
                                const float* l, float a, float b, std::int64_t count) {
  if (overwrite) {
    for (std::int64_t i = 0; i < count; ++i) {
      sum_w[i] = w[i];
      sum_l[i] = l[i];
      target[i] = a * w[i] + b * l[i];
    }
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      sum_w[i] += w[i];
      sum_l[i] += l[i];
      target[i] += a * w[i] + b * l[i];
    }
  }
}

/// Calls body(begin, end) over [0, count) cut at multiples of `block`.
template <class Body>
void over_blocks(std::int64_t count, const Body& body) {
  at::parallel_for(0, (count + block - 1) / block, 32,
                   [&](std::int64_t begin, std::int64_t end) { body(begin * block, std::min(end * block, count)); });
}

}  // namespace

PairProducts& PairProducts::operator+=(const PairProducts& other) {
  aa += other.aa, bb += other.bb, ab += other.ab;
  return *this;
}

PairProducts pair_products_plain(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.flatten().to(at::kFloat), y = b.flatten().to(at::kFloat);
  const auto sum = [](const at::Tensor& u, const at::Tensor& v) { return (u * v).sum(at::kDouble); };
  const at::Tensor all = at::stack({sum(x, x), sum(y, y), sum(x, y)}).to(at::kCPU);
  const auto* values = all.const_data_ptr<double>();
  return {values[0], values[1], values[2]};
}

namespace {

/// `visit(begin, count)` sees each block right after its products, while it is in the cache.
template <class Visit>
PairProducts block_wise_products(const at::Tensor& a, const at::Tensor& b, const Visit& visit) {
  const auto *x = a.const_data_ptr<float>(), *y = b.const_data_ptr<float>();
  // One partial result per block, summed in order: the same sum whatever the number of threads.
  const std::int64_t count = a.numel();
  std::vector<PairProducts> parts(static_cast<std::size_t>((count + block - 1) / block));
  over_blocks(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += block) {
      float out[3];
      block_products(x + i, y + i, std::min(block, end - i), out);
      parts[static_cast<std::size_t>(i / block)] = {out[0], out[1], out[2]};
      visit(i, std::min(block, end - i));
    }
  });
  PairProducts total;
  for (const PairProducts& part : parts) total += part;
  return total;
}

}  // namespace

PairProducts pair_products(const at::Tensor& a, const at::Tensor& b) {
  if (!plain_floats(a) || !plain_floats(b)) return pair_products_plain(a, b);
  return block_wise_products(a, b, [](std::int64_t, std::int64_t) {});
}

PairProducts pair_products_adding(const at::Tensor& a, const at::Tensor& b, at::Tensor& sum_a, at::Tensor& sum_b,
                                  bool overwrite) {
  if (!plain_floats(a) || !plain_floats(b) || !plain_floats(sum_a) || !plain_floats(sum_b)) {
    for (const auto& [sum, addend] : {std::pair<at::Tensor&, const at::Tensor&>{sum_a, a}, {sum_b, b}}) {
      if (overwrite)
        sum.copy_(addend);
      else
        sum.add_(addend);
    }
    return pair_products_plain(a, b);
  }
  const auto *x = a.const_data_ptr<float>(), *y = b.const_data_ptr<float>();
  auto *total_a = sum_a.mutable_data_ptr<float>(), *total_b = sum_b.mutable_data_ptr<float>();
  return block_wise_products(a, b, [&](std::int64_t begin, std::int64_t count) {
    block_add(total_a + begin, x + begin, overwrite, count);
    block_add(total_b + begin, y + begin, overwrite, count);
  });
}

StepProducts products_and_norm(std::span<const cuda::GradientPair> pairs, std::span<const at::Tensor> tensors) {
  StepProducts result;
  if (pairs.empty() && tensors.empty()) return result;
  RECORD_USER_SCOPE(products_wait);
  const cuda::Kernels* kernels = cuda::kernels_of(pairs.empty() ? tensors[0] : pairs[0].a);
  if (!kernels) {
    for (const cuda::GradientPair& pair : pairs) result.pairs.push_back(pair_products(pair.a, pair.b));
    for (const at::Tensor& tensor : tensors) result.squared_norm += squared_norm(tensor);
    return result;
  }
  std::vector<cuda::GradientPair> all(pairs.begin(), pairs.end());
  for (const at::Tensor& tensor : tensors) all.push_back({tensor, tensor});
  at::Tensor products;
  kernels->products(all, products);
  products = products.cpu();
  const auto* values = products.const_data_ptr<double>();
  for (std::size_t i = 0; i < all.size(); ++i, values += 3) {
    if (i < pairs.size())
      result.pairs.push_back({values[0], values[1], values[2]});
    else
      result.squared_norm += values[0];
  }
  return result;
}

std::vector<PairProducts> pair_products_each(std::span<const cuda::GradientPair> pairs) {
  return products_and_norm(pairs, {}).pairs;
}

double squared_norm(std::span<const at::Tensor> tensors) { return products_and_norm({}, tensors).squared_norm; }

double squared_norm(const at::Tensor& a) {
  if (!plain_floats(a)) return a.to(at::kFloat).square().sum(at::kDouble).item<double>();
  const auto* x = a.const_data_ptr<float>();
  const std::int64_t count = a.numel();
  std::vector<double> parts(static_cast<std::size_t>((count + block - 1) / block));
  over_blocks(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += block)
      parts[static_cast<std::size_t>(i / block)] = block_square(x + i, std::min(block, end - i));
  });
  double total = 0;
  for (double part : parts) total += part;
  return total;
}

void combine_branches(at::Tensor& target, bool overwrite, double a, const at::Tensor& x, double b,
                      const at::Tensor& y) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(target)) {
    kernels->add_branches(x, y, a, b, at::Tensor(), at::Tensor(), target, overwrite);
    return;
  }
  if (!plain_floats(target) || !plain_floats(x) || !plain_floats(y)) {
    const at::Tensor sum = (x * a).add_(y, b);
    if (overwrite) {
      target.copy_(sum);
    } else {
      target.add_(sum);
    }
    return;
  }
  auto* out = target.mutable_data_ptr<float>();
  const auto *first = x.const_data_ptr<float>(), *second = y.const_data_ptr<float>();
  over_blocks(target.numel(), [&](std::int64_t begin, std::int64_t end) {
    block_combine(out + begin, overwrite, static_cast<float>(a), first + begin, static_cast<float>(b), second + begin,
                  end - begin);
  });
}

void add_branches(const at::Tensor& w, const at::Tensor& l, double a, double b, at::Tensor& sum_w, at::Tensor& sum_l,
                  at::Tensor& target, bool overwrite) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(target)) {
    kernels->add_branches(w, l, a, b, sum_w, sum_l, target, overwrite);
    return;
  }
  bool plain = true;
  for (const at::Tensor& t : {w, l, sum_w, sum_l, target}) plain = plain && plain_floats(t);
  if (!plain) {
    for (const auto& [sum, addend] : {std::pair<at::Tensor&, const at::Tensor&>{sum_w, w}, {sum_l, l}}) {
      if (overwrite)
        sum.copy_(addend);
      else
        sum.add_(addend);
    }
    combine_branches(target, overwrite, a, w, b, l);
    return;
  }
  auto *of_w = sum_w.mutable_data_ptr<float>(), *of_l = sum_l.mutable_data_ptr<float>(),
       *out = target.mutable_data_ptr<float>();
  const auto *from_w = w.const_data_ptr<float>(), *from_l = l.const_data_ptr<float>();
  over_blocks(target.numel(), [&](std::int64_t begin, std::int64_t end) {
    block_sum(of_w + begin, of_l + begin, out + begin, overwrite, from_w + begin, from_l + begin, static_cast<float>(a),
              static_cast<float>(b), end - begin);
  });
}

}  // namespace bandscope::model
