// SPDX-License-Identifier: Apache-2.0
// The rows of a packed row that one response's gradient touches: its own and the prompt's. The gradient of the others is 0,
// so a backward pass for one branch alone needs neither to read nor to compute them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace bandscope {

/// Rows [begin, end).
struct RowRange {
  std::int64_t begin = 0, end = 0;
};

class LiveRows {
 public:
  LiveRows() = default;  ///< every row
  /// `ranges`: one per pair, ascending, none empty.
  LiveRows(std::vector<RowRange> ranges, at::Device device);

  bool all() const { return ranges_.empty(); }
  std::span<const RowRange> ranges() const { return ranges_; }
  /// The live rows of `t` [rows, ...]: a view where there is one range. Undefined stays undefined.
  at::Tensor of(const at::Tensor& t) const;
  /// A tensor with 0 in all rows that are not live, and anything in the others.
  at::Tensor blank(at::IntArrayRef sizes, const at::TensorOptions& options) const;

 private:
  friend class LiveGradient;
  std::vector<RowRange> ranges_;
  at::Tensor index_;  // [live rows] int64, where there are several ranges
};

/// A gradient [rows, ...] that is computed for the live rows: write them into rows(), then take whole().
class LiveGradient {
 public:
  LiveGradient(const LiveRows& live, at::IntArrayRef sizes, const at::TensorOptions& options);
  at::Tensor& rows() { return rows_; }
  at::Tensor whole();

 private:
  const LiveRows& live_;
  at::Tensor whole_, rows_;
};

}  // namespace bandscope
