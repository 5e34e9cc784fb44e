// SPDX-License-Identifier: Apache-2.0
#include "training/memory/attention_bytes.h"

#include <algorithm>
#include <set>

#include "training/memory/memory.h"
#include "training/model/varlen_attention.h"

namespace bandscope::memory {
namespace {

/// The kernel that attends on a GPU; null on the CPU, and where attention goes segment by segment. Which card it will
/// be is not known: one with flash attention.
const model::VarlenKernel* attention_kernel(const model::ModelConfig& c, const RunSpec& spec) {
  if (device_type(spec) != c10::DeviceType::CUDA || c.attention_cap > 0) return nullptr;
  return model::kernel_of_card(true, spec.model.dtype == Dtype::bfloat16 ? at::kBFloat16 : at::kFloat, c.head_dim);
}

/// True when the pair's responses are two segments.
bool parted(const data::PairLengths& pair, bool apart) { return apart || pair.rejected_prompt > 0; }

std::int64_t repeated_rows(bool apart, std::span<const data::PairLengths> pairs) {
  std::int64_t rows = 0;
  for (const data::PairLengths& pair : pairs) rows += parted(pair, apart) ? 0 : pair.prompt;
  return rows;
}

}  // namespace

std::int64_t attention_values(const model::ModelConfig& c, const RunSpec& spec) {
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim;
  // Keys and values as they are laid out for the kernel; where queries are laid out too, so is the output.
  if (const model::VarlenKernel* kernel = attention_kernel(c, spec)) return (kernel->once ? 2 : 3) * width + 2 * kv;
  switch (c.qkv) {  // v keeps the fused tensor alive
    case model::Qkv::by_head:
      return (3 + 2 + 1) * width;
    case model::Qkv::stacked:
      return 3 * width + 3 * kv;
    default:
      return 2 * width + 2 * kv;
  }
}

std::int64_t repeated_bytes(const model::ModelConfig& c, const RunSpec& spec, bool apart,
                            std::span<const data::PairLengths> pairs) {
  const model::VarlenKernel* kernel = attention_kernel(c, spec);
  if (!kernel) return 0;
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim, of_keys = 2 * kv * compute_bytes(spec),
                     of_queries = 2 * width * compute_bytes(spec) + c.heads * wide;
  return repeated_rows(apart, pairs) * (of_keys + (kernel->once ? 0 : of_queries));
}

std::int64_t mask_bytes(const model::ModelConfig& c, const RunSpec& spec, bool apart,
                        std::span<const data::PairLengths> pairs) {
  if (attention_kernel(c, spec)) return 0;
  const std::set<std::int64_t> windows(c.windows.begin(), c.windows.end());
  std::int64_t bytes = 0;
  const auto square = [](std::int64_t rows) { return rows * rows; };
  for (const data::PairLengths& pair : pairs)
    bytes += (parted(pair, apart)
                  ? square(pair.prompt + pair.chosen - 1) + square(pair.second_prompt(true) + pair.rejected - 1)
                  : square(pair.rows(false))) *
             compute_bytes(spec);
  return bytes * static_cast<std::int64_t>(std::max<std::size_t>(1, windows.size()));
}

std::int64_t capped_score_bytes(const model::ModelConfig& c, bool apart, std::span<const data::PairLengths> pairs) {
  if (c.attention_cap == 0) return 0;
  std::int64_t rows = 0;
  for (const data::PairLengths& pair : pairs)
    rows = std::max(rows, parted(pair, apart)
                              ? std::max(pair.prompt + pair.chosen, pair.second_prompt(true) + pair.rejected) - 1
                              : pair.rows(false));
  return 4 * c.heads * rows * rows * wide;
}

std::int64_t attention_backward_bytes(const model::ModelConfig& c, const RunSpec& spec, bool apart,
                                      std::span<const data::PairLengths> pairs) {
  const model::VarlenKernel* kernel = attention_kernel(c, spec);
  if (!kernel || pairs.empty()) return 0;
  std::int64_t rows = 0;
  for (const data::PairLengths& pair : pairs) rows += pair.rows(apart);
  const std::int64_t keys = rows + repeated_rows(apart, pairs), sequences = 2 * static_cast<std::int64_t>(pairs.size());
  const std::int64_t width = c.heads * c.head_dim, kv = c.kv_heads * c.head_dim, compute = compute_bytes(spec);
  constexpr std::int64_t multiprocessors = 132, block = 128;
  const auto whole = [](std::int64_t count, std::int64_t of) { return (count + of - 1) / of * of; };
  if (!kernel->once) {
    // The memory-efficient kernel sums queries' gradients in float32, every sequence filled up to the longest.
    std::int64_t longest = 0;
    for (const data::PairLengths& pair : pairs)
      longest = std::max({longest, pair.prompt + pair.chosen - 1, pair.second_prompt(true) + pair.rejected - 1});
    return sequences * c.heads * whole(longest, block) * whole(c.head_dim, 64) * wide;
  }
  // Flash attention sums them in float32 and one order: a part for each multiprocessor that would be idle (an H100 has
  // 132), each sequence's filled up to whole blocks of 128 rows and each head to whole runs of 32, of 64 beyond 128.
  const std::int64_t run = c.head_dim <= 128 ? 32 : 64, busy = sequences * c.heads,
                     parts = (multiprocessors + busy - 1) / busy, head = whole(c.head_dim, run);
  const std::int64_t sums = parts * (rows + block * sequences) * c.heads * head * wide;
  // Those of keys and values come for each query head before they are summed over a group.
  const std::int64_t expanded = c.kv_heads < c.heads ? 2 * keys * width * compute : 0;
  return sums + expanded + (2 * rows * width + 2 * (keys + rows) * kv) * compute;
}

}  // namespace bandscope::memory
