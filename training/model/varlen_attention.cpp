// SPDX-License-Identifier: Apache-2.0
#include "training/model/varlen_attention.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>

#include "training/model/function_parts.h"
#include "training/model/to_device.h"

namespace bandscope::model {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// What the backward pass needs beside tensors.
struct Plan : torch::CustomClassHolder {
  Sequences sequences;
  std::int64_t window = 0;
  std::optional<double> scale;
  const VarlenKernel* kernel = nullptr;
};

struct VarlenFunction : Function<VarlenFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const c10::intrusive_ptr<Plan>& plan) {
    const Sequences& s = plan->sequences;
    const at::Tensor qs = q.index_select(0, s.rows), ks = k.index_select(0, s.rows), vs = v.index_select(0, s.rows);
    const VarlenKernel::Forward result = plan->kernel->forward(qs, ks, vs, s, plan->window, plan->scale);
    ctx->saved_data["plan"] = c10::IValue::make_capsule(plan);
    ctx->save_for_backward({qs, ks, vs, result.out, result.logsumexp, result.random_state, result.unused});
    return result.out.index_select(0, s.own).reshape({q.size(0), -1});
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto plan = c10::static_intrusive_pointer_cast<Plan>(ctx->saved_data["plan"].toCapsule());
    const Sequences& s = plan->sequences;
    const variable_list saved = ctx->get_saved_variables();
    // Places whose output nobody takes have no gradient; rows that lie in two sequences get the sum of both.
    const at::Tensor g = at::zeros_like(saved[3]).index_copy_(
        0, s.own, grads[0].reshape({s.own.size(0), saved[3].size(1), saved[3].size(2)}));
    const auto [dq, dk, dv] = plan->kernel->backward(
        g, saved[0], saved[1], saved[2], {saved[3], saved[4], saved[5], saved[6]}, s, plan->window, plan->scale);
    const auto to_rows = [&](const at::Tensor& d) {
      return at::zeros({s.own.size(0), d.size(1), d.size(2)}, d.options()).index_add_(0, s.rows, d);
    };
    return {to_rows(dq), to_rows(dk), to_rows(dv), at::Tensor()};
  }
};

}  // namespace

Sequences sequences_of(const std::vector<Segment>& segments, at::Device device) {
  Sequences result;
  std::vector<std::int64_t> rows, own;
  std::vector<std::int32_t> starts = {0};
  const auto take = [&](std::span<const std::int64_t> places, bool outputs) {
    for (std::int64_t row : places) {
      if (outputs) {
        if (static_cast<std::size_t>(row) >= own.size()) own.resize(static_cast<std::size_t>(row) + 1, -1);
        own[static_cast<std::size_t>(row)] = static_cast<std::int64_t>(rows.size());
      }
      rows.push_back(row);
    }
  };
  const auto finish = [&] {
    result.longest = std::max(result.longest, static_cast<std::int64_t>(rows.size()) - starts.back());
    starts.push_back(static_cast<std::int32_t>(rows.size()));
  };
  for (const Segment& segment : segments) {
    std::vector<std::int64_t> all;
    for (const PackedRange& range : segment.ranges)
      for (std::int64_t row = range.begin; row < range.end; ++row) all.push_back(row);
    const auto part = [&](std::int64_t from, std::int64_t count) {
      return std::span<const std::int64_t>(all).subspan(static_cast<std::size_t>(from),
                                                        static_cast<std::size_t>(count));
    };
    const auto count = static_cast<std::int64_t>(all.size());
    const std::int64_t second = segment.prompt + segment.chosen;  // first rejected row
    take(part(0, second), true);
    if (segment.chosen > 0 && second < count) {
      finish();
      take(part(0, segment.prompt), false);
    }
    take(part(second, count - second), true);
    finish();
  }
  result.rows = to_device(rows, at::kLong, device);
  result.own = to_device(own, at::kLong, device);
  result.starts = to_device(starts, at::kInt, device);
  return result;
}

at::Tensor varlen_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const Sequences& sequences,
                            std::int64_t window, const VarlenKernel& kernel, std::optional<double> scale) {
  auto plan = c10::make_intrusive<Plan>();
  plan->sequences = sequences;
  plan->window = window;
  plan->scale = scale;
  plan->kernel = &kernel;
  return VarlenFunction::apply(q, k, v, plan);
}

}  // namespace bandscope::model
