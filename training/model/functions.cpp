// SPDX-License-Identifier: Apache-2.0
#include "training/model/functions.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>

namespace bandscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// Pointers to layers and contexts travel through autograd as integers; both outlive the graph (PassContext).
template <class T>
void keep(AutogradContext* ctx, const char* key, const T* pointer) {
  ctx->saved_data[key] = reinterpret_cast<std::int64_t>(pointer);
}
template <class T>
T& kept(AutogradContext* ctx, const char* key) {
  return *reinterpret_cast<T*>(ctx->saved_data[key].toInt());
}

/// Sends rows^T columns where the route says.
void add_product(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows, const at::Tensor& columns) {
  if (route.wants_plain(*parameter)) parameter->add_product(*route.plain, rows, columns);
  if (route.wants_weighted(*parameter)) parameter->add_product(*route.weighted, rows * route.row_weights, columns);
}
/// Sends the sum over rows where the route says.
void add_row_sum(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows) {
  if (route.wants_plain(*parameter)) parameter->add(*route.plain, rows.sum(0, false, at::kFloat));
  if (route.wants_weighted(*parameter))
    parameter->add(*route.weighted, (rows * route.row_weights).sum(0, false, at::kFloat));
}
bool wanted(const Parameter& parameter, const GradientRoute& route) {
  return route.wants_plain(parameter) || route.wants_weighted(parameter);
}

struct LinearFunction : Function<LinearFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const Linear* layer, PassContext* context) {
    keep(ctx, "layer", layer);
    keep(ctx, "context", context);
    const at::Tensor& weight = layer->weight->in(context->compute);
    at::Tensor y = layer->bias ? at::addmm(layer->bias->in(context->compute), x, weight.t()) : at::mm(x, weight.t());
    at::Tensor down, mask;
    if (layer->lora && context->adapters) {
      at::Tensor dropped = x;
      if (context->lora_dropout > 0 && context->dropout_generator) {
        const double keep_share = 1.0 - context->lora_dropout;
        mask = at::empty_like(x).bernoulli_(keep_share, *context->dropout_generator).div_(keep_share);
        dropped = x * mask;
      }
      down = at::mm(dropped, layer->lora->a->in(context->compute).t());
      y.addmm_(down, layer->lora->b->in(context->compute).t(), 1.0, layer->lora->scale);
    }
    const bool needs_input = layer->weight->trained || down.defined();
    ctx->save_for_backward({needs_input ? x : at::Tensor(), down, mask});
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto& layer = kept<const Linear>(ctx, "layer");
    auto& context = kept<PassContext>(ctx, "context");
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &gy = grads[0], &x = saved[0], &down = saved[1], &mask = saved[2];
    if (wanted(*layer.weight, context.route)) add_product(layer.weight, context.route, gy, x);
    if (layer.bias && wanted(*layer.bias, context.route)) add_row_sum(layer.bias, context.route, gy);
    at::Tensor gx = at::mm(gy, layer.weight->in(context.compute));
    if (down.defined()) {
      const Lora& lora = *layer.lora;
      at::Tensor g_down = at::mm(gy, lora.b->in(context.compute)).mul_(lora.scale);
      if (wanted(*lora.b, context.route)) add_product(lora.b, context.route, gy * lora.scale, down);
      if (wanted(*lora.a, context.route)) add_product(lora.a, context.route, g_down, mask.defined() ? x * mask : x);
      const at::Tensor g_dropped = at::mm(g_down, lora.a->in(context.compute));
      gx.add_(mask.defined() ? g_dropped * mask : g_dropped);
    }
    return {gx, at::Tensor(), at::Tensor()};
  }
};

