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
  const cuda::DeviceKernels* device = cuda::device_kernels();
  if (!device || !(pairs.empty() ? tensors[0] : pairs[0].a).is_cuda()) {
    for (const cuda::GradientPair& pair : pairs) result.pairs.push_back(pair_products(pair.a, pair.b));
    for (const at::Tensor& tensor : tensors) result.squared_norm += squared_norm(tensor);
    return result;
  }
  std::vector<cuda::GradientPair> all(pairs.begin(), pairs.end());
  for (const at::Tensor& tensor : tensors) all.push_back({tensor, tensor});
  at::Tensor products;
  device->products(all, products);
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

std::optional<SumProducts> sum_branches(std::span<const WeightedBranches> parts, at::Tensor& sum_w, at::Tensor& sum_l,
                                        at::Tensor& target, bool overwrite, bool products) {
  bool plain = plain_floats(sum_w) && plain_floats(sum_l) && plain_floats(target);
  for (const WeightedBranches& part : parts) plain = plain && plain_floats(part.w) && plain_floats(part.l);
  const cuda::DeviceKernels* device = target.is_cuda() ? cuda::device_kernels() : nullptr;
  if (device) {
    for (const WeightedBranches& part : parts) {
      device->sum_branches(part.w, part.l, part.a, part.b, sum_w, sum_l, target, overwrite);
      overwrite = false;
    }
    return std::nullopt;
  }
  if (!plain) {
    for (const WeightedBranches& part : parts) {
      for (const auto& [sum, addend] : {std::pair<at::Tensor&, const at::Tensor&>{sum_w, part.w}, {sum_l, part.l}}) {
        if (overwrite)
          sum.copy_(addend);
        else
          sum.add_(addend);
      }
      combine_branches(target, overwrite, part.a, part.w, part.b, part.l);
      overwrite = false;
    }
    if (!products) return std::nullopt;
    return SumProducts{pair_products(sum_w, sum_l), squared_norm(target)};
  }
  auto *of_w = sum_w.mutable_data_ptr<float>(), *of_l = sum_l.mutable_data_ptr<float>(),
       *out = target.mutable_data_ptr<float>();
  const std::int64_t count = target.numel();
  std::vector<SumProducts> of_blocks(products ? static_cast<std::size_t>((count + block - 1) / block) : 0);
  // Block by block: the sums stay in the cache from one part to the next.
  over_blocks(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += block) {
      const std::int64_t size = std::min(block, end - i);
      bool first = overwrite;
      for (const WeightedBranches& part : parts) {
        block_sum(of_w + i, of_l + i, out + i, first, part.w.const_data_ptr<float>() + i,
                  part.l.const_data_ptr<float>() + i, static_cast<float>(part.a), static_cast<float>(part.b), size);
        first = false;
      }
      if (!products) continue;
      float sums[3];
      block_products(of_w + i, of_l + i, size, sums);
      of_blocks[static_cast<std::size_t>(i / block)] = {{sums[0], sums[1], sums[2]}, block_square(out + i, size)};
    }
  });
  if (!products) return std::nullopt;
  SumProducts total;
  for (const SumProducts& part : of_blocks) total.sums += part.sums, total.target += part.target;
  return total;
}

bool few_columns(const at::Tensor& right) {
  constexpr std::int64_t tile = 16;
  return right.is_cpu() && right.scalar_type() == at::kFloat && right.size(1) < tile;
}

at::Tensor product(const at::Tensor& left, const at::Tensor& right) {
  return few_columns(right) ? at::mm(right.t(), left.t()).t().contiguous() : at::mm(left, right);
}

}  // namespace bandscope::model
