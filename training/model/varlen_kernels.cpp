// SPDX-License-Identifier: Apache-2.0
// LibTorch's two variable-length kernels of a CUDA device, and which takes what.
#include <ATen/Functions.h>

#include <algorithm>

#include "training/cuda/device_kernels.h"
#include "training/model/varlen_attention.h"

namespace bandscope::model {
namespace {

std::optional<std::int64_t> left_of(std::int64_t window) {
  return window > 0 ? std::optional<std::int64_t>(window - 1) : std::nullopt;
}

/// A bound only: with a single query in each sequence LibTorch would lay queries and logsumexp out otherwise.
std::int64_t most_queries(const Sequences& sequences) { return std::max<std::int64_t>(2, sequences.queries.longest); }

VarlenKernel::Forward flash_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                    const Sequences& sequences, std::int64_t window, std::optional<double> scale) {
  auto [out, logsumexp, random_state, unused, debug_mask] = at::_flash_attention_forward(
      q, k, v, sequences.queries.starts, sequences.keys.starts, most_queries(sequences), sequences.keys.longest, 0.0,
      /*is_causal=*/true, /*return_debug_mask=*/false, scale, left_of(window),
      window > 0 ? std::optional<std::int64_t>(0) : std::nullopt);
  return {out, logsumexp, random_state, unused};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> flash_backward(const at::Tensor& g, const at::Tensor& q,
                                                              const at::Tensor& k, const at::Tensor& v,
                                                              const VarlenKernel::Forward& saved,
                                                              const Sequences& sequences, std::int64_t window,
                                                              std::optional<double> scale) {
  return at::_flash_attention_backward(g, q, k, v, saved.out, saved.logsumexp, sequences.queries.starts,
                                       sequences.keys.starts, most_queries(sequences), sequences.keys.longest, 0.0,
                                       /*is_causal=*/true, saved.random_state, saved.unused, scale, left_of(window),
                                       window > 0 ? std::optional<std::int64_t>(0) : std::nullopt);
}

/// custom_mask_type of LibTorch's memory-efficient attention. Its windows are counted from the first query and key, so
/// queries and keys have the same lengths here, and both corners are one.
constexpr std::int64_t causal_from_top_left = 1;

/// [total, heads, d] as a batch of one, whose sequences the starts part.
at::Tensor batch_of_one(const at::Tensor& t) { return t.unsqueeze(0); }

/// The kernel knows as many key/value heads as there are query heads.
at::Tensor for_each_query_head(const at::Tensor& t, std::int64_t heads) {
  return heads == t.size(1) ? t : t.repeat_interleave(heads / t.size(1), 1, heads);
}
at::Tensor summed_over_groups(const at::Tensor& g, std::int64_t kv_heads) {
  const at::Tensor rows = g.squeeze(0);
  if (rows.size(1) == kv_heads) return rows;
  return rows.reshape({rows.size(0), kv_heads, rows.size(1) / kv_heads, rows.size(2)}).sum(2);
}

std::optional<std::int64_t> limit_of(std::int64_t window) {
  return window > 0 ? std::optional<std::int64_t>(window) : std::nullopt;
}

VarlenKernel::Forward efficient_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                        const Sequences& s, std::int64_t window, std::optional<double> scale) {
  const std::int64_t heads = q.size(1);
  auto [out, logsumexp, seed, offset, longest_q, longest_k] = at::_efficient_attention_forward(
      batch_of_one(q), batch_of_one(for_each_query_head(k, heads)), batch_of_one(for_each_query_head(v, heads)),
      /*bias=*/{}, s.queries.starts, s.keys.starts, s.queries.longest, s.keys.longest,
      /*dropout_p=*/0.0, causal_from_top_left,
      /*compute_log_sumexp=*/true, scale, /*seqlen_k=*/{}, limit_of(window));
  return {out.squeeze(0), logsumexp, seed, offset};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> efficient_backward(const at::Tensor& g, const at::Tensor& q,
                                                                  const at::Tensor& k, const at::Tensor& v,
                                                                  const VarlenKernel::Forward& saved,
                                                                  const Sequences& s, std::int64_t window,
                                                                  std::optional<double> scale) {
  const std::int64_t heads = q.size(1), kv_heads = k.size(1);
  // One split of the keys: several would add to the queries' gradient in the order in which they happen to end.
  const auto [dq, dk, dv, dbias] = at::_efficient_attention_backward(
      batch_of_one(g), batch_of_one(q), batch_of_one(for_each_query_head(k, heads)),
      batch_of_one(for_each_query_head(v, heads)), /*bias=*/{}, batch_of_one(saved.out), s.queries.starts,
      s.keys.starts, s.queries.longest, s.keys.longest, saved.logsumexp, /*dropout_p=*/0.0, saved.random_state,
      saved.unused, causal_from_top_left,
      /*bias_requires_grad=*/false, scale, /*num_splits_key=*/1, limit_of(window));
  return {dq.squeeze(0), summed_over_groups(dk, kv_heads), summed_over_groups(dv, kv_heads)};
}

}  // namespace

const VarlenKernel& flash_kernel() {
  static constexpr VarlenKernel kernel{true, flash_forward, flash_backward};
  return kernel;
}

const VarlenKernel& efficient_kernel() {
  static constexpr VarlenKernel kernel{false, efficient_forward, efficient_backward};
  return kernel;
}

const VarlenKernel* kernel_of_card(bool has_flash, at::ScalarType type, std::int64_t head_dim) {
  if (head_dim > 256 || head_dim % 8 != 0) return nullptr;
  const bool half = type == at::kBFloat16 || type == at::kHalf;
  if (half && has_flash) return &flash_kernel();
  // Cards without flash attention have no products of bfloat16 either.
  return type == at::kFloat || type == at::kHalf ? &efficient_kernel() : nullptr;
}

const VarlenKernel* varlen_kernel(at::Device device, at::ScalarType type, std::int64_t head_dim) {
  if (!device.is_cuda() || !cuda::device_kernels()) return nullptr;
  return kernel_of_card(cuda::device_kernels()->has_flash(device.index()), type, head_dim);
}

}  // namespace bandscope::model
