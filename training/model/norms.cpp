// SPDX-License-Identifier: Apache-2.0
// LayerNorm and RMSNorm: with the device's kernels, with the CPU's for float32, else with LibTorch's operators, which
// are what tests compare the kernels with.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "training/model/function_parts.h"
#include "training/model/pair_scores.h"
#include "training/model/row_kernels.h"

namespace bandscope::model {
namespace {

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

at::Tensor normalized(const at::Tensor& x, const NormSaved& saved) {
  const at::Tensor wide = x.to(at::kFloat);
  return saved.mean.defined() ? (wide - saved.mean).mul_(saved.rstd) : wide * saved.rstd;
}
at::Tensor apply_norm(const at::Tensor& normalized, const Norm& norm, const PassContext& context) {
  const at::Tensor weight = factor(norm, context);
  if (norm.bias) return at::addcmul(computed(*norm.bias, context), normalized, weight).to(context.compute);
  if (norm.centred || norm.wide) return (normalized * weight).to(context.compute);
  // As the models do it: the normalised row is rounded to compute type before the weight is applied.
  return normalized.to(context.compute) * weight.to(context.compute);
}

// With the device's kernels.

cuda::NormTensors tensors_of(const at::Tensor& x, const Norm& norm, const PassContext& context) {
  return {flat(x).contiguous(), norm.weight->in(context.compute),
          norm.bias ? norm.bias->in(context.compute) : at::Tensor()};
}
cuda::NormSettings settings_of(const Norm& norm) {
  return {static_cast<float>(norm.eps), norm.centred, norm.plus_one, !norm.bias && !norm.centred && !norm.wide};
}
at::Tensor norm_rows(const cuda::Kernels& kernels, const at::Tensor& x, const Norm& norm, const PassContext& context,
                     cuda::NormStatistics& statistics) {
  at::Tensor y;
  kernels.norm(tensors_of(x, norm, context), settings_of(norm), statistics, y);
  return y.view(x.sizes());
}
cuda::NormStatistics statistics_of(const NormSaved& saved) {
  return {saved.mean.defined() ? flat(saved.mean) : at::Tensor(), flat(saved.rstd)};
}

/// Sends what the norm's parameters get of gy. A row that the route counts is `heads` rows here.
void send_norm_sums(const cuda::Kernels& kernels, const cuda::NormTensors& of, const cuda::NormStatistics& statistics,
                    const at::Tensor& gy, std::int64_t heads, const Norm& norm, const GradientRoute& route) {
  const bool of_bias = norm.bias && route.wants(*norm.bias);
  if (!route.wants(*norm.weight) && !of_bias) return;
  struct Sums {
    at::Tensor weight, bias;
  };
  const auto sums = [&](PackedRange range, const at::Tensor& row_weights) {
    const auto own = [&](const at::Tensor& t) {
      return t.defined() ? t.slice(0, range.begin * heads, range.end * heads) : t;
    };
    Sums result;
    kernels.norm_sums({own(of.x), of.weight, of.bias}, {own(statistics.mean), own(statistics.rstd)}, own(gy),
                      row_weights, result.weight, of_bias ? &result.bias : nullptr);
    return result;
  };
  if (route.wants_scores(*norm.weight)) {
    auto of_weight = route.scores->row_sums(*norm.weight);
    auto of_the_bias = of_bias ? route.scores->row_sums(*norm.bias) : std::vector<PairScores::RowSum>();
    for (std::size_t i = 0; i < of_weight.size(); ++i) {
      const Sums own = sums(of_weight[i].rows, {});
      of_weight[i].sum.add_(own.weight);
      if (of_bias) of_the_bias[i].sum.add_(own.bias);
    }
  }
  const auto add = [&](Slot slot, const Sums& own) {
    norm.weight->add(slot, own.weight);
    if (of_bias) norm.bias->add(slot, own.bias);
  };
  for (const GradientRoute::Part& part : route.parts(gy.size(0) / heads)) {
    if (part.begin == part.end) continue;
    const PackedRange range{part.begin, part.end};
    if (route.wants_plain(*norm.weight)) add(*part.plain, sums(range, {}));
    if (route.wants_weighted(*norm.weight)) add(*part.weighted, sums(range, part.of(route.row_weights)));
  }
}

void norm_rows_backward(const cuda::Kernels& kernels, const at::Tensor& gy, const at::Tensor& x, const Norm& norm,
                        const PassContext& context, const NormSaved& saved, at::Tensor& gx) {
  const cuda::NormTensors of = tensors_of(x, norm, context);
  const cuda::NormStatistics statistics = statistics_of(saved);
  const at::Tensor g = flat(gy).contiguous();
  at::Tensor out = gx.is_contiguous() ? flat(gx) : at::empty_like(of.x);
  kernels.norm_backward(of, settings_of(norm), statistics, g, out);
  if (!gx.is_contiguous()) gx.copy_(out.view(gx.sizes()));
  send_norm_sums(kernels, of, statistics, g, of.x.size(0) / x.size(0), norm, context.route);
}

}  // namespace

at::Tensor norm_forward(const at::Tensor& x, const Norm& norm, const PassContext& context, NormSaved& saved) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(x)) {
    cuda::NormStatistics statistics;
    const at::Tensor y = norm_rows(*kernels, x, norm, context, statistics);
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = 1;
    saved.rstd = statistics.rstd.view(shape);
    if (norm.centred) saved.mean = statistics.mean.view(shape);
    return y;
  }
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

at::Tensor norm_again(const at::Tensor& x, const Norm& norm, const PassContext& context, const NormSaved& saved) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(x)) {
    cuda::NormStatistics statistics = statistics_of(saved);
    return norm_rows(*kernels, x, norm, context, statistics);
  }
  if (!norm.centred && fused({x, norm.weight->value, saved.rstd}))
    return rms_norm_rows_again(flat(x), plain_factor(norm), flat(saved.rstd)).view(x.sizes());
  return apply_norm(normalized(x, saved), norm, context);
}

void norm_backward(const at::Tensor& gy, const at::Tensor& x, const Norm& norm, const PassContext& context,
                   const NormSaved& saved, at::Tensor& gx) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(x))
    return norm_rows_backward(*kernels, gy, x, norm, context, saved, gx);
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
