// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "packaging/gpu_check/kernel_check.h"
#include "training/model/functions.h"
#include "training/model/varlen_attention.h"

namespace bandscope::gpu_check {
namespace {

struct Case {
  std::int64_t heads, kv_heads, d, window;
  model::Branches branches;
  const char* name;
};

/// softmax(q k^T / sqrt(d)) v of one segment by its mask; q [n, heads, d].
at::Tensor plain(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const at::Tensor ks = k.repeat_interleave(groups, 1), vs = v.repeat_interleave(groups, 1);
  const at::Tensor scores = at::einsum("ihd,jhd->hij", {q, ks}) / std::sqrt(static_cast<double>(q.size(2)));
  return at::einsum("hij,jhd->ihd", {at::softmax(scores + mask, -1), vs});
}

/// -inf where a row may not look.
at::Tensor mask_of(const model::Segment& segment, std::int64_t window) {
  const at::Tensor mask = model::attention_mask(segment, window, at::kDouble, at::kCPU);
  if (mask.defined()) return mask;
  std::int64_t n = 0;
  for (const model::PackedRange& range : segment.ranges) n += range.end - range.begin;
  return at::full({n, n}, -std::numeric_limits<double>::infinity(), at::kDouble).triu(1);
}

at::Tensor reference(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const model::PackedRow& row,
                     std::int64_t window) {
  std::vector<at::Tensor> of_segments;
  std::vector<std::int64_t> order;
  for (const model::Segment& segment : row.segments) {
    std::vector<std::int64_t> rows;
    for (const model::PackedRange& range : segment.ranges)
      for (std::int64_t i = range.begin; i < range.end; ++i) rows.push_back(i);
    const at::Tensor index = at::tensor(rows, at::kLong);
    of_segments.push_back(
        plain(q.index_select(0, index), k.index_select(0, index), v.index_select(0, index), mask_of(segment, window)));
    order.insert(order.end(), rows.begin(), rows.end());
  }
  const at::Tensor all = at::cat(of_segments);
  return all.index_select(0, at::argsort(at::tensor(order, at::kLong))).reshape({q.size(0), -1});
}

void check_case(KernelCheck& check, const Case& c, at::ScalarType type, double limit) {
  std::vector<data::TokenPair> pairs(3);
  const std::size_t scale = check.small() ? 1 : 17;
  const std::size_t lengths[][3] = {{7, 4, 9}, {3, 1, 5}, {12, 6, 1}};
  std::vector<const data::TokenPair*> pointers;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].prompt.resize(scale * lengths[i][0]);
    pairs[i].chosen.resize(scale * lengths[i][1]);
    pairs[i].rejected.resize(scale * lengths[i][2]);
    pointers.push_back(&pairs[i]);
  }
  const model::PackedRow row = model::pack(pointers, c.branches, check.device());
  const at::AutoGradMode on(true);
  const auto typed = [&](at::IntArrayRef shape) { return at::randn(shape).to(type); };
  const at::Tensor q = typed({row.rows(), c.heads, c.d}), k = typed({row.rows(), c.kv_heads, c.d}),
                   v = typed({row.rows(), c.kv_heads, c.d}), g = typed({row.rows(), c.heads * c.d});
  const auto leaf = [](const at::Tensor& t) { return t.detach().requires_grad_(true); };
  const at::Tensor qw = leaf(q.to(at::kDouble)), kw = leaf(k.to(at::kDouble)), vw = leaf(v.to(at::kDouble));
  const at::Tensor expected = reference(qw, kw, vw, row, c.window);
  const auto expected_grads = torch::autograd::grad({expected}, {qw, kw, vw}, {g.to(at::kDouble)});

  const at::Tensor qd = leaf(q.to(check.device())), kd = leaf(k.to(check.device())), vd = leaf(v.to(check.device()));
  const auto run = [&] {
    if (const model::VarlenKernel* kernel = model::varlen_kernel(check.device(), type, c.d))
      return model::varlen_attention(qd, kd, vd, model::sequences_of(row.segments, kernel->once, check.device()),
                                     c.window, *kernel);
    std::vector<at::Tensor> masks;
    for (const model::Segment& segment : row.segments)
      masks.push_back(model::attention_mask(segment, c.window, type, check.device()));
    return model::attention(qd, kd, vd, row.segments, masks);
  };
  const auto gradients = [&](const at::Tensor& out) {
    return torch::autograd::grad({out}, {qd, kd, vd}, {g.to(check.device())});
  };
  const at::Tensor out = run();
  const auto grads = gradients(out);
  const std::string of = std::string(", ") + c.name + (type == at::kFloat ? ", float32" : ", bfloat16");
  check.close("attention" + of, out.detach(), expected.detach(), limit);
  const char* names[] = {"queries", "keys", "values"};
  for (std::size_t i = 0; i < 3; ++i)
    check.close(std::string("gradient of ") + names[i] + of, grads[i], expected_grads[i], limit);
  const at::Tensor twice = run();
  const auto grads_again = gradients(twice);
  double unlike = (twice != out).sum().item<double>();
  for (std::size_t i = 0; i < 3; ++i) unlike += (grads_again[i] != grads[i]).sum().item<double>();
  check.expect("attention twice, unlike elements" + of, unlike, 0);
}

}  // namespace

void check_attention(KernelCheck& check) {
  const Case cases[] = {
      {4, 4, 64, 0, model::Branches::both, "shared prompt"},
      {8, 2, 64, 0, model::Branches::both, "shared prompt, grouped heads"},
      {4, 2, 128, 5, model::Branches::both, "shared prompt, window of 5"},
      {4, 2, 64, 0, model::Branches::apart, "branches apart"},
      {4, 4, 80, 0, model::Branches::chosen, "chosen alone, heads of 80"},
  };
  for (const Case& c : cases)
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16})
      check_case(check, c, type, type == at::kFloat ? 1e-5 : 2e-2);
}

}  // namespace bandscope::gpu_check
