// SPDX-License-Identifier: Apache-2.0
// Attention of packed pairs. On the CPU LibTorch's flash kernel is called forward and backward by itself, so that keys
// and values are kept once per key/value head instead of once per query head.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <limits>
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
                            const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                            std::optional<double> scale) {
    const std::int64_t groups = q.size(1) / k.size(1);
    at::Tensor out = at::empty(q.sizes(), q.options());
    variable_list saved = {q, k, v, out};
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto part = [&](const at::Tensor& t) { return rows_of(t, segments[i]); };
      const auto [own, logsumexp] = at::_scaled_dot_product_flash_attention_for_cpu(
          heads_first(part(q)), heads_first(repeated(part(k), groups)), heads_first(repeated(part(v), groups)), 0.0,
          !masks[i].defined(), four_dimensional(masks[i]), scale);
      put_rows(out, segments[i], own.squeeze(0).transpose(0, 1));
      saved.push_back(logsumexp);
      saved.push_back(masks[i]);
    }
    auto kept_segments = c10::make_intrusive<Segments>();
    kept_segments->list = segments;
    kept_segments->scale = scale;
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
          four_dimensional(mask), segments->scale);
      put_rows(gq, segment, dq.squeeze(0).transpose(0, 1));
      put_rows(gk, segment, summed(dk, groups));
      put_rows(gv, segment, summed(dv, groups));
    }
    return {gq, gk, gv, at::Tensor(), at::Tensor(), at::Tensor()};
  }

 private:
  struct Segments : torch::CustomClassHolder {
    std::vector<Segment> list;
    std::optional<double> scale;
  };
};

/// The same with LibTorch's own choice of kernel and its own backward pass.
at::Tensor composed_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                              std::optional<double> scale) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const at::Tensor ks = repeated(k, groups), vs = repeated(v, groups);
  // Pieces in the order of the row: [first row, piece].
  std::map<std::int64_t, at::Tensor> pieces;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto part = [&](const at::Tensor& t) { return heads_first(rows_of(t, segments[i])); };
    const at::Tensor own = at::scaled_dot_product_attention(part(q), part(ks), part(vs), four_dimensional(masks[i]),
                                                            0.0, !masks[i].defined(), scale)
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

/// Float32, or more where the queries have more.
at::ScalarType wide(const at::Tensor& t) { return at::promote_types(t.scalar_type(), at::kFloat); }

/// Scores of one segment, and what their gradients need, in wide type.
struct CappedSegment {
  at::Tensor slopes;         // d capped / d scaled [heads, n, n]
  at::Tensor probabilities;  // [heads, n, n]
};

CappedSegment capped_segment(const at::Tensor& q, const at::Tensor& k, const at::Tensor& mask,
                             const CappedScores& scores) {
  at::Tensor bounded = at::matmul(q, k.transpose(1, 2)).to(wide(q)).mul_(scores.scale / scores.cap).tanh_();
  CappedSegment result;
  result.slopes = 1.0 - bounded.square();
  bounded.mul_(scores.cap);
  if (mask.defined()) {
    bounded.add_(mask);
  } else {
    const auto options = at::TensorOptions().dtype(at::kBool).device(q.device());
    bounded.masked_fill_(at::ones({q.size(1), q.size(1)}, options).triu_(1), -std::numeric_limits<double>::infinity());
  }
  result.probabilities = at::softmax(bounded, -1);
  return result;
}

/// [n, heads, d] to [heads, n, d].
at::Tensor batched(const at::Tensor& t) { return t.transpose(0, 1); }

struct CappedAttention : Function<CappedAttention> {
  struct Plan : torch::CustomClassHolder {
    std::vector<Segment> segments;
    std::vector<at::Tensor> masks;
    CappedScores scores;
  };
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const c10::intrusive_ptr<Plan>& plan) {
    const std::int64_t groups = q.size(1) / k.size(1);
    at::Tensor out = at::empty(q.sizes(), q.options());
    for (std::size_t i = 0; i < plan->segments.size(); ++i) {
      const Segment& segment = plan->segments[i];
      const CappedSegment own = capped_segment(
          batched(rows_of(q, segment)), batched(repeated(rows_of(k, segment), groups)), plan->masks[i], plan->scores);
      put_rows(out, segment,
               at::matmul(own.probabilities.to(q.scalar_type()), batched(repeated(rows_of(v, segment), groups)))
                   .transpose(0, 1));
    }
    ctx->saved_data["plan"] = c10::IValue::make_capsule(plan);
    ctx->save_for_backward({q, k, v});
    return out.view({q.size(0), -1});
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &q = saved[0], &k = saved[1], &v = saved[2];
    const auto plan = c10::static_intrusive_pointer_cast<Plan>(ctx->saved_data["plan"].toCapsule());
    const std::int64_t groups = q.size(1) / k.size(1);
    const at::Tensor g = grads[0].view(q.sizes());
    at::Tensor gq = at::empty(q.sizes(), q.options()), gk = at::empty(k.sizes(), q.options()),
               gv = at::empty(v.sizes(), q.options());
    for (std::size_t i = 0; i < plan->segments.size(); ++i) {
      const Segment& segment = plan->segments[i];
      const at::Tensor qs = batched(rows_of(q, segment)), ks = batched(repeated(rows_of(k, segment), groups)),
                       vs = batched(repeated(rows_of(v, segment), groups)), gs = batched(rows_of(g, segment));
      const CappedSegment own = capped_segment(qs, ks, plan->masks[i], plan->scores);
      const at::Tensor& p = own.probabilities;
      const at::Tensor dp = at::matmul(gs, vs.transpose(1, 2)).to(wide(q));
      const at::Tensor ds = ((dp - (dp * p).sum(-1, true)) * p * own.slopes * plan->scores.scale).to(q.scalar_type());
      const at::Tensor typed = p.to(q.scalar_type());
      put_rows(gq, segment, at::matmul(ds, ks).transpose(0, 1));
      put_rows(gk, segment, summed(at::matmul(ds.transpose(1, 2), qs).unsqueeze(0), groups));
      put_rows(gv, segment, summed(at::matmul(typed.transpose(1, 2), gs).unsqueeze(0), groups));
    }
    return {gq, gk, gv, at::Tensor()};
  }
};

}  // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                     std::optional<double> scale) {
  if (!q.is_cpu()) return composed_attention(q, k, v, segments, masks, scale);
  return PackedAttention::apply(q, k, v, segments, masks, scale);
}

at::Tensor capped_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const std::vector<Segment>& segments, const std::vector<at::Tensor>& masks,
                            const CappedScores& scores) {
  auto plan = c10::make_intrusive<CappedAttention::Plan>();
  plan->segments = segments;
  plan->masks = masks;
  plan->scores = scores;
  return CappedAttention::apply(q, k, v, plan);
}

}  // namespace bandscope::model
