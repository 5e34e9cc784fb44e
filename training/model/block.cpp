// SPDX-License-Identifier: Apache-2.0
// One block of the decoder: attention and MLP with the norms and scales that the family's settings ask for.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>
#include <tuple>

#include "training/model/decoder.h"

namespace bandscope::model {

at::Tensor Decoder::heads_of(const at::Tensor& x, std::int64_t heads, const std::vector<Norm>& norms,
                             PassContext& context) {
  const std::int64_t n = x.size(0), d = config_.head_dim;
  if (norms.empty()) return x.view({n, heads, d});
  if (config_.qk_norm == QkNorm::whole) return normed(x, norms[0], context).view({n, heads, d});
  const at::Tensor parts = x.view({n, heads, d});
  if (config_.qk_norm == QkNorm::head) return normed(parts, norms[0], context);
  std::vector<at::Tensor> outputs;
  for (std::int64_t i = 0; i < heads; ++i)
    outputs.push_back(normed(parts.select(1, i), norms[static_cast<std::size_t>(i)], context));
  return at::stack(outputs, 1);
}

at::Tensor Decoder::attend(const Block& block, const at::Tensor& x, const PackedRow& row, const RopeTables& rope,
                           const AttentionPlan& plan, PassContext& context) {
  const std::int64_t n = row.rows(), d = config_.head_dim, width = config_.heads * d, kv = config_.kv_heads * d;
  at::Tensor q, k, v;
  if (config_.qkv == Qkv::by_head) {
    const auto fused = linears(x, block.before_attention, {&block.qkv}, context)[0];
    const auto parts = fused.view({n, config_.heads, 3 * d}).chunk(3, -1);
    q = parts[0], k = parts[1], v = parts[2];
  } else {
    const auto parts =
        config_.qkv == Qkv::stacked
            ? linears(x, block.before_attention, {&block.qkv}, context)[0].split_with_sizes({width, kv, kv}, 1)
            : linears(x, block.before_attention, {&block.q, &block.k, &block.v}, context);
    q = heads_of(parts[0], config_.heads, block.q_norms, context);
    k = heads_of(parts[1], config_.kv_heads, block.k_norms, context);
    v = parts[2].view({n, config_.kv_heads, d});
  }
  if (block.rope != LayerRope::none) std::tie(q, k) = rotary(q, k, rope.cos, rope.sin);
  const at::Tensor looked_up =
      context.attend   ? context.attend(static_cast<std::size_t>(&block - blocks_.data()), q, k, v)
      : plan.sequences ? varlen_attention(q, k, v, *plan.sequences, plan.window, *plan.kernel, config_.attention_scale)
      : config_.attention_cap > 0
          ? capped_attention(
                q, k, v, row.segments, plan.masks,
                {config_.attention_scale.value_or(1.0 / std::sqrt(static_cast<double>(d))), config_.attention_cap})
          : attention(q, k, v, row.segments, plan.masks, config_.attention_scale);
  return linear(looked_up, block.o, context);
}

at::Tensor Decoder::mlp(const Block& block, const at::Tensor& x, PassContext& context) {
  const Norm& norm = config_.shared_norm ? block.before_attention : block.before_mlp;
  if (!config_.gated_mlp) {
    const auto up = linears(x, norm, {&block.up}, context);
    return activated_linear(up[0], std::nullopt, config_.activation, block.down, context);
  }
  const auto parts = config_.fused_gate_up ? linears(x, norm, {&block.gate_up}, context)[0].chunk(2, 1)
                                           : linears(x, norm, {&block.gate, &block.up}, context);
  return activated_linear(parts[0], parts[1], config_.activation, block.down, context);
}

at::Tensor Decoder::run_block(const Block& block, const at::Tensor& x, const PackedRow& row, const RopeTables& rope,
                              const AttentionPlan& plan, PassContext& context) {
  /// What is added to the residual.
  const auto added = [&](const at::Tensor& y, const Norm& after) {
    const at::Tensor out = after.weight ? normed(y, after, context) : y;
    return config_.residual_scale == 1.0 ? out : out * config_.residual_scale;
  };
  const at::Tensor attended = added(attend(block, x, row, rope, plan, context), block.after_attention);
  if (config_.parallel_residual) return x + attended + added(mlp(block, x, context), block.after_mlp);
  const at::Tensor between = x + attended;
  return between + added(mlp(block, between, context), block.after_mlp);
}

}  // namespace bandscope::model
