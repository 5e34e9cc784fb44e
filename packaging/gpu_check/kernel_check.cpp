// SPDX-License-Identifier: Apache-2.0
// The engine's kernels on a device against the same arithmetic in float64, without a test framework, so that it runs
// where only LibTorch is.
//
//   kernel_check [--device cpu|cuda|cuda:N] [--small]
//
// A line per check on stdout; exit code 0 when none failed.
#include "packaging/gpu_check/kernel_check.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>

#include "core/error.h"
#include "training/cuda/device_kernels.h"
#include "training/trainer/environment.h"

namespace bandscope::gpu_check {

void KernelCheck::expect(const std::string& name, double error, double limit) {
  const bool good = error <= limit;
  if (!good) ++failures_;
  std::printf("%s\t%s\t%.3g\t%.3g\n", good ? "passed" : "FAILED", name.c_str(), error, limit);
  std::fflush(stdout);
}

void KernelCheck::close(const std::string& name, const at::Tensor& own, const at::Tensor& reference, double limit) {
  const at::Tensor a = own.cpu().to(at::kDouble), b = reference.cpu().to(at::kDouble);
  if (a.sizes() != b.sizes()) return expect(name + " (shape)", NAN, limit);
  if (a.numel() == 0) return expect(name + " (empty)", NAN, limit);
  expect(name, (a - b).abs().max().item<double>() / (1 + b.abs().max().item<double>()), limit);
}

void KernelCheck::skip(const std::string& name, const std::string& reason) {
  std::printf("skipped\t%s\t%s\n", name.c_str(), reason.c_str());
  std::fflush(stdout);
}

void KernelCheck::family(const std::string& name, const std::function<void(KernelCheck&)>& body) {
  try {
    at::manual_seed(7);
    body(*this);
  } catch (const std::exception& error) {
    ++failures_;
    const std::string text = error.what();
    std::printf("FAILED\t%s\t%s\n", name.c_str(), text.substr(0, text.find('\n')).c_str());
    std::fflush(stdout);
  }
}

}  // namespace bandscope::gpu_check

int main(int argc, char** argv) {
  using namespace bandscope;
  std::string device = "cpu";
  bool small = false;
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--small")) {
      small = true;
    } else if (!std::strcmp(argv[i], "--device") && i + 1 < argc) {
      device = argv[++i];
    } else {
      std::fprintf(stderr, "usage: kernel_check [--device cpu|cuda|cuda:N] [--small]\n");
      return 2;
    }
  }
  try {
    Message reason;
    gpu_check::KernelCheck check(trainer::resolve_device(device, reason), small);
    const at::NoGradGuard off;
    if (check.device().is_cuda())
      std::printf("device\t%s\n", cuda::device_kernels()->describe(check.device().index()).c_str());
    check.family("head", gpu_check::check_head);
    check.family("sums", gpu_check::check_sums);
    check.family("rows", gpu_check::check_rows);
    check.family("attention", gpu_check::check_attention);
    check.family("quantisation", gpu_check::check_quant);
    return check.failures() == 0 ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "kernel_check: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
