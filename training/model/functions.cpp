// SPDX-License-Identifier: Apache-2.0
#include "training/model/functions.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/function_parts.h"
#include "training/model/matrix_products.h"
#include "training/model/pair_scores.h"
#include "training/model/row_kernels.h"

namespace bandscope::model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

struct LinearFunction : Function<LinearFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const Linear* layer, PassContext* context) {
    save_pointer(ctx, "layer", layer);
    save_pointer(ctx, "context", context);
    LinearSaved saved;
    at::Tensor y = linear_forward(x, *layer, *context, saved);
    ctx->saved_data["in"] = x.size(1);
    ctx->save_for_backward({linear_needs_input(*layer, saved) ? x : at::Tensor(), saved.down, saved.mask});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    at::Tensor gx = at::empty({grads[0].size(0), ctx->saved_data["in"].toInt()}, grads[0].options());
    linear_backward(grads[0], saved[0], saved_pointer<const Linear>(ctx, "layer"),
                    saved_pointer<PassContext>(ctx, "context"), {saved[1], saved[2]}, gx, false);
    return {gx, at::Tensor(), at::Tensor()};
  }
};

struct NormFunction : Function<NormFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const Norm* norm, PassContext* context) {
    save_pointer(ctx, "norm", norm);
    save_pointer(ctx, "context", context);
    NormSaved saved;
    at::Tensor y = norm_forward(x, *norm, *context, saved);
    ctx->save_for_backward({x, saved.mean, saved.rstd});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    at::Tensor gx = at::empty_like(saved[0]);
    norm_backward(grads[0], saved[0], saved_pointer<const Norm>(ctx, "norm"),
                  saved_pointer<PassContext>(ctx, "context"), {saved[1], saved[2]}, gx);
    return {gx, at::Tensor(), at::Tensor()};
  }
};

