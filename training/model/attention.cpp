// SPDX-License-Identifier: Apache-2.0
// Attention of packed pairs. On the CPU LibTorch's flash kernel is called forward and backward by itself, so that keys
// and values are kept once per key/value head instead of once per query head.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <map>

#include "training/model/function_parts.h"

namespace bandscope::model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// [n, heads, d] to [1, heads, n, d].
at::Tensor heads_first(const at::Tensor& t) { return t.transpose(0, 1).unsqueeze(0); }

/// One key/value head serves `groups` query heads.
at::Tensor repeated(const at::Tensor& t, std::int64_t groups) {
  if (groups == 1) return t;
  return t.unsqueeze(2)
      .expand({t.size(0), t.size(1), groups, t.size(2)})
      .reshape({t.size(0), t.size(1) * groups, t.size(2)});
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

/// The segment's rows in their order.
at::Tensor rows_of(const at::Tensor& t, const Segment& segment) {
  if (segment.ranges.size() == 1) return t.slice(0, segment.ranges[0].begin, segment.ranges[0].end);
  std::vector<at::Tensor> parts;
  for (const PackedRange& range : segment.ranges) parts.push_back(t.slice(0, range.begin, range.end));
  return at::cat(parts);
}
void put_rows(at::Tensor& t, const Segment& segment, const at::Tensor& rows) {
  std::int64_t from = 0;
  for (const PackedRange& range : segment.ranges) {
    const std::int64_t count = range.end - range.begin;
    t.slice(0, range.begin, range.end).copy_(rows.slice(0, from, from + count));
    from += count;
  }
}

struct PackedAttention : Function<PackedAttention> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks) {
    const std::int64_t groups = q.size(1) / k.size(1);
    at::Tensor out = at::empty(q.sizes(), q.options());
    variable_list saved = {q, k, v, out};
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto part = [&](const at::Tensor& t) { return rows_of(t, segments[i]); };
      const auto [own, logsumexp] = at::_scaled_dot_product_flash_attention_for_cpu(
          heads_first(part(q)), heads_first(repeated(part(k), groups)), heads_first(repeated(part(v), groups)), 0.0,
          !masks[i].defined(), four_dimensional(masks[i]));
      put_rows(out, segments[i], own.squeeze(0).transpose(0, 1));
      saved.push_back(logsumexp);
      saved.push_back(masks[i]);
    }
    auto kept_segments = c10::make_intrusive<Segments>();
    kept_segments->list = segments;
    ctx->saved_data["segments"] = c10::IValue::make_capsule(kept_segments);
    ctx->save_for_backward(saved);
    return out.view({q.size(0), -1});
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[3];
    const auto segments = c10::static_intrusive_pointer_cast<Segments>(ctx->saved_data["segments"].toCapsule());
    const std::int64_t groups = q.size(1) / k.size(1);
    const at::Tensor g = grads[0].view(q.sizes());
    at::Tensor gq = at::empty(q.sizes(), q.options()), gk = at::empty(k.sizes(), q.options()),
               gv = at::empty(v.sizes(), q.options());
    for (std::size_t i = 0; i < segments->list.size(); ++i) {
      const Segment& segment = segments->list[i];
      const auto part = [&](const at::Tensor& t) { return rows_of(t, segment); };
      const at::Tensor &logsumexp = saved[4 + 2 * i], &mask = saved[5 + 2 * i];
      const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
          heads_first(part(g)), heads_first(part(q)), heads_first(repeated(part(k), groups)),
          heads_first(repeated(part(v), groups)), heads_first(part(out)), logsumexp, 0.0, !mask.defined(),
          four_dimensional(mask));
      put_rows(gq, segment, dq.squeeze(0).transpose(0, 1));
      put_rows(gk, segment, summed(dk, groups));
      put_rows(gv, segment, summed(dv, groups));
    }
    return {gq, gk, gv, at::Tensor(), at::Tensor()};
  }

 private:
  struct Segments : torch::CustomClassHolder {
    std::vector<Segment> list;
  };
};

/// The same with LibTorch's own choice of kernel and its own backward pass.
at::Tensor composed_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const at::Tensor ks = repeated(k, groups), vs = repeated(v, groups);
  // Pieces in the order of the row: [first row, piece].
  std::map<std::int64_t, at::Tensor> pieces;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto part = [&](const at::Tensor& t) { return heads_first(rows_of(t, segments[i])); };
    const at::Tensor own = at::scaled_dot_product_attention(part(q), part(ks), part(vs), four_dimensional(masks[i]),
                                                            0.0, !masks[i].defined())
                               .squeeze(0)
                               .transpose(0, 1);
    std::int64_t from = 0;
    for (const PackedRange& range : segments[i].ranges) {
      pieces[range.begin] = own.slice(0, from, from + range.end - range.begin);
      from += range.end - range.begin;
    }
  }
  std::vector<at::Tensor> outputs;
  for (const auto& [begin, piece] : pieces) outputs.push_back(piece);
  return at::cat(outputs).reshape({q.size(0), -1});
}

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks) {
  if (!q.is_cpu()) return composed_attention(q, k, v, segments, masks);
  return PackedAttention::apply(q, k, v, segments, masks);
}

}  // namespace bandscope::model
