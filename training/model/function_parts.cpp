// SPDX-License-Identifier: Apache-2.0
#include "training/model/function_parts.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/row_kernels.h"

namespace bandscope {
namespace {

at::Tensor apply_norm(const at::Tensor& normalized, const Norm& norm, const PassContext& context);

/// Sends rows^T columns where the route says.
void send_product(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows, const at::Tensor& columns) {
  if (route.wants_plain(*parameter)) parameter->add_product(*route.plain, rows, columns);
  if (route.wants_weighted(*parameter)) parameter->add_product(*route.weighted, rows * route.row_weights, columns);
}

/// A norm's parameter in float32, but as precise as compute type: a policy with float32 weights and a frozen reference in
/// compute type then normalise alike, bit by bit.
at::Tensor computed(const Parameter& parameter, const PassContext& context) {
  return parameter.in(context.compute).to(at::kFloat);
}

}  // namespace

void send_row_sum(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows) {
  if (route.wants_plain(*parameter)) parameter->add(*route.plain, rows.sum(0, false, at::kFloat));
  if (route.wants_weighted(*parameter))
    parameter->add(*route.weighted, (rows * route.row_weights).sum(0, false, at::kFloat));
}

bool wanted(const Parameter& parameter, const GradientRoute& route) {
  return route.wants_plain(parameter) || route.wants_weighted(parameter);
}

at::Tensor linear_forward(const at::Tensor& x, const Linear& layer, const PassContext& context, LinearSaved& saved) {
  const at::Tensor& weight = layer.weight->in(context.compute);
  at::Tensor y = layer.bias ? at::addmm(layer.bias->in(context.compute), x, weight.t()) : at::mm(x, weight.t());
  if (layer.lora && context.adapters) {
    at::Tensor dropped = x;
    if (context.lora_dropout > 0 && context.dropout_generator) {
      const double keep_share = 1.0 - context.lora_dropout;
      saved.mask = at::empty_like(x).bernoulli_(keep_share, *context.dropout_generator).div_(keep_share);
      dropped = x * saved.mask;
    }
    saved.down = at::mm(dropped, layer.lora->a->in(context.compute).t());
    y.addmm_(saved.down, layer.lora->b->in(context.compute).t(), 1.0, layer.lora->scale);
  }
  return y;
}

bool linear_needs_input(const Linear& layer, const LinearSaved& saved) { return layer.weight->trained || saved.down.defined(); }

void linear_backward(const at::Tensor& gy, const at::Tensor& x, const Linear& layer, const PassContext& context,
                     const LinearSaved& saved, at::Tensor& gx, bool add) {
  const GradientRoute& route = context.route;
  if (wanted(*layer.weight, route)) send_product(layer.weight, route, gy, x);
  if (layer.bias && wanted(*layer.bias, route)) send_row_sum(layer.bias, route, gy);
  const at::Tensor& weight = layer.weight->in(context.compute);
  if (add) {
    gx.addmm_(gy, weight);
  } else {
    at::mm_out(gx, gy, weight);
  }
  if (!saved.down.defined()) return;
  const Lora& lora = *layer.lora;
  const at::Tensor g_down = at::mm(gy, lora.b->in(context.compute)).mul_(lora.scale);
  if (wanted(*lora.b, route)) send_product(lora.b, route, gy, saved.down * lora.scale);
  if (wanted(*lora.a, route)) send_product(lora.a, route, g_down, saved.mask.defined() ? x * saved.mask : x);
  if (saved.mask.defined()) {
    gx.addcmul_(at::mm(g_down, lora.a->in(context.compute)), saved.mask);
  } else {
    gx.addmm_(g_down, lora.a->in(context.compute));
  }
}

at::Tensor norm_forward(const at::Tensor& x, const Norm& norm, const PassContext& context, NormSaved& saved) {
  const at::Tensor wide = x.to(at::kFloat);
  if (norm.bias) {
    at::Tensor y;
    std::tie(y, saved.mean, saved.rstd) = at::native_layer_norm(wide, norm.weight->value.sizes(), computed(*norm.weight, context),
                                                                computed(*norm.bias, context), norm.eps);
    return y.to(context.compute);
  }
  if (fused({x, norm.weight->value})) return rms_norm_rows(x, norm.weight->value, norm.eps, saved.rstd);
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
  if (!norm.bias && fused({x, norm.weight->value, saved.rstd})) return rms_norm_rows_again(x, norm.weight->value, saved.rstd);
  return apply_norm(normalized(x, saved), norm, context);
}

namespace {
at::Tensor apply_norm(const at::Tensor& normalized, const Norm& norm, const PassContext& context) {
  if (norm.bias) return at::addcmul(computed(*norm.bias, context), normalized, computed(*norm.weight, context)).to(context.compute);
  // As the models do it: the normalised row is rounded to compute type before the weight is applied.
  return normalized.to(context.compute) * norm.weight->in(context.compute);
}
}  // namespace

void norm_backward(const at::Tensor& gy, const at::Tensor& x, const Norm& norm, const PassContext& context,
                   const NormSaved& saved, at::Tensor& gx) {
  if (!norm.bias && !context.route.wants_weighted(*norm.weight) && fused({gy, x, norm.weight->value, saved.rstd, gx})) {
    at::Tensor g_weight;
    if (context.route.wants_plain(*norm.weight)) g_weight = norm.weight->gradient(*context.route.plain);
    rms_norm_rows_backward(gy, x, norm.weight->value, saved.rstd, gx, g_weight);
    return;
  }
  const at::Tensor unit = normalized(x, saved);
  const at::Tensor wide = gy.to(at::kFloat);
  if (wanted(*norm.weight, context.route)) send_row_sum(norm.weight, context.route, wide * unit);
  if (norm.bias && wanted(*norm.bias, context.route)) send_row_sum(norm.bias, context.route, wide);
  const at::Tensor g = wide * computed(*norm.weight, context);
  const at::Tensor along = (g * unit).mean(-1, true);
  at::Tensor wide_gx = at::addcmul(g, unit, along, -1.0);
  if (norm.bias) wide_gx.sub_(g.mean(-1, true));
  gx.copy_(wide_gx.mul_(saved.rstd));
}

}  // namespace bandscope
