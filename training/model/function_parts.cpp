// SPDX-License-Identifier: Apache-2.0
#include "training/model/function_parts.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/kernels.h"
#include "training/model/pair_scores.h"
#include "training/model/row_kernels.h"

namespace bandscope::model {
namespace {

at::Tensor apply_norm(const at::Tensor& normalized, const Norm& norm, const PassContext& context);

/// Sends rows^T columns where the route says.
void send_product(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows, const at::Tensor& columns) {
  for (const GradientRoute::Part& part : route.parts(rows.size(0))) {
    const at::Tensor own = part.of(rows), input = part.of(columns);
    if (route.wants_plain(*parameter)) parameter->add_product(*part.plain, own, input);
    if (route.wants_weighted(*parameter))
      parameter->add_product(*part.weighted, own * part.of(route.row_weights), input);
  }
  if (route.wants_of_pairs(*parameter)) {
    for (const PackedRange& pair : route.of_pairs->rows)
      route.of_pairs->gradients[parameter].push_back(
          product(rows.slice(0, pair.begin, pair.end).t(), columns.slice(0, pair.begin, pair.end)).to(at::kFloat));
  }
  if (route.wants_scores(*parameter)) route.scores->add_product(*parameter, rows, columns);
}

/// A norm's parameter in float32, but as precise as compute type: a policy with float32 weights and a frozen reference
/// in compute type then normalise alike, bit by bit.
at::Tensor computed(const Parameter& parameter, const PassContext& context) {
  return parameter.in(context.compute).to(at::kFloat);
}

/// What the normalised row is multiplied by, in float32.
at::Tensor factor(const Norm& norm, const PassContext& context) {
  const at::Tensor weight = computed(*norm.weight, context);
  return norm.plus_one ? weight + 1.0 : weight;
}

/// The same for the kernels of float32, which are asked only where compute type is that.
at::Tensor plain_factor(const Norm& norm) { return norm.plus_one ? norm.weight->value + 1.0 : norm.weight->value; }

/// Heads as rows.
at::Tensor flat(const at::Tensor& t) { return t.dim() == 2 ? t : t.reshape({-1, t.size(-1)}); }

}  // namespace

void send_row_sum(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows) {
  if (route.wants_scores(*parameter)) route.scores->add_row_sum(*parameter, rows);
  for (const GradientRoute::Part& part : route.parts(rows.size(0))) {
    const at::Tensor own = part.of(rows);
    if (route.wants_plain(*parameter)) parameter->add(*part.plain, flat(own).sum(0, false, at::kFloat));
    if (!route.wants_weighted(*parameter)) continue;
    const at::Tensor weights = part.of(route.row_weights);
    parameter->add(*part.weighted,
                   flat(own * (own.dim() == 2 ? weights : weights.unsqueeze(2))).sum(0, false, at::kFloat));
  }
}

namespace {
/// Rows of `t` up to the first that repeats an earlier one.
at::Tensor unlike_rows(const at::Tensor& t, const PackedCopies& copies) {
  return copies.count == 0 ? t : t.slice(0, 0, copies.to);
}
void repeat_rows(at::Tensor& t, const PackedCopies& copies) {
  if (copies.count > 0)
    t.slice(0, copies.to, copies.to + copies.count).copy_(t.slice(0, copies.from, copies.from + copies.count));
}
}  // namespace

at::Tensor linear_forward(const at::Tensor& x, const Linear& layer, const PassContext& context, LinearSaved& saved) {
  const at::Tensor& weight = layer.weight->in(context.compute);
  // Copies of a row have its place in the pair, and with it its masks.
  const PackedCopies& copies = context.copies;
  const at::Tensor input = unlike_rows(x, copies);
  at::Tensor y = at::empty({x.size(0), weight.size(0)}, x.options());
  at::Tensor output = unlike_rows(y, copies);
  if (layer.bias)
    at::addmm_out(output, layer.bias->in(context.compute), input, weight.t());
  else
    at::mm_out(output, input, weight.t());
  if (layer.lora && context.adapters) {
    at::Tensor dropped = input;
    if (context.dropout.share > 0) {
      saved.mask = dropout_mask(context.dropout, layer.lora->number, x.size(1), x.scalar_type());
      dropped = input * unlike_rows(saved.mask, copies);
    }
    saved.down = at::empty({x.size(0), layer.lora->a->value.size(0)}, x.options());
    at::Tensor down = unlike_rows(saved.down, copies);
    at::mm_out(down, dropped, layer.lora->a->in(context.compute).t());
    output.addmm_(down, layer.lora->b->in(context.compute).t(), 1.0, layer.lora->scale);
    repeat_rows(saved.down, copies);
  }
  repeat_rows(y, copies);
  return y;
}

bool linear_needs_input(const Linear& layer, const LinearSaved& saved) {
  return layer.weight->trained || saved.down.defined();
}

void linear_backward(const at::Tensor& gy, const at::Tensor& x, const Linear& layer, const PassContext& context,
                     const LinearSaved& saved, at::Tensor& gx, bool add) {
  const GradientRoute& route = context.route;
  if (route.wants(*layer.weight)) send_product(layer.weight, route, gy, x);
  if (layer.bias && route.wants(*layer.bias)) send_row_sum(layer.bias, route, gy);
  const at::Tensor& weight = layer.weight->in(context.compute);
  if (add) {
    gx.addmm_(gy, weight);
  } else {
    at::mm_out(gx, gy, weight);
  }
  if (!saved.down.defined()) return;
  const Lora& lora = *layer.lora;
  const at::Tensor g_down = product(gy, lora.b->in(context.compute)).mul_(lora.scale);
  if (route.wants(*lora.b)) send_product(lora.b, route, gy, saved.down * lora.scale);
  if (route.wants(*lora.a)) send_product(lora.a, route, g_down, saved.mask.defined() ? x * saved.mask : x);
  if (saved.mask.defined()) {
    gx.addcmul_(at::mm(g_down, lora.a->in(context.compute)), saved.mask);
  } else {
    gx.addmm_(g_down, lora.a->in(context.compute));
  }
}

at::Tensor norm_forward(const at::Tensor& x, const Norm& norm, const PassContext& context, NormSaved& saved) {
  const at::Tensor wide = x.to(at::kFloat);
  if (norm.centred) {
    at::Tensor y;
    const at::Tensor bias = norm.bias ? computed(*norm.bias, context) : at::Tensor();
    std::tie(y, saved.mean, saved.rstd) =
        at::native_layer_norm(wide, norm.weight->value.sizes(), factor(norm, context),
                              bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt, norm.eps);
    return y.to(context.compute);
  }
  if (fused({x, norm.weight->value})) {
    const at::Tensor y = rms_norm_rows(flat(x), plain_factor(norm), norm.eps, saved.rstd).view(x.sizes());
    if (x.dim() == 3) saved.rstd = saved.rstd.view({x.size(0), x.size(1), 1});
    return y;
  }
  saved.rstd = wide.square().mean(-1, true).add_(norm.eps).rsqrt_();
  return apply_norm(wide * saved.rstd, norm, context);
}

namespace {
at::Tensor normalized(const at::Tensor& x, const NormSaved& saved) {
  const at::Tensor wide = x.to(at::kFloat);
  return saved.mean.defined() ? (wide - saved.mean).mul_(saved.rstd) : wide * saved.rstd;
}
}  // namespace

at::Tensor norm_again(const at::Tensor& x, const Norm& norm, const PassContext& context, const NormSaved& saved) {
  if (!norm.centred && fused({x, norm.weight->value, saved.rstd}))
    return rms_norm_rows_again(flat(x), plain_factor(norm), flat(saved.rstd)).view(x.sizes());
  return apply_norm(normalized(x, saved), norm, context);
}

namespace {
at::Tensor apply_norm(const at::Tensor& normalized, const Norm& norm, const PassContext& context) {
  const at::Tensor weight = factor(norm, context);
  if (norm.bias) return at::addcmul(computed(*norm.bias, context), normalized, weight).to(context.compute);
  if (norm.centred || norm.wide) return (normalized * weight).to(context.compute);
  // As the models do it: the normalised row is rounded to compute type before the weight is applied.
  return normalized.to(context.compute) * weight.to(context.compute);
}
}  // namespace

void norm_backward(const at::Tensor& gy, const at::Tensor& x, const Norm& norm, const PassContext& context,
                   const NormSaved& saved, at::Tensor& gx) {
  if (!norm.centred && !context.route.wants_weighted(*norm.weight) &&
      fused({gy, x, norm.weight->value, saved.rstd, gx})) {
    const at::Tensor weight = plain_factor(norm);
    const auto backward = [&](PackedRange range, at::Tensor g_weight) {
      const auto of = [&](const at::Tensor& t) { return flat(t.slice(0, range.begin, range.end)); };
      at::Tensor own = of(gx);
      rms_norm_rows_backward(of(gy), of(x), weight, of(saved.rstd), own, g_weight);
    };
    if (context.route.wants_scores(*norm.weight)) {
      for (const PairScores::RowSum& part : context.route.scores->row_sums(*norm.weight)) backward(part.rows, part.sum);
      return;
    }
    for (const GradientRoute::Part& part : context.route.parts(gy.size(0)))
      backward({part.begin, part.end},
               context.route.wants_plain(*norm.weight) ? norm.weight->gradient(*part.plain) : at::Tensor());
    return;
  }
  const at::Tensor unit = normalized(x, saved);
  const at::Tensor wide = gy.to(at::kFloat);
  if (context.route.wants(*norm.weight)) send_row_sum(norm.weight, context.route, wide * unit);
  if (norm.bias && context.route.wants(*norm.bias)) send_row_sum(norm.bias, context.route, wide);
  const at::Tensor g = wide * factor(norm, context);
  const at::Tensor along = (g * unit).mean(-1, true);
  at::Tensor wide_gx = at::addcmul(g, unit, along, -1.0);
  if (norm.centred) wide_gx.sub_(g.mean(-1, true));
  gx.copy_(wide_gx.mul_(saved.rstd));
}

}  // namespace bandscope::model
