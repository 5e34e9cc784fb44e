// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/slot_cache.h"

#include <ATen/Functions.h>
#include <ATen/TensorIndexing.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <limits>

#include "training/evaluation/row_runner.h"
#include "training/model/to_device.h"

namespace bandscope::evaluation {

SlotCache::SlotCache(const model::Decoder& decoder, std::int64_t slots)
    : rule_(score_rule(decoder.config())), lengths_(static_cast<std::size_t>(slots)) {
  const model::ModelConfig& c = decoder.config();
  const auto options = at::TensorOptions().dtype(decoder.options().compute).device(decoder.options().device);
  for (std::int64_t i = 0; i < c.layers; ++i) {
    keys_.push_back(at::empty({slots, c.kv_heads, 0, c.head_dim}, options));
    values_.push_back(at::empty({slots, c.kv_heads, 0, c.head_dim}, options));
  }
}

void SlotCache::reserve(std::int64_t tokens) {
  if (keys_.empty() || keys_[0].size(2) >= tokens) return;
  const std::int64_t used = *std::max_element(lengths_.begin(), lengths_.end());
  for (auto* all : {&keys_, &values_}) {
    for (at::Tensor& kept : *all) {
      at::Tensor larger = at::zeros({kept.size(0), kept.size(1), tokens, kept.size(3)}, kept.options());
      if (used > 0) larger.slice(2, 0, used).copy_(kept.slice(2, 0, used));
      kept = larger;
    }
  }
}

void SlotCache::put(std::size_t block, std::size_t slot, const at::Tensor& k, const at::Tensor& v) {
  const auto at = static_cast<std::int64_t>(slot);
  keys_[block].select(0, at).slice(1, 0, k.size(0)).copy_(k.transpose(0, 1));
  values_[block].select(0, at).slice(1, 0, v.size(0)).copy_(v.transpose(0, 1));
}

void SlotCache::move(std::size_t from, std::size_t to) {
  if (from == to) return;
  const auto source = static_cast<std::int64_t>(from), target = static_cast<std::int64_t>(to);
  for (auto* all : {&keys_, &values_})
    for (at::Tensor& kept : *all)
      kept.select(0, target).slice(1, 0, lengths_[from]).copy_(kept.select(0, source).slice(1, 0, lengths_[from]));
  lengths_[to] = lengths_[from];
}

Attended SlotCache::step(std::size_t block, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                         std::int64_t prefix, std::int64_t window) {
  const std::int64_t n = q.size(0), kv = k.size(1), groups = q.size(1) / kv, d = q.size(2);
  std::vector<std::int64_t> places(lengths_.begin(), lengths_.begin() + n);
  const std::int64_t longest = *std::max_element(places.begin(), places.end()) + 1;
  const at::Device device = q.device();
  const at::Tensor slot = at::arange(n, at::TensorOptions().dtype(at::kLong).device(device)).unsqueeze(1);
  const at::Tensor head = at::arange(kv, at::TensorOptions().dtype(at::kLong).device(device)).unsqueeze(0);
  const at::Tensor place = model::to_device(places, at::kLong, device).unsqueeze(1);
  keys_[block].index_put_({slot, head, place}, k);
  values_[block].index_put_({slot, head, place}, v);
  const at::Tensor keys = keys_[block].slice(0, 0, n).slice(2, 0, longest);
  const at::Tensor values = values_[block].slice(0, 0, n).slice(2, 0, longest);
  at::Tensor mask = at::zeros({n, longest}, at::TensorOptions().dtype(at::kFloat));
  auto* rows = mask.mutable_data_ptr<float>();
  constexpr float hidden = -std::numeric_limits<float>::infinity();
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t last = places[static_cast<std::size_t>(i)];
    std::fill(rows + i * longest + last + 1, rows + (i + 1) * longest, hidden);
    // Positions count from the prefix's begin; a window longer than all of it hides nothing.
    if (window > 0 && prefix + last >= window)
      std::fill_n(rows + i * longest, std::clamp<std::int64_t>(last - window + 1, 0, longest), hidden);
  }
  at::Tensor scores =
      scores_of(at::matmul(q.reshape({n, kv, groups, d}), keys.transpose(-1, -2)).to(at::kFloat), rule_);
  scores.add_(model::to_device(mask, device).view({n, 1, 1, longest}));
  const at::Tensor normaliser = at::logsumexp(scores, -1);
  const at::Tensor weights = scores.sub_(normaliser.unsqueeze(-1)).exp_().to(values.scalar_type());
  return {at::matmul(weights, values).reshape({n, kv * groups, d}), normaliser.reshape({n, kv * groups})};
}

}  // namespace bandscope::evaluation
