// SPDX-License-Identifier: Apache-2.0
// Attention of a packed row through a variable-length kernel: plain causal sequences laid end to end. A prompt with two
// responses becomes two sequences, [prompt, chosen] and [prompt, rejected]; the prompt's own outputs are taken from the
// first. No mask is made, and the work grows with the sum of the squared lengths.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <tuple>
#include <vector>

#include "training/model/packed_row.h"

namespace bandscope::model {

/// Sequences made of a packed row's rows.
struct Sequences {
  at::Tensor rows;    ///< [total] int64: the packed row's row at each place
  at::Tensor own;     ///< [rows] int64: for each row of the packed row, the place that its output is taken from
  at::Tensor starts;  ///< [sequences + 1] int32: where each begins in `rows`
  std::int64_t longest = 0;
};
Sequences sequences_of(const std::vector<Segment>& segments, at::Device device);

/// What a variable-length kernel offers. q [total, heads, d], k, v [total, kv_heads, d]; causal; `window` 0: no limit,
/// else a place sees itself and window - 1 before it; `scale` of the scores, 1 / sqrt(d) where there is none.
struct VarlenKernel {
  struct Forward {
    at::Tensor out, logsumexp, random_state, unused;
  };
  Forward (*forward)(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const Sequences& sequences,
                     std::int64_t window, std::optional<double> scale);
  std::tuple<at::Tensor, at::Tensor, at::Tensor> (*backward)(const at::Tensor& g, const at::Tensor& q,
                                                             const at::Tensor& k, const at::Tensor& v,
                                                             const Forward& saved, const Sequences& sequences,
                                                             std::int64_t window, std::optional<double> scale);
};

/// LibTorch's flash attention on a CUDA device: bfloat16 and float16, Ampere or later.
const VarlenKernel& flash_kernel();
/// LibTorch's memory-efficient attention on one: float32, and float16 on cards before Ampere. Key/value heads are
/// repeated for it, which takes their memory once more per group.
const VarlenKernel& efficient_kernel();
/// The one of a card for queries of this kind; null where neither takes them and attention goes segment by segment.
const VarlenKernel* kernel_of_card(bool has_flash, at::ScalarType type, std::int64_t head_dim);
/// The same of a device; null on the CPU.
const VarlenKernel* varlen_kernel(at::Device device, at::ScalarType type, std::int64_t head_dim);

/// q [rows, heads, d], k, v [rows, kv_heads, d] to [rows, heads d].
at::Tensor varlen_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const Sequences& sequences,
                            std::int64_t window, const VarlenKernel& kernel, std::optional<double> scale = {});

}  // namespace bandscope::model
