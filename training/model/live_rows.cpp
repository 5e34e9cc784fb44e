// SPDX-License-Identifier: Apache-2.0
#include "training/model/live_rows.h"

#include <ATen/Functions.h>

namespace bandscope {

LiveRows::LiveRows(std::vector<RowRange> ranges, at::Device device) : ranges_(std::move(ranges)) {
  if (ranges_.size() < 2) return;
  std::vector<at::Tensor> parts;
  for (const RowRange& range : ranges_) parts.push_back(at::arange(range.begin, range.end, at::TensorOptions().dtype(at::kLong)));
  index_ = at::cat(parts).to(device);
}

at::Tensor LiveRows::of(const at::Tensor& t) const {
  if (all() || !t.defined()) return t;
  return ranges_.size() == 1 ? t.slice(0, ranges_[0].begin, ranges_[0].end) : t.index_select(0, index_);
}

at::Tensor LiveRows::blank(at::IntArrayRef sizes, const at::TensorOptions& options) const {
  at::Tensor result = at::empty(sizes, options);
  if (all()) return result;
  std::int64_t from = 0;
  for (const RowRange& range : ranges_) {
    if (range.begin > from) result.slice(0, from, range.begin).zero_();
    from = range.end;
  }
  if (from < sizes[0]) result.slice(0, from, sizes[0]).zero_();
  return result;
}

LiveGradient::LiveGradient(const LiveRows& live, at::IntArrayRef sizes, const at::TensorOptions& options) : live_(live) {
  whole_ = live.blank(sizes, options);
  if (live.ranges_.size() < 2) {
    rows_ = live.of(whole_);
    return;
  }
  std::vector<std::int64_t> compact = sizes.vec();
  compact[0] = live.index_.size(0);
  rows_ = at::empty(compact, options);
}

at::Tensor LiveGradient::whole() {
  if (live_.ranges_.size() > 1) whole_.index_copy_(0, live_.index_, rows_);
  return whole_;
}

}  // namespace bandscope
