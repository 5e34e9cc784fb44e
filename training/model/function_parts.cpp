// SPDX-License-Identifier: Apache-2.0
#include "training/model/function_parts.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/matrix_products.h"
#include "training/model/pair_scores.h"

namespace bandscope::model {
namespace {

/// Sends rows^T columns where the route says.
void send_product(Parameter* parameter, const GradientRoute& route, const at::Tensor& rows, const at::Tensor& columns) {
  for (const GradientRoute::Part& part : route.parts(rows.size(0))) {
    const at::Tensor own = part.of(rows), input = part.of(columns);
    if (route.wants_plain(*parameter)) parameter->add_product(*part.plain, own, input);
    if (route.wants_weighted(*parameter))
      parameter->add_product(*part.weighted, scaled_rows(own, part.of(route.row_weights)), input);
  }
  if (route.wants_of_pairs(*parameter)) {
    for (const PackedRange& pair : route.of_pairs->rows)
      route.of_pairs->gradients[parameter].push_back(
          wide_product(rows.slice(0, pair.begin, pair.end).t(), columns.slice(0, pair.begin, pair.end)));
  }
  if (route.wants_scores(*parameter)) route.scores->add_product(*parameter, rows, columns);
}

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
  product_into(output, input, weight.t(), layer.bias ? std::optional(layer.bias->in(context.compute)) : std::nullopt);
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
    add_product(gx, gy, weight);
  } else {
    product_into(gx, gy, weight);
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

}  // namespace bandscope::model
