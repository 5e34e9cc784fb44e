// SPDX-License-Identifier: Apache-2.0
#include "training/model/varlen_attention.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <ranges>

#include "training/cuda/device_kernels.h"
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

/// y[i] = x[first[i]] + x[second[i]]; an index below 0 adds nothing.
at::Tensor gathered(const at::Tensor& x, const at::Tensor& first, const at::Tensor& second = {}) {
  if (const cuda::Kernels* kernels = cuda::kernels_of(x)) {
    at::Tensor y;
    kernels->gather(x.stride(2) == 1 ? x : x.contiguous(), first, second, y);
    return y;
  }
  const auto taken = [&](const at::Tensor& indices) {
    return x.index_select(0, indices.clamp_min(0)).mul_(indices.ge(0).view({-1, 1, 1}));
  };
  return second.defined() ? taken(first).add_(taken(second)) : taken(first);
}
/// Rows as a side has them, and the rows' sums over their places.
at::Tensor laid_out(const at::Tensor& x, const SequenceSide& side) {
  return side.rows.defined() ? gathered(x, side.rows) : x;
}
at::Tensor by_row(const at::Tensor& x, const SequenceSide& side) {
  return side.rows.defined() ? gathered(x, side.first, side.second) : x;
}

struct VarlenFunction : Function<VarlenFunction> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const c10::intrusive_ptr<Plan>& plan) {
    const Sequences& s = plan->sequences;
    const at::Tensor qs = laid_out(q, s.queries), ks = laid_out(k, s.keys), vs = laid_out(v, s.keys);
    const VarlenKernel::Forward result = plan->kernel->forward(qs, ks, vs, s, plan->window, plan->scale);
    ctx->saved_data["plan"] = c10::IValue::make_capsule(plan);
    ctx->save_for_backward({qs, ks, vs, result.out, result.logsumexp, result.random_state, result.unused});
    const at::Tensor out = s.queries.rows.defined() ? gathered(result.out, s.queries.first) : result.out;
    return out.reshape({q.size(0), -1});
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto plan = c10::static_intrusive_pointer_cast<Plan>(ctx->saved_data["plan"].toCapsule());
    const Sequences& s = plan->sequences;
    const variable_list saved = ctx->get_saved_variables();
    const at::Tensor of_rows = grads[0].reshape({grads[0].size(0), saved[3].size(1), saved[3].size(2)});
    // Places whose output nobody takes have no gradient; rows that lie in two sequences get the sum of both.
    const at::Tensor g = s.takers.defined() ? gathered(of_rows, s.takers) : of_rows;
    const auto [dq, dk, dv] = plan->kernel->backward(
        g, saved[0], saved[1], saved[2], {saved[3], saved[4], saved[5], saved[6]}, s, plan->window, plan->scale);
    return {by_row(dq, s.queries), by_row(dk, s.keys), by_row(dv, s.keys), at::Tensor()};
  }
};

/// Lays one side out.
class SideBuilder {
 public:
  void take(std::span<const std::int64_t> rows) {
    for (const std::int64_t row : rows) {
      if (static_cast<std::size_t>(row) >= first_.size()) {
        first_.resize(static_cast<std::size_t>(row) + 1, -1);
        second_.resize(first_.size(), -1);
      }
      auto& place = (first_[static_cast<std::size_t>(row)] < 0 ? first_ : second_)[static_cast<std::size_t>(row)];
      place = static_cast<std::int64_t>(rows_.size());
      rows_.push_back(row);
    }
  }
  void finish_sequence() {
    longest_ = std::max(longest_, static_cast<std::int64_t>(rows_.size()) - starts_.back());
    starts_.push_back(static_cast<std::int32_t>(rows_.size()));
  }
  SequenceSide side(at::Device device) const {
    SequenceSide result;
    result.starts = to_device(starts_, at::kInt, device);
    result.longest = longest_;
    if (in_order()) return result;
    result.rows = to_device(rows_, at::kLong, device);
    result.first = to_device(first_, at::kLong, device);
    if (std::ranges::any_of(second_, [](std::int64_t place) { return place >= 0; }))
      result.second = to_device(second_, at::kLong, device);
    return result;
  }
  /// Of each place, its row where that row's output is taken from here.
  at::Tensor takers(at::Device device) const {
    if (in_order()) return {};
    std::vector<std::int64_t> takers(rows_.size(), -1);
    for (std::size_t row = 0; row < first_.size(); ++row)
      takers[static_cast<std::size_t>(first_[row])] = static_cast<std::int64_t>(row);
    return to_device(takers, at::kLong, device);
  }

 private:
  bool in_order() const {
    for (std::size_t place = 0; place < rows_.size(); ++place)
      if (rows_[place] != static_cast<std::int64_t>(place)) return false;
    return true;
  }

  std::vector<std::int64_t> rows_, first_, second_;
  std::vector<std::int32_t> starts_ = {0};
  std::int64_t longest_ = 0;
};

}  // namespace

Sequences sequences_of(const std::vector<Segment>& segments, bool once, at::Device device) {
  SideBuilder queries, keys;
  const auto both = [&](std::span<const std::int64_t> rows) {
    queries.take(rows);
    keys.take(rows);
  };
  const auto finish = [&] {
    queries.finish_sequence();
    keys.finish_sequence();
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
    both(part(0, second));
    if (segment.chosen > 0 && second < count) {
      finish();
      keys.take(part(0, segment.prompt));
      if (!once) queries.take(part(0, segment.prompt));
    }
    both(part(second, count - second));
    finish();
  }
  return {queries.side(device), keys.side(device), queries.takers(device)};
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
