// SPDX-License-Identifier: Apache-2.0
// Attention of packed pairs. On the CPU LibTorch's flash kernel is called forward and backward by itself, so that keys and
// values are kept once per key/value head instead of once per query head.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/function_parts.h"

namespace bandscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// [n, heads, d] to [1, heads, n, d].
at::Tensor heads_first(const at::Tensor& t) { return t.transpose(0, 1).unsqueeze(0); }

/// One key/value head serves `groups` query heads.
at::Tensor repeated(const at::Tensor& t, std::int64_t groups) {
  if (groups == 1) return t;
  return t.unsqueeze(2).expand({t.size(0), t.size(1), groups, t.size(2)}).reshape({t.size(0), t.size(1) * groups, t.size(2)});
}

/// The sum over a head's groups: [1, heads, n, d] to [n, kv_heads, d].
at::Tensor summed(const at::Tensor& g, std::int64_t groups) {
  const at::Tensor rows = g.squeeze(0).transpose(0, 1);
  if (groups == 1) return rows;
  return rows.reshape({rows.size(0), rows.size(1) / groups, groups, rows.size(2)}).sum(2);
}

std::optional<at::Tensor> four_dimensional(const at::Tensor& mask) {
  if (!mask.defined()) return std::nullopt;
  return mask.unsqueeze(0).unsqueeze(0);
}

struct PackedAttention : Function<PackedAttention> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<std::int64_t>& pair_rows, const std::vector<at::Tensor>& masks, PassContext* context) {
    keep(ctx, "context", context);
    const std::int64_t groups = q.size(1) / k.size(1);
    at::Tensor out = at::empty(q.sizes(), q.options());
    variable_list saved = {q, k, v, out};
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < pair_rows.size(); ++i) {
      const std::int64_t end = begin + pair_rows[i];
      const auto [own, logsumexp] = at::_scaled_dot_product_flash_attention_for_cpu(
          heads_first(q.slice(0, begin, end)), heads_first(repeated(k.slice(0, begin, end), groups)),
          heads_first(repeated(v.slice(0, begin, end), groups)), 0.0, !masks[i].defined(), four_dimensional(masks[i]));
      out.slice(0, begin, end).copy_(own.squeeze(0).transpose(0, 1));
      saved.push_back(logsumexp);
      saved.push_back(masks[i]);
      begin = end;
    }
    ctx->saved_data["rows"] = c10::List<std::int64_t>(c10::IntArrayRef(pair_rows));
    ctx->save_for_backward(saved);
    return out.view({q.size(0), -1});
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[3];
    const auto pair_rows = ctx->saved_data["rows"].toIntVector();
    const std::int64_t groups = q.size(1) / k.size(1);
    const at::Tensor g = grads[0].view(q.sizes());
    const LiveRows& live = kept<PassContext>(ctx, "context").route.live;
    at::Tensor gq = live.blank(q.sizes(), q.options()), gk = live.blank(k.sizes(), q.options()), gv = live.blank(v.sizes(), q.options());
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < pair_rows.size(); ++i) {
      // Of the pair's rows those that are live: queries of the others have no gradient, and live ones do not see them.
      const RowRange rows = live.all() ? RowRange{begin, begin + pair_rows[i]} : live.ranges()[i];
      const std::int64_t from = rows.begin - begin, to = rows.end - begin;
      const auto part = [&](const at::Tensor& t) { return t.slice(0, rows.begin, rows.end); };
      const at::Tensor logsumexp = saved[4 + 2 * i].slice(2, from, to);
      at::Tensor mask = saved[5 + 2 * i];
      if (mask.defined()) mask = mask.slice(0, from, to).slice(1, from, to);
      const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
          heads_first(part(g)), heads_first(part(q)), heads_first(repeated(part(k), groups)), heads_first(repeated(part(v), groups)),
          heads_first(part(out)), logsumexp, 0.0, !mask.defined(), four_dimensional(mask));
      part(gq).copy_(dq.squeeze(0).transpose(0, 1));
      part(gk).copy_(summed(dk, groups));
      part(gv).copy_(summed(dv, groups));
      begin += pair_rows[i];
    }
    return {gq, gk, gv, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// The same with LibTorch's own choice of kernel and its own backward pass.
at::Tensor composed_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const std::vector<std::int64_t>& pair_rows, const std::vector<at::Tensor>& masks) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const auto qs = q.split_with_sizes(pair_rows), ks = repeated(k, groups).split_with_sizes(pair_rows),
             vs = repeated(v, groups).split_with_sizes(pair_rows);
  std::vector<at::Tensor> outputs;
  for (std::size_t i = 0; i < qs.size(); ++i)
    outputs.push_back(at::scaled_dot_product_attention(heads_first(qs[i]), heads_first(ks[i]), heads_first(vs[i]),
                                                       four_dimensional(masks[i]), 0.0, !masks[i].defined())
                          .squeeze(0)
                          .transpose(0, 1));
  return at::cat(outputs).reshape({q.size(0), -1});
}

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const std::vector<std::int64_t>& pair_rows,
                     const std::vector<at::Tensor>& masks, PassContext& context) {
  if (!q.is_cpu()) return composed_attention(q, k, v, pair_rows, masks);
  return PackedAttention::apply(q, k, v, pair_rows, masks, &context);
}

}  // namespace bandscope
