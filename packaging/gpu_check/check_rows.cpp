// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "packaging/gpu_check/kernel_check.h"
#include "training/model/functions.h"

namespace bandscope::gpu_check {
namespace {

using Tensors = std::vector<at::Tensor>;

/// Outputs of a piece and the gradients of its inputs; `outputs` takes leaves.
template <class Outputs>
Tensors results(const Tensors& inputs, at::Device device, at::ScalarType type, const Outputs& outputs) {
  Tensors leaves, cotangents;
  for (const at::Tensor& t : inputs) leaves.push_back(t.to(device, type).requires_grad_(true));
  Tensors found = outputs(leaves);
  at::manual_seed(3);
  for (const at::Tensor& t : found)
    cotangents.push_back(at::randn(t.sizes()).to(at::kBFloat16).to(t.device(), t.scalar_type()));
  const auto gradients = torch::autograd::grad({found}, {leaves}, {cotangents});
  for (at::Tensor& t : found) t = t.detach();
  found.insert(found.end(), gradients.begin(), gradients.end());
  return found;
}

struct Piece {
  KernelCheck& check;
  at::ScalarType type;
  std::string name;
  /// All of `own` against all of `expected`, and the same again, bit by bit.
  void compare(const Tensors& own, const Tensors& again, const Tensors& expected) const {
    const std::string of = name + (type == at::kFloat ? ", float32" : ", bfloat16");
    double unlike = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
      check.close(of + ", " + std::to_string(i + 1), own[i], expected[i], type == at::kFloat ? 2e-5 : 2e-2);
      unlike += (own[i] != again[i]).sum().item<double>();
    }
    check.expect(of + ", twice, unlike elements", unlike, 0);
  }
};

void check_norm(const Piece& piece, std::int64_t rows, std::int64_t heads, std::int64_t size, bool centred) {
  const at::Device device = piece.check.device();
  // Values that every type has, so that all start from the same.
  const auto exact = [](at::IntArrayRef shape) { return at::randn(shape).to(at::kBFloat16).to(at::kFloat); };
  const at::Tensor x = heads > 0 ? exact({rows, heads, size}) : exact({rows, size}), weight = exact({size}),
                   bias = exact({size});
  const auto own = [&] {
    model::Parameter of_weight, of_bias;
    for (const auto& [parameter, value] : {std::pair{&of_weight, weight}, {&of_bias, bias}}) {
      parameter->value = value.to(device);
      parameter->trained = true;
    }
    model::Norm norm;
    norm.weight = &of_weight;
    if (centred) norm.bias = &of_bias;
    norm.centred = centred;
    model::PassContext context;
    context.compute = piece.type;
    context.route.plain = model::Slot::train;
    Tensors found = results({x}, device, piece.type,
                            [&](const Tensors& in) { return Tensors{model::normed(in[0], norm, context)}; });
    found.push_back(of_weight.gradient(model::Slot::train).clone());
    if (centred) found.push_back(of_bias.gradient(model::Slot::train).clone());
    return found;
  };
  Tensors inputs = {x, weight};
  if (centred) inputs.push_back(bias);
  const Tensors expected = results(inputs, at::kCPU, at::kDouble, [&](const Tensors& in) {
    const at::Tensor mean = centred ? in[0].mean(-1, true) : at::zeros({1}, at::kDouble);
    const at::Tensor unit = (in[0] - mean) * ((in[0] - mean).square().mean(-1, true) + 1e-5).rsqrt();
    return Tensors{centred ? unit * in[1] + in[2] : unit * in[1]};
  });
  piece.compare(own(), own(), expected);
}

void check_rotary(const Piece& piece, std::int64_t rows) {
  const std::int64_t d = 64, half = 24;
  const Tensors inputs = {at::randn({rows, 6, d}).to(piece.type), at::randn({rows, 2, d}).to(piece.type)};
  const at::Tensor angles = at::randn({rows, half});
  const auto own = [&] {
    const at::Device device = piece.check.device();
    const at::Tensor cos = angles.cos().to(device), sin = angles.sin().to(device);
    return results(inputs, device, piece.type, [&](const Tensors& in) {
      const auto [q, k] = model::rotary(in[0], in[1], cos, sin);
      return Tensors{q, k};
    });
  };
  const at::Tensor c = angles.to(at::kDouble).cos().unsqueeze(1), s = angles.to(at::kDouble).sin().unsqueeze(1);
  const Tensors expected = results(inputs, at::kCPU, at::kDouble, [&](const Tensors& in) {
    Tensors found;
    for (const at::Tensor& t : in) {
      const at::Tensor a = t.slice(2, 0, half), b = t.slice(2, half, 2 * half);
      found.push_back(at::cat({a * c - b * s, b * c + a * s, t.slice(2, 2 * half)}, 2));
    }
    return found;
  });
  piece.compare(own(), own(), expected);
}

void check_gate(const Piece& piece, std::int64_t rows, cuda::Activation activation,
                const std::function<at::Tensor(const at::Tensor&)>& function) {
  constexpr std::int64_t columns = 40;
  const Tensors inputs = {at::randn({rows, columns}).to(piece.type), at::randn({rows, columns}).to(piece.type)};
  const auto own = [&] {
    const at::Device device = piece.check.device();
    model::Parameter identity;  // the layer after it changes nothing
    identity.value = at::eye(columns).to(device, piece.type);
    model::Linear layer;
    layer.weight = &identity;
    model::PassContext context;
    context.compute = piece.type;
    return results(inputs, device, piece.type, [&](const Tensors& in) {
      return Tensors{model::activated_linear(in[0], in[1], activation, layer, context)};
    });
  };
  const Tensors expected =
      results(inputs, at::kCPU, at::kDouble, [&](const Tensors& in) { return Tensors{function(in[0]) * in[1]}; });
  piece.compare(own(), own(), expected);
}

}  // namespace

void check_rows(KernelCheck& check) {
  const at::AutoGradMode on(true);
  const std::int64_t rows = check.small() ? 19 : 3000;
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    check_norm({check, type, "RMSNorm of 1024"}, rows, 0, 1024, false);
    check_norm({check, type, "RMSNorm of heads of 20"}, rows, 3, 20, false);
    check_norm({check, type, "LayerNorm of 771"}, rows, 0, 771, true);
    check_rotary({check, type, "rotary positions"}, rows);
    check_gate({check, type, "SwiGLU"}, rows, cuda::Activation::silu, [](const at::Tensor& t) { return at::silu(t); });
    check_gate({check, type, "GeGLU"}, rows, cuda::Activation::gelu, [](const at::Tensor& t) { return at::gelu(t); });
    check_gate({check, type, "GeGLU by tanh"}, rows, cuda::Activation::gelu_tanh,
               [](const at::Tensor& t) { return at::gelu(t, "tanh"); });
    check_gate({check, type, "ReGLU"}, rows, cuda::Activation::relu, [](const at::Tensor& t) { return at::relu(t); });
  }
}

}  // namespace bandscope::gpu_check
