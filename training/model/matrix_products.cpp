// SPDX-License-Identifier: Apache-2.0
#include "training/model/matrix_products.h"

#include <ATen/Functions.h>

#include <algorithm>

namespace bandscope::model {
namespace {

bool by_mkl(const at::Tensor& t) { return t.is_cpu() && t.scalar_type() == at::kFloat; }

/// A right side that is better taken some columns at a time: over a whole vocabulary some hundred rows run at half the
/// speed that they have with pieces of it (kernel_benchmark, "logits").
bool many_columns(const at::Tensor& left, const at::Tensor& right) {
  constexpr std::int64_t least = 4096;
  return by_mkl(right) && right.size(1) >= least && left.size(0) > 1;
}

/// Calls take(part of out, part of right, begin, end) for columns [begin, end) at a time.
template <class Take>
void by_pieces(at::Tensor& out, const at::Tensor& left, const at::Tensor& right, const Take& take) {
  constexpr std::int64_t most = 512;  // those of 1024 and 2048 take up to a third longer
  const std::int64_t columns = right.size(1);
  if (!many_columns(left, right)) {
    take(out, right, 0, columns);
    return;
  }
  for (std::int64_t begin = 0; begin < columns; begin += most) {
    const std::int64_t end = std::min(begin + most, columns);
    at::Tensor part = out.slice(1, begin, end);
    take(part, right.slice(1, begin, end), begin, end);
  }
}

}  // namespace

bool few_columns(const at::Tensor& right) {
  constexpr std::int64_t tile = 16;
  return by_mkl(right) && right.size(1) < tile;
}

at::Tensor product(const at::Tensor& left, const at::Tensor& right) {
  if (few_columns(right)) return at::mm(right.t(), left.t()).t().contiguous();
  at::Tensor out = at::empty({left.size(0), right.size(1)}, left.options());
  product_into(out, left, right);
  return out;
}

void product_into(at::Tensor& out, const at::Tensor& left, const at::Tensor& right,
                  const std::optional<at::Tensor>& bias) {
  by_pieces(out, left, right, [&](at::Tensor& part, const at::Tensor& of_right, std::int64_t begin, std::int64_t end) {
    if (bias)
      at::addmm_out(part, bias->slice(0, begin, end), left, of_right);
    else
      at::mm_out(part, left, of_right);
  });
}

void add_product(at::Tensor& out, const at::Tensor& left, const at::Tensor& right) {
  by_pieces(out, left, right, [&](at::Tensor& part, const at::Tensor& of_right, std::int64_t, std::int64_t) {
    part.addmm_(left, of_right);
  });
}

at::Tensor scaled_rows(const at::Tensor& rows, const at::Tensor& factors) {
  at::Tensor result = at::empty_like(rows, at::MemoryFormat::Contiguous);
  return at::mul_out(result, rows, factors);
}

at::Tensor wide_product(const at::Tensor& left, const at::Tensor& right) {
  if (left.is_cuda() && left.scalar_type() != at::kFloat) return at::mm(left, right, at::kFloat);
  return product(left, right).to(at::kFloat);
}

}  // namespace bandscope::model
