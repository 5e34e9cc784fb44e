// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/prefix_attention.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>
#include <limits>

namespace bandscope::evaluation {
namespace {

/// Scores that are held at a time: 256 MiB in float32.
constexpr std::int64_t kScores = std::int64_t{64} << 20;
constexpr float kHidden = -std::numeric_limits<float>::infinity();

/// [rows, kv groups, d] to [kv, rows groups, d]: the queries that look at one key/value head, together.
at::Tensor by_key_head(const at::Tensor& q, std::int64_t kv) {
  const std::int64_t n = q.size(0), groups = q.size(1) / kv, d = q.size(2);
  return q.view({n, kv, groups, d}).permute({1, 0, 2, 3}).reshape({kv, n * groups, d});
}

/// And back; `last` is d, or 1 for a number per row and head.
at::Tensor by_row(const at::Tensor& values, std::int64_t n, std::int64_t kv, std::int64_t groups, std::int64_t last) {
  return values.reshape({kv, n, groups, last}).permute({1, 0, 2, 3}).reshape({n, kv * groups, last});
}

/// LibTorch's kernel for the CPU, which keeps no scores.
Attended attend_flash(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal, double scale) {
  const std::int64_t n = q.size(0), kv = k.size(1), groups = q.size(1) / kv, d = q.size(2);
  if (!causal) {
    const auto [out, normaliser] =
        at::_scaled_dot_product_flash_attention_for_cpu(by_key_head(q, kv).unsqueeze(0), k.transpose(0, 1).unsqueeze(0),
                                                        v.transpose(0, 1).unsqueeze(0), 0.0, false, {}, scale);
    return {by_row(out, n, kv, groups, d), by_row(normaliser, n, kv, groups, 1).squeeze(-1)};
  }
  const auto repeated = [&](const at::Tensor& t) {
    return t.unsqueeze(2).expand({t.size(0), kv, groups, d}).reshape({t.size(0), kv * groups, d}).transpose(0, 1);
  };
  const auto [out, normaliser] = at::_scaled_dot_product_flash_attention_for_cpu(
      q.transpose(0, 1).unsqueeze(0), repeated(k).unsqueeze(0), repeated(v).unsqueeze(0), 0.0, true, {}, scale);
  return {out.squeeze(0).transpose(0, 1), normaliser.squeeze(0).transpose(0, 1)};
}

}  // namespace

model::CappedScores score_rule(const model::ModelConfig& config) {
  return {config.attention_scale.value_or(1.0 / std::sqrt(static_cast<double>(config.head_dim))), config.attention_cap};
}

at::Tensor scores_of(at::Tensor products, const model::CappedScores& rule) {
  products.mul_(rule.scale);
  return rule.cap > 0 ? products.div_(rule.cap).tanh_().mul_(rule.cap) : products;
}

Attended attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask, bool causal,
                const model::CappedScores& rule) {
  const std::int64_t n = q.size(0), keys = k.size(0), kv = k.size(1), groups = q.size(1) / kv, d = q.size(2);
  if (rule.cap == 0 && q.is_cpu() && q.scalar_type() == at::kFloat && !mask.defined() && !(causal && n != keys))
    return attend_flash(q, k, v, causal, rule.scale);
  // Scores of many rows are made in parts: with a long prompt they would be larger than the model.
  const std::int64_t most = std::max<std::int64_t>(1, kScores / std::max<std::int64_t>(1, q.size(1) * keys));
  if (n > most) {
    std::vector<at::Tensor> outs, normalisers;
    for (std::int64_t begin = 0; begin < n; begin += most) {
      const std::int64_t end = std::min(begin + most, n);
      const at::Tensor part = mask.defined() ? mask.slice(0, begin, end) : mask;
      // With `causal` the last row of a part sees the last of its keys, as that of the whole does.
      const std::int64_t seen = causal && !mask.defined() ? keys - n + end : keys;
      Attended own = attend(q.slice(0, begin, end), k.slice(0, 0, seen), v.slice(0, 0, seen), part, causal, rule);
      outs.push_back(std::move(own.out));
      normalisers.push_back(std::move(own.normaliser));
    }
    return {at::cat(outs), at::cat(normalisers)};
  }
  at::Tensor scores = scores_of(at::bmm(by_key_head(q, kv), k.permute({1, 2, 0})).to(at::kFloat), rule);
  at::Tensor hidden = mask;
  if (causal && !hidden.defined()) hidden = at::full({n, keys}, kHidden, scores.options()).triu_(1 + keys - n);
  if (hidden.defined()) scores.view({kv, n, groups, keys}).add_(hidden.to(at::kFloat).unsqueeze(1));
  const at::Tensor normaliser = at::logsumexp(scores, -1);
  // A row that sees nothing has weights of 0 / 0; they count for nothing when the parts are put together.
  const at::Tensor weights = scores.sub_(normaliser.unsqueeze(-1)).exp_().nan_to_num_(0.0);
  const at::Tensor out = at::bmm(weights.to(v.scalar_type()), v.permute({1, 0, 2}));
  return {by_row(out, n, kv, groups, d), by_row(normaliser.unsqueeze(-1), n, kv, groups, 1).squeeze(-1)};
}

at::Tensor merged(const Attended& a, const Attended& b) {
  const at::Tensor share =
      at::sigmoid(b.normaliser - a.normaliser).nan_to_num_(0.0).unsqueeze(-1).to(a.out.scalar_type());
  return at::lerp(a.out, b.out, share);
}

at::Tensor tree_mask(const Piece& piece, const std::vector<std::int64_t>& positions, std::int64_t window,
                     at::Device device) {
  const std::int64_t n = piece.end - piece.begin;
  at::Tensor mask = at::full({n, n}, kHidden, at::TensorOptions().dtype(at::kFloat));
  auto* rows = mask.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t parent = piece.chain() ? i - 1 : piece.parents[static_cast<std::size_t>(i)];
    float* own = rows + i * n;
    if (parent >= 0) std::copy(rows + parent * n, rows + parent * n + n, own);
    own[i] = 0.0F;
    if (window == 0) continue;
    const std::int64_t position = positions[static_cast<std::size_t>(piece.begin + i)];
    for (std::int64_t j = 0; j < i; ++j)
      if (position - positions[static_cast<std::size_t>(piece.begin + j)] >= window) own[j] = kHidden;
  }
  return mask.to(device);
}

}  // namespace bandscope::evaluation