struct RmsNormFunction : Function<RmsNormFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, Parameter* weight, double eps, PassContext* context) {
    keep(ctx, "weight", weight);
    keep(ctx, "context", context);
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor rstd = wide.square().mean(-1, true).add_(eps).rsqrt_();
    ctx->save_for_backward({x, rstd});
    return (wide * rstd).to(context->compute).mul_(weight->in(context->compute));
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto& weight = kept<Parameter>(ctx, "weight");
    auto& context = kept<PassContext>(ctx, "context");
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor normed = saved[0].to(at::kFloat) * saved[1];
    const at::Tensor gy = grads[0].to(at::kFloat);
    if (wanted(weight, context.route)) add_row_sum(&weight, context.route, gy * normed);
    const at::Tensor g = gy * weight.in(context.compute).to(at::kFloat);
    const at::Tensor along = (g * normed).mean(-1, true);
    at::Tensor gx = at::addcmul(g, normed, along, -1.0).mul_(saved[1]);
    return {gx.to(context.compute), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct LayerNormFunction : Function<LayerNormFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, Parameter* weight, Parameter* bias, double eps,
                            PassContext* context) {
    keep(ctx, "weight", weight);
    keep(ctx, "bias", bias);
    keep(ctx, "context", context);
    const auto [y, mean, rstd] = at::native_layer_norm(x.to(at::kFloat), weight->value.sizes(),
                                                       weight->in(at::kFloat), bias->in(at::kFloat), eps);
    ctx->save_for_backward({x, mean, rstd});
    return y.to(context->compute);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto &weight = kept<Parameter>(ctx, "weight"), &bias = kept<Parameter>(ctx, "bias");
    auto& context = kept<PassContext>(ctx, "context");
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor normed = (saved[0].to(at::kFloat) - saved[1]) * saved[2];
    const at::Tensor gy = grads[0].to(at::kFloat);
    if (wanted(weight, context.route)) add_row_sum(&weight, context.route, gy * normed);
    if (wanted(bias, context.route)) add_row_sum(&bias, context.route, gy);
    at::Tensor g = gy * weight.in(at::kFloat);
    const at::Tensor along = (g * normed).mean(-1, true);
    const at::Tensor gx = (g - g.mean(-1, true) - normed * along).mul_(saved[2]);
    return {gx.to(context.compute), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct EmbeddingFunction : Function<EmbeddingFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& anchor, const at::Tensor& ids, Parameter* table,
                            PassContext* context) {
    (void)anchor;
    keep(ctx, "table", table);
    keep(ctx, "context", context);
    ctx->save_for_backward({ids});
    return table->value.index_select(0, ids).to(context->compute);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto& table = kept<Parameter>(ctx, "table");
    auto& context = kept<PassContext>(ctx, "context");
    const GradientRoute& route = context.route;
    const at::Tensor ids = ctx->get_saved_variables()[0];
    if (route.wants_plain(table)) table.add_rows(*route.plain, ids, grads[0]);
    if (route.wants_weighted(table)) table.add_rows(*route.weighted, ids, grads[0] * route.row_weights);
    return {at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// Rotation by +angle forward and by -angle backward.
at::Tensor rotate(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, bool inverse) {
  const std::int64_t half = cos.size(1);
  at::Tensor y = at::empty(x.sizes(), x.options());
  const at::Tensor c = cos.unsqueeze(1), s = inverse ? sin.unsqueeze(1).neg() : sin.unsqueeze(1);
  const at::Tensor first = x.slice(-1, 0, half), second = x.slice(-1, half, 2 * half);
  if (x.scalar_type() == at::kFloat) {
    at::Tensor out_first = y.slice(-1, 0, half), out_second = y.slice(-1, half, 2 * half);
    at::mul_out(out_first, first, c);
    out_first.addcmul_(second, s, -1.0);
    at::mul_out(out_second, second, c);
    out_second.addcmul_(first, s);
  } else {
    y.slice(-1, 0, half).copy_(first * c - second * s);
    y.slice(-1, half, 2 * half).copy_(second * c + first * s);
  }
  if (2 * half < x.size(-1)) y.slice(-1, 2 * half).copy_(x.slice(-1, 2 * half));
  return y;
}

struct RotaryFunction : Function<RotaryFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    ctx->save_for_backward({cos, sin});
    return rotate(x, cos, sin, false);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    return {rotate(grads[0], saved[0], saved[1], true), at::Tensor(), at::Tensor()};
  }
};

struct SwigluFunction : Function<SwigluFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& gate, const at::Tensor& up) {
    ctx->save_for_backward({gate, up});
    return at::silu(gate).mul_(up);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor activated = at::silu(saved[0]);
    return {at::silu_backward(grads[0] * saved[1], saved[0]), activated.mul_(grads[0])};
  }
};

}  // namespace

at::Tensor linear(const at::Tensor& x, const Linear& layer, PassContext& context) {
  return LinearFunction::apply(x, &layer, &context);
}
at::Tensor rms_norm(const at::Tensor& x, Parameter& weight, double eps, PassContext& context) {
  return RmsNormFunction::apply(x, &weight, eps, &context);
}
at::Tensor layer_norm(const at::Tensor& x, Parameter& weight, Parameter& bias, double eps, PassContext& context) {
  return LayerNormFunction::apply(x, &weight, &bias, eps, &context);
}
at::Tensor embedding(const at::Tensor& anchor, const at::Tensor& ids, Parameter& table, PassContext& context) {
  return EmbeddingFunction::apply(anchor, ids, &table, &context);
}
at::Tensor rotary(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
  return RotaryFunction::apply(x, cos, sin);
}
at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up) { return SwigluFunction::apply(gate, up); }

}  // namespace bandscope