/// Keeps the input and its row statistics only; the normalised rows are computed again in backward.
struct NormedLinearsFunction : Function<NormedLinearsFunction> {
  static variable_list forward(AutogradContext* ctx, const at::Tensor& x, const Norm* norm,
                               const std::vector<const Linear*>& layers, PassContext* context) {
    save_pointer(ctx, "norm", norm);
    save_pointer(ctx, "context", context);
    NormSaved statistics;
    const at::Tensor h = norm_forward(x, *norm, *context, statistics);
    variable_list outputs, saved = {x, statistics.mean, statistics.rstd};
    c10::List<std::int64_t> pointers;
    for (const Linear* layer : layers) {
      LinearSaved of_layer;
      outputs.push_back(linear_forward(h, *layer, *context, of_layer));
      saved.push_back(of_layer.down);
      saved.push_back(of_layer.mask);
      pointers.push_back(reinterpret_cast<std::int64_t>(layer));
    }
    ctx->saved_data["layers"] = pointers;
    ctx->save_for_backward(saved);
    return outputs;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto& context = saved_pointer<PassContext>(ctx, "context");
    const auto& norm = saved_pointer<const Norm>(ctx, "norm");
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor& x = saved[0];
    const NormSaved statistics{saved[1], saved[2]};
    const auto pointers = ctx->saved_data["layers"].toIntVector();
    at::Tensor h, gh = at::empty_like(x);
    for (std::size_t i = 0; i < pointers.size(); ++i) {
      const auto& layer = *reinterpret_cast<const Linear*>(pointers[i]);
      const LinearSaved of_layer{saved[3 + 2 * i], saved[4 + 2 * i]};
      if (!h.defined() && linear_needs_input(layer, of_layer)) h = norm_again(x, norm, context, statistics);
      linear_backward(grads[i], h, layer, context, of_layer, gh, i > 0);
    }
    at::Tensor gx = at::empty_like(x);
    norm_backward(gh, x, norm, context, statistics, gx);
    return {gx, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

at::Tensor activate(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::silu:
      return at::silu(x);
    case Activation::gelu:
      return at::gelu(x);
    case Activation::gelu_tanh:
      return at::gelu(x, "tanh");
    case Activation::relu:
      return at::relu(x);
  }
  return x;
}
at::Tensor activate_backward(const at::Tensor& gy, const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::silu:
      return at::silu_backward(gy, x);
    case Activation::gelu:
      return at::gelu_backward(gy, x);
    case Activation::gelu_tanh:
      return at::gelu_backward(gy, x, "tanh");
    case Activation::relu:
      return at::threshold_backward(gy, x, 0);
  }
  return gy;
}

/// activation(x) * gated, or activation(x) where `gated` is undefined.
at::Tensor inner_of(const at::Tensor& x, const at::Tensor& gated, Activation activation) {
  if (!gated.defined()) return activate(x, activation);
  if (const cuda::Kernels* kernels = cuda::kernels_of(x)) {
    at::Tensor y;
    kernels->gate(x, gated, activation, y);
    return y;
  }
  if (activation == Activation::silu && fused({x, gated})) return swiglu_rows(x, gated);
  return activate(x, activation).mul_(gated);
}

struct ActivatedLinearFunction : Function<ActivatedLinearFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const std::optional<at::Tensor>& gated,
                            Activation activation, const Linear* layer, PassContext* context) {
    save_pointer(ctx, "layer", layer);
    save_pointer(ctx, "context", context);
    ctx->saved_data["activation"] = static_cast<std::int64_t>(activation);
    at::Tensor inner = inner_of(x, gated.value_or(at::Tensor()), activation);
    LinearSaved saved;
    at::Tensor y = linear_forward(inner, *layer, *context, saved);
    ctx->save_for_backward({x, gated.value_or(at::Tensor()), saved.down, saved.mask});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto& layer = saved_pointer<const Linear>(ctx, "layer");
    const auto& context = saved_pointer<PassContext>(ctx, "context");
    const auto activation = static_cast<Activation>(ctx->saved_data["activation"].toInt());
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &gated = saved[1];
    const LinearSaved of_layer{saved[2], saved[3]};
    const at::Tensor inner = linear_needs_input(layer, of_layer) ? inner_of(x, gated, activation) : at::Tensor();
    at::Tensor g_inner = at::empty(x.sizes(), x.options());
    linear_backward(grads[0], inner, layer, context, of_layer, g_inner, false);
    if (!gated.defined())
      return {activate_backward(g_inner, x, activation), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    at::Tensor g_x;
    if (const cuda::Kernels* kernels = cuda::kernels_of(x)) {
      kernels->gate_backward(g_inner, x, gated, activation, g_x);
    } else if (activation == Activation::silu && fused({x, gated, g_inner})) {
      g_x = at::empty_like(x);
      swiglu_rows_backward(g_inner, x, gated, g_x);
    } else {
      g_x = activate_backward(g_inner * gated, x, activation);
      g_inner.mul_(activate(x, activation));
    }
    return {g_x, g_inner, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct EmbeddingFunction : Function<EmbeddingFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor&, const at::Tensor& ids, Parameter* table,
                            PassContext* context) {
    save_pointer(ctx, "table", table);
    save_pointer(ctx, "context", context);
    ctx->save_for_backward({ids});
    return table->value.index_select(0, ids).to(context->compute);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    auto& table = saved_pointer<Parameter>(ctx, "table");
    const GradientRoute& route = saved_pointer<PassContext>(ctx, "context").route;
    const at::Tensor ids = ctx->get_saved_variables()[0];
    if (route.wants_scores(table)) route.scores->add_lookup(table, ids, grads[0]);
    for (const GradientRoute::Part& part : route.parts(ids.size(0))) {
      const at::Tensor own = part.of(grads[0]);
      if (route.wants_plain(table)) table.add_rows(*part.plain, part.of(ids), own);
      if (route.wants_weighted(table))
        table.add_rows(*part.weighted, part.of(ids), scaled_rows(own, part.of(route.row_weights)));
    }
    return {at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// Rotation by +angle forward and by -angle backward, into y.
void rotate(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, bool inverse, at::Tensor& y) {
  const std::int64_t half = cos.size(1);
  if (x.is_cpu() && x.scalar_type() == at::kFloat && x.stride(2) == 1 && fused({cos, sin, y})) {
    rotate_rows(x, cos, sin, inverse, y);
    return;
  }
  const at::Tensor c = cos.unsqueeze(1), s = inverse ? sin.unsqueeze(1).neg() : sin.unsqueeze(1);
  const at::Tensor first = x.slice(-1, 0, half), second = x.slice(-1, half, 2 * half);
  at::Tensor out_first = y.slice(-1, 0, half), out_second = y.slice(-1, half, 2 * half);
  if (x.scalar_type() == at::kFloat) {
    at::mul_out(out_first, first, c);
    out_first.addcmul_(second, s, -1.0);
    at::mul_out(out_second, second, c);
    out_second.addcmul_(first, s);
  } else {
    out_first.copy_(first * c - second * s);
    out_second.copy_(second * c + first * s);
  }
  if (2 * half < x.size(-1)) y.slice(-1, 2 * half).copy_(x.slice(-1, 2 * half));
}

/// Queries and keys, which have their angles in common: on a device they share a launch.
variable_list rotated(const variable_list& x, const at::Tensor& cos, const at::Tensor& sin, bool inverse) {
  variable_list y;
  for (const at::Tensor& t : x) y.push_back(at::empty(t.sizes(), t.options()));
  if (const cuda::Kernels* kernels = cuda::kernels_of(x[0])) {
    variable_list together;
    for (const at::Tensor& t : x) together.push_back(t.stride(2) == 1 ? t : t.contiguous());
    kernels->rotate(together, cos, sin, inverse, y);
  } else {
    for (std::size_t i = 0; i < x.size(); ++i) rotate(x[i], cos, sin, inverse, y[i]);
  }
  return y;
}

struct RotaryFunction : Function<RotaryFunction> {
  static variable_list forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& cos,
                               const at::Tensor& sin) {
    ctx->save_for_backward({cos, sin});
    return rotated({q, k}, cos, sin, false);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    variable_list result = rotated(grads, saved[0], saved[1], true);
    result.resize(4);
    return result;
  }
};

}  // namespace

at::Tensor linear(const at::Tensor& x, const Linear& layer, PassContext& context) {
  return LinearFunction::apply(x, &layer, &context);
}
at::Tensor normed(const at::Tensor& x, const Norm& norm, PassContext& context) {
  return NormFunction::apply(x, &norm, &context);
}
std::vector<at::Tensor> linears(const at::Tensor& x, const Norm& norm, std::vector<const Linear*> layers,
                                PassContext& context) {
  if (norm.weight) return NormedLinearsFunction::apply(x, &norm, layers, &context);
  std::vector<at::Tensor> outputs;
  for (const Linear* layer : layers) outputs.push_back(linear(x, *layer, context));
  return outputs;
}
at::Tensor activated_linear(const at::Tensor& x, const std::optional<at::Tensor>& gated, Activation activation,
                            const Linear& layer, PassContext& context) {
  return ActivatedLinearFunction::apply(x, gated, activation, &layer, &context);
}
at::Tensor embedding(const at::Tensor& anchor, const at::Tensor& ids, Parameter& table, PassContext& context) {
  return EmbeddingFunction::apply(anchor, ids, &table, &context);
}
std::pair<at::Tensor, at::Tensor> rotary(const at::Tensor& q, const at::Tensor& k, const at::Tensor& cos,
                                         const at::Tensor& sin) {
  const variable_list result = RotaryFunction::apply(q, k, cos, sin);
  return {result[0], result[1]};
}

}  // namespace bandscope::model
