// SPDX-License-Identifier: Apache-2.0
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "packaging/gpu_check/kernel_check.h"
#include "training/quant/blockwise_adam.h"
#include "training/quant/nf4.h"

namespace bandscope::gpu_check {
namespace {

/// Every value is one of the 16 numbers times its block's magnitude, and no farther from its own than half of the
/// widest gap, with the magnitude's own rounding.
void check_nf4(KernelCheck& check) {
  const auto own = quant::BitsAndBytes::load(check.device()), host = quant::BitsAndBytes::load(at::kCPU);
  // The last block is not full.
  const std::int64_t rows = check.small() ? 9 : 515, columns = check.small() ? 70 : 1030;
  const at::Tensor weight = at::randn({rows, columns}) * 0.02;
  const quant::Nf4Matrix there = quant::quantize_nf4(*own, weight, check.device(), "weight"),
                         here = quant::quantize_nf4(*host, weight, at::kCPU, "weight");
  check.expect("NF4 codes, unlike bytes of a thousand",
               1000 * (there.packed.cpu() != here.packed).to(at::kDouble).mean().item<double>(), 1);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    at::Tensor values = at::empty({rows, columns}, at::TensorOptions().dtype(type).device(check.device())),
               expected = at::empty({rows, columns}, type);
    quant::dequantize_nf4(*own, there, values);
    quant::dequantize_nf4(*host, here, expected);
    const std::string of = type == at::kFloat ? ", float32" : ", bfloat16";
    const at::Tensor away = (values.cpu().to(at::kDouble) - weight.to(at::kDouble)).abs();
    check.expect("NF4, farthest from the weight, of its range" + of,
                 away.max().item<double>() / weight.abs().max().item<double>(), 0.18);
    const double unlike =
        ((values.cpu().to(at::kDouble) - expected.to(at::kDouble)).abs() > 1e-3 * expected.abs().max())
            .to(at::kDouble)
            .mean()
            .item<double>();
    check.expect("NF4 written out, unlike the CPU of a thousand" + of, 1000 * unlike, 1);
  }
}

void check_adam(KernelCheck& check, bool paged) {
  // Above the size from which states are paged.
  const std::int64_t count = check.small() ? 8192 : 300000;
  quant::BlockwiseAdam::Settings settings;
  settings.weight_decay = 0.01;
  const at::Tensor start = at::randn({count}), gradient = at::randn({count});
  const auto after = [&](at::Device device, bool pages) {
    settings.paged = pages;
    const quant::BlockwiseAdam adam(device, settings);
    at::Tensor value = start.clone().to(device);
    auto states = adam.fresh(value);
    for (std::int64_t step = 1; step <= 3; ++step)
      adam.update(value, (gradient * static_cast<double>(step)).to(device), states, step, 1e-2);
    return value.cpu();
  };
  check.close(paged ? "paged 8-bit Adam against the CPU" : "8-bit Adam against the CPU", after(check.device(), paged),
              after(at::kCPU, false), 2e-3);
}

}  // namespace

void check_quant(KernelCheck& check) {
  check_nf4(check);
  check_adam(check, false);
  if (check.device().is_cuda()) {
    check_adam(check, true);
  } else {
    check.skip("paged 8-bit Adam", "the CPU has nothing to page");
  }
}

}  // namespace bandscope::gpu_check
