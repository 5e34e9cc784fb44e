// SPDX-License-Identifier: Apache-2.0
// Attention of a packed row through a variable-length kernel: causal sequences laid end to end. A prompt with two
// responses becomes two sequences of keys, [prompt, chosen] and [prompt, rejected]. Where the kernel takes fewer
// queries than keys, the rejected response's queries come without the prompt's, which look only once; else the prompt's
// own outputs are taken from the first sequence. No mask is made, and the work grows with the sum of the squared
// lengths.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <tuple>
#include <vector>

#include "training/model/packed_row.h"

namespace bandscope::model {

/// One side of the sequences: where a packed row's rows lie in them.
struct SequenceSide {
  at::Tensor rows;    ///< [total] int64: the packed row's row at each place; undefined where that is its number
  at::Tensor first;   ///< [rows] int64: a place of each row; undefined with `rows`
  at::Tensor second;  ///< [rows] int64: its other place, -1 where it has none; undefined where none has
  at::Tensor starts;  ///< [sequences + 1] int32: where each begins
  std::int64_t longest = 0;
};
struct Sequences {
  SequenceSide queries, keys;
  at::Tensor takers;  ///< [total] int64: the row whose output a query's is, -1: nobody's; undefined with queries.rows
};
/// `once`: a row is a query once.
Sequences sequences_of(const std::vector<Segment>& segments, bool once, at::Device device);

/// What a variable-length kernel offers. q [queries, heads, d], k, v [keys, kv_heads, d]; causal, a sequence's last
/// query beside its last key; `window` 0: no limit, else a query sees the key beside it and window - 1 before that;
/// `scale` of the scores, 1 / sqrt(d) where there is none.
struct VarlenKernel {
  bool once = false;  ///< a sequence may have fewer queries than keys
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
