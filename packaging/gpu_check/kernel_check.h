// SPDX-License-Identifier: Apache-2.0
// What the checks of kernels share: a device, and a table of what was found.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace bandscope::gpu_check {

/// Kernels on one device against the same arithmetic in float64 on the CPU.
class KernelCheck {
 public:
  KernelCheck(at::Device device, bool small) : device_(device), small_(small) {}

  at::Device device() const { return device_; }
  /// True for shapes that a tool which watches every access gets through in seconds.
  bool small() const { return small_; }

  /// Prints "passed|FAILED <tab> NAME <tab> largest error <tab> limit". NaN fails.
  void expect(const std::string& name, double error, double limit);
  /// The same of max |own - reference| relative to 1 + max |reference|, both taken to float64 on the CPU.
  void close(const std::string& name, const at::Tensor& own, const at::Tensor& reference, double limit);
  /// Prints "skipped <tab> NAME <tab> reason".
  void skip(const std::string& name, const std::string& reason);
  /// Runs the checks of one family; what it throws is a failure of that family alone.
  void family(const std::string& name, const std::function<void(KernelCheck&)>& body);

  int failures() const { return failures_; }

 private:
  at::Device device_;
  bool small_;
  int failures_ = 0;
};

void check_head(KernelCheck& check);       ///< log-probabilities, errors, dropout masks
void check_sums(KernelCheck& check);       ///< norms, products and sums of gradients; sums in one order
void check_rows(KernelCheck& check);       ///< norms, rotary positions and gates, with their gradients
void check_attention(KernelCheck& check);  ///< forward and backward of packed rows
void check_quant(KernelCheck& check);      ///< NF4 and 8-bit Adam against their CPU versions

}  // namespace bandscope::gpu_check
