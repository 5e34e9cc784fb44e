// SPDX-License-Identifier: Apache-2.0
#include "training/cuda/module/tensors.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstdint>

#include "training/cuda/module/kernels.h"

namespace bandscope::cuda {
namespace {

Type type_of(const at::Tensor& t) {
  switch (t.scalar_type()) {
    case at::kFloat:
      return Type::float32;
    case at::kBFloat16:
      return Type::bfloat16;
    case at::kHalf:
      return Type::float16;
    default:
      TORCH_CHECK(false, "no kernel for values of type ", t.scalar_type());
  }
}

void check_contiguous(const at::Tensor& t, at::ScalarType type, const char* what) {
  TORCH_CHECK(on_device(t) && t.scalar_type() == type && t.is_contiguous(), what, " must be contiguous ", type,
              " on the device");
}
void check_same(const at::Tensor& t, const at::Tensor& like, const char* what) {
  check_contiguous(t, like.scalar_type(), what);
  TORCH_CHECK(t.sizes() == like.sizes(), what, " must be ", like.sizes(), ", not ", t.sizes());
}
void check_logits(const at::Tensor& logits, const at::Tensor& targets) {
  TORCH_CHECK(logits.dim() == 2, "logits must be [n, vocab]");
  check_contiguous(logits, logits.scalar_type(), "logits");
  check_contiguous(targets, at::kLong, "targets");
  TORCH_CHECK(targets.numel() == logits.size(0), "as many targets as rows are needed");
}

const void* data_or_null(const at::Tensor& t) { return t.defined() ? t.const_data_ptr() : nullptr; }
const float* floats_or_null(const at::Tensor& t) { return t.defined() ? t.const_data_ptr<float>() : nullptr; }

bool aligned_to(const at::Tensor& t, std::uintptr_t bytes) {
  return reinterpret_cast<std::uintptr_t>(t.const_data_ptr()) % bytes == 0;
}

NormInput input_of(const NormTensors& of) {
  TORCH_CHECK(of.x.dim() == 2, "a norm's rows must be [rows, size]");
  check_contiguous(of.x, of.x.scalar_type(), "a norm's rows");
  check_contiguous(of.weight, of.x.scalar_type(), "a norm's weight");
  TORCH_CHECK(of.weight.numel() == of.x.size(1), "a norm's weight must be as long as a row");
  if (of.bias.defined()) {
    check_contiguous(of.bias, of.x.scalar_type(), "a norm's bias");
    TORCH_CHECK(of.bias.numel() == of.x.size(1), "a norm's bias must be as long as a row");
  }
  return {of.x.const_data_ptr(), of.weight.const_data_ptr(), data_or_null(of.bias), of.x.size(0), of.x.size(1),
          type_of(of.x)};
}
void check_statistics(const NormTensors& of, const NormStatistics& statistics) {
  for (const at::Tensor& t : {statistics.mean, statistics.rstd}) {
    if (!t.defined()) continue;
    check_contiguous(t, at::kFloat, "a norm's statistics");
    TORCH_CHECK(t.numel() == of.x.size(0), "a norm has statistics of each row");
  }
  TORCH_CHECK(statistics.rstd.defined(), "a norm's statistics are missing");
}

/// x [rows, heads, d], whose last dimension lies together.
RotateItem item_of(const at::Tensor& x, at::Tensor& y) {
  TORCH_CHECK(on_device(x) && x.dim() == 3 && (x.stride(2) == 1 || x.size(2) == 1), "heads must lie together");
  check_contiguous(y, x.scalar_type(), "the result");
  return {x.const_data_ptr(), y.mutable_data_ptr(), x.stride(0), x.stride(1), static_cast<int>(x.size(1))};
}

GatedInput gated_input(const at::Tensor& x, const at::Tensor& gated) {
  TORCH_CHECK(on_device(x) && x.dim() == 2 && x.sizes() == gated.sizes() && x.scalar_type() == gated.scalar_type() &&
                  x.device() == gated.device() && x.stride(1) == 1 && gated.stride(1) == 1,
              "a gate's halves must be alike, and their rows lie together");
  return {x.const_data_ptr(), gated.const_data_ptr(), x.size(0), x.size(1), x.stride(0), gated.stride(0), type_of(x)};
}

}  // namespace

void log_probs_of(const at::Tensor& logits, const at::Tensor& targets, at::Tensor& lse, at::Tensor& out) {
  check_logits(logits, targets);
  const Stream stream(logits);
  const auto options = logits.options().dtype(at::kFloat);
  lse = at::empty({logits.size(0)}, options);
  out = at::empty({logits.size(0)}, options);
  log_probs(logits.const_data_ptr(), type_of(logits), targets.const_data_ptr<std::int64_t>(), logits.size(0),
            logits.size(1), lse.mutable_data_ptr<float>(), out.mutable_data_ptr<float>(), stream);
  stream.launched();
}

void errors_of(at::Tensor& logits, const at::Tensor& targets, const at::Tensor& lse) {
  check_logits(logits, targets);
  const Stream stream(logits);
  errors(logits.mutable_data_ptr(), type_of(logits), targets.const_data_ptr<std::int64_t>(),
         lse.const_data_ptr<float>(), logits.size(0), logits.size(1), stream);
  stream.launched();
}

void products_of(std::span<const GradientPair> pairs, at::Tensor& out) {
  if (pairs.empty()) return;
  const Stream stream(pairs[0].a);
  const auto options = pairs[0].a.options().dtype(at::kDouble);
  const auto number = static_cast<std::int64_t>(pairs.size());
  out = at::empty({number, 3}, options);
  const at::Tensor workspace = at::empty({number * product_workspace}, options);
  // Pinned memory, which LibTorch keeps until the device has read it: the copy holds nobody up.
  const auto bytes = number * static_cast<std::int64_t>(sizeof(ProductItem));
  const at::Tensor host = at::empty({bytes}, at::TensorOptions().dtype(at::kByte).pinned_memory(!pairs[0].a.is_cpu()));
  auto* item = static_cast<ProductItem*>(host.mutable_data_ptr());
  std::int64_t longest = 0;
  for (const GradientPair& pair : pairs) {
    check_contiguous(pair.a, at::kFloat, "a gradient");
    check_same(pair.b, pair.a, "the other gradient");
    *item++ = {pair.a.const_data_ptr<float>(), pair.b.const_data_ptr<float>(), pair.a.numel()};
    longest = std::max(longest, pair.a.numel());
  }
  const at::Tensor items = host.to(pairs[0].a.device(), /*non_blocking=*/true);
  products(static_cast<const ProductItem*>(items.const_data_ptr()), number, longest,
           workspace.mutable_data_ptr<double>(), out.mutable_data_ptr<double>(), stream);
  stream.launched();
}

void add_branches_to(const at::Tensor& w, const at::Tensor& l, double a, double b, const at::Tensor& sum_w,
                     const at::Tensor& sum_l, const at::Tensor& target, bool overwrite) {
  check_contiguous(target, at::kFloat, "a gradient");
  for (const at::Tensor& t : {w, l, sum_w, sum_l})
    if (t.defined()) check_same(t, target, "a branch's gradient");
  const auto sum = [](const at::Tensor& t) { return t.defined() ? t.mutable_data_ptr<float>() : nullptr; };
  const Stream stream(target);
  add_branches(w.const_data_ptr<float>(), l.const_data_ptr<float>(), static_cast<float>(a), static_cast<float>(b),
               sum(sum_w), sum(sum_l), target.mutable_data_ptr<float>(), overwrite, target.numel(), stream);
  stream.launched();
}

void dropout_mask_of(const at::Tensor& places, const DropoutDraw& draw, at::Tensor& mask) {
  check_contiguous(places, at::kLong, "places");
  check_contiguous(mask, mask.scalar_type(), "a mask");
  TORCH_CHECK(mask.dim() == 2 && mask.size(0) == places.numel(), "a mask needs as many rows as there are places");
  const Stream stream(places);
  dropout_mask(places.const_data_ptr<std::int64_t>(), draw, mask.size(0), mask.size(1), mask.mutable_data_ptr(),
               type_of(mask), stream);
  stream.launched();
}

void norm_of(const NormTensors& of, const NormSettings& settings, NormStatistics& statistics, at::Tensor& y) {
  const NormInput input = input_of(of);
  const bool given = statistics.rstd.defined();
  if (!given) {
    const auto options = of.x.options().dtype(at::kFloat);
    statistics.rstd = at::empty({of.x.size(0), 1}, options);
    if (settings.centred) statistics.mean = at::empty({of.x.size(0), 1}, options);
  }
  check_statistics(of, statistics);
  y = at::empty(of.x.sizes(), of.x.options());
  const Stream stream(of.x);
  norm(input, settings, given, statistics.mean.defined() ? statistics.mean.mutable_data_ptr<float>() : nullptr,
       statistics.rstd.mutable_data_ptr<float>(), y.mutable_data_ptr(), stream);
  stream.launched();
}

void norm_backward_of(const NormTensors& of, const NormSettings& settings, const NormStatistics& statistics,
                      const at::Tensor& gy, at::Tensor& gx) {
  const NormInput input = input_of(of);
  check_statistics(of, statistics);
  check_same(gy, of.x, "a norm's gradient");
  check_same(gx, of.x, "a norm's gradient");
  const Stream stream(of.x);
  norm_backward(input, settings, floats_or_null(statistics.mean), statistics.rstd.const_data_ptr<float>(),
                gy.const_data_ptr(), gx.mutable_data_ptr(), stream);
  stream.launched();
}

void norm_sums_of(const NormTensors& of, const NormStatistics& statistics, const at::Tensor& gy,
                  const at::Tensor& row_weights, at::Tensor& of_weight, at::Tensor* of_bias) {
  const NormInput input = input_of(of);
  check_statistics(of, statistics);
  check_same(gy, of.x, "a norm's gradient");
  std::int64_t rows_each = 1;
  if (row_weights.defined()) {
    check_contiguous(row_weights, at::kFloat, "the rows' weights");
    TORCH_CHECK(row_weights.numel() > 0 && input.rows % row_weights.numel() == 0, "each row needs a weight");
    rows_each = input.rows / row_weights.numel();
  }
  const std::int64_t each = norm_sum_rows(input.rows), chunks = (input.rows + each - 1) / each;
  const auto options = of.x.options().dtype(at::kFloat);
  const at::Tensor weights = at::empty({chunks, input.size}, options),
                   biases = of_bias ? at::empty({chunks, input.size}, options) : at::Tensor();
  const Stream stream(of.x);
  norm_sums(input, floats_or_null(statistics.mean), statistics.rstd.const_data_ptr<float>(), gy.const_data_ptr(),
            floats_or_null(row_weights), rows_each, weights.mutable_data_ptr<float>(),
            of_bias ? biases.mutable_data_ptr<float>() : nullptr, stream);
  stream.launched();
  of_weight = weights.sum(0);
  if (of_bias) *of_bias = biases.sum(0);
}

void rotate_of(std::span<const at::Tensor> x, const at::Tensor& cos, const at::Tensor& sin, bool inverse,
               std::span<at::Tensor> y) {
  TORCH_CHECK((x.size() == 1 || x.size() == 2) && y.size() == x.size(), "one or two tensors are rotated");
  check_contiguous(cos, at::kFloat, "cosines");
  check_same(sin, cos, "sines");
  const std::int64_t rows = x[0].size(0), d = x[0].size(2);
  TORCH_CHECK(cos.dim() == 2 && cos.size(0) == rows && 2 * cos.size(1) <= d, "angles must be [rows, half]");
  RotateItem items[2] = {};
  for (std::size_t i = 0; i < x.size(); ++i) {
    TORCH_CHECK(x[i].size(0) == rows && x[i].size(2) == d && x[i].scalar_type() == x[0].scalar_type() &&
                    y[i].sizes() == x[i].sizes(),
                "what is rotated together has rows and heads of one kind");
    items[i] = item_of(x[i], y[i]);
  }
  const Stream stream(x[0]);
  rotate(items[0], items[1], type_of(x[0]), rows, static_cast<int>(d), static_cast<int>(cos.size(1)),
         cos.const_data_ptr<float>(), sin.const_data_ptr<float>(), inverse, stream);
  stream.launched();
}

void gate_of(const at::Tensor& x, const at::Tensor& gated, Activation activation, at::Tensor& y) {
  const GatedInput input = gated_input(x, gated);
  y = at::empty(x.sizes(), x.options());
  const Stream stream(x);
  gate(input, activation, y.mutable_data_ptr(), stream);
  stream.launched();
}

void gate_backward_of(at::Tensor& g, const at::Tensor& x, const at::Tensor& gated, Activation activation,
                      at::Tensor& g_x) {
  const GatedInput input = gated_input(x, gated);
  check_same(g, x, "a gate's gradient");
  g_x = at::empty(x.sizes(), x.options());
  const Stream stream(x);
  gate_backward(input, activation, g.mutable_data_ptr(), g_x.mutable_data_ptr(), stream);
  stream.launched();
}

void gather_of(const at::Tensor& x, const at::Tensor& first, const at::Tensor& second, at::Tensor& y) {
  check_contiguous(first, at::kLong, "indices");
  if (second.defined()) check_same(second, first, "the other indices");
  y = at::empty({first.numel(), x.size(1), x.size(2)}, x.options());
  const Stream stream(x);
  gather(item_of(x, y), type_of(x), first.numel(), static_cast<int>(x.size(2)), first.const_data_ptr<std::int64_t>(),
         second.defined() ? second.const_data_ptr<std::int64_t>() : nullptr, stream);
  stream.launched();
}

void dequantize_nf4_of(const Nf4Tensors& matrix, std::span<const float, 16> code, const at::Tensor& out) {
  const std::int64_t values = out.numel(), blocks = (values + matrix.block - 1) / matrix.block;
  check_contiguous(out, out.scalar_type(), "the matrix");
  check_contiguous(matrix.packed, at::kByte, "codes");
  TORCH_CHECK(matrix.block > 0 && matrix.block % 8 == 0, "blocks of ", matrix.block, " values");
  TORCH_CHECK(aligned_to(out, 16) && aligned_to(matrix.packed, 4), "a matrix and its codes begin at whole accesses");
  const bool nested = matrix.nested_absmax.defined();
  check_contiguous(matrix.absmax, nested ? at::kByte : at::kFloat, "magnitudes");
  TORCH_CHECK(matrix.packed.numel() >= (values + 1) / 2 && matrix.absmax.numel() >= blocks, "too few codes");
  if (nested) {
    check_contiguous(matrix.nested_absmax, at::kFloat, "magnitudes of magnitudes");
    check_contiguous(matrix.nested_map, at::kFloat, "codes of magnitudes");
    check_contiguous(matrix.offset, at::kFloat, "the magnitudes' mean");
    TORCH_CHECK(matrix.nested_block > 0 && matrix.nested_map.numel() == 256 && matrix.offset.numel() == 1 &&
                    matrix.nested_absmax.numel() >= (blocks + matrix.nested_block - 1) / matrix.nested_block,
                "too few magnitudes");
  }
  const Stream stream(out);
  dequantize_nf4({matrix.packed.const_data_ptr<std::uint8_t>(), matrix.absmax.const_data_ptr(),
                  floats_or_null(matrix.nested_absmax), floats_or_null(matrix.nested_map),
                  floats_or_null(matrix.offset), matrix.block, matrix.nested_block, values},
                 code.data(), out.mutable_data_ptr(), type_of(out), stream);
  stream.launched();
}

}  // namespace bandscope::cuda
