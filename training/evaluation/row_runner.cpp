// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/row_runner.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <limits>
#include <map>

#include "training/likelihood/softmax_rows.h"
#include "training/model/matrix_products.h"

namespace bandscope::evaluation {
namespace {

constexpr std::int64_t kGrowth = 512;  // tokens

/// [rows, prefix]: 0 where a key of the prefix is within the window, -inf elsewhere; undefined where all are.
at::Tensor prefix_mask(std::int64_t prefix, std::int64_t window, const std::vector<std::int64_t>& positions,
                       at::Device device) {
  const std::int64_t last = *std::max_element(positions.begin(), positions.end());
  if (window == 0 || last < window) return {};
  const auto n = static_cast<std::int64_t>(positions.size());
  at::Tensor mask = at::zeros({n, prefix}, at::TensorOptions().dtype(at::kFloat));
  auto* rows = mask.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t hidden =
        std::clamp<std::int64_t>(positions[static_cast<std::size_t>(i)] - window + 1, 0, prefix);
    std::fill_n(rows + i * prefix, hidden, -std::numeric_limits<float>::infinity());
  }
  return mask.to(device);
}

/// What the tokens of a row see of each other, piece by piece.
Attended attend_pieces(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const TokenRow& row,
                       const std::vector<at::Tensor>& masks, const model::CappedScores& rule) {
  if (row.pieces.size() == 1) return attend(q, k, v, masks[0], !masks[0].defined(), rule);
  std::vector<at::Tensor> outs, normalisers;
  for (std::size_t i = 0; i < row.pieces.size(); ++i) {
    const Piece& piece = row.pieces[i];
    const auto part = [&](const at::Tensor& t) { return t.slice(0, piece.begin, piece.end); };
    Attended own = attend(part(q), part(k), part(v), masks[i], !masks[i].defined(), rule);
    outs.push_back(std::move(own.out));
    normalisers.push_back(std::move(own.normaliser));
  }
  return {at::cat(outs), at::cat(normalisers)};
}

}  // namespace

PathCache::PathCache(const model::Decoder& decoder) {
  const model::ModelConfig& c = decoder.config();
  const auto options = at::TensorOptions().dtype(decoder.options().compute).device(decoder.options().device);
  for (std::int64_t i = 0; i < c.layers; ++i) {
    keys_.push_back(at::empty({kGrowth, c.kv_heads, c.head_dim}, options));
    values_.push_back(at::empty({kGrowth, c.kv_heads, c.head_dim}, options));
  }
}

std::int64_t PathCache::bytes_per_token(const model::Decoder& decoder) {
  const model::ModelConfig& c = decoder.config();
  return 2 * c.layers * c.kv_heads * c.head_dim *
         static_cast<std::int64_t>(c10::elementSize(decoder.options().compute));
}

void PathCache::write(std::size_t block, std::int64_t at, const at::Tensor& k, const at::Tensor& v) {
  const std::int64_t end = at + k.size(0);
  for (auto* kept : {&keys_[block], &values_[block]}) {
    if (kept->size(0) >= end) continue;
    at::Tensor larger =
        at::empty({(end + kGrowth - 1) / kGrowth * kGrowth, kept->size(1), kept->size(2)}, kept->options());
    larger.slice(0, 0, at).copy_(kept->slice(0, 0, at));
    *kept = larger;
  }
  keys_[block].slice(0, at, end).copy_(k);
  values_[block].slice(0, at, end).copy_(v);
}

at::Tensor id_tensor(const std::vector<std::int64_t>& values, at::Device device) {
  return at::from_blob(const_cast<std::int64_t*>(values.data()), {static_cast<std::int64_t>(values.size())},
                       at::TensorOptions().dtype(at::kLong))
      .clone()
      .to(device);
}

at::Tensor with_prefix(const Attended& own, const at::Tensor& q, const PathCache& path, std::size_t block,
                       std::int64_t prefix, std::int64_t window, const std::vector<std::int64_t>& positions,
                       const model::CappedScores& rule) {
  if (prefix == 0) return own.out.reshape({q.size(0), -1});
  const Attended before = attend(q, path.keys(block, prefix), path.values(block, prefix),
                                 prefix_mask(prefix, window, positions, q.device()), false, rule);
  return merged(own, before).reshape({q.size(0), -1});
}

at::Tensor run_row(const LanguageModel& model, const PathCache& path, std::int64_t prefix, const TokenRow& row,
                   const KeepKeys& keep) {
  const at::NoGradGuard no_grad;
  const at::Device device = model.decoder.options().device;
  model::PassContext context;
  context.compute = model.decoder.options().compute;
  context.adapters = model.adapters;
  const std::int64_t last = *std::max_element(row.positions.begin(), row.positions.end());
  std::map<std::int64_t, std::vector<at::Tensor>> masks;  // by window
  for (const model::Block& block : model.decoder.blocks()) {
    if (masks.contains(block.window)) continue;
    const std::int64_t window = block.window > last ? 0 : block.window;
    auto& own = masks[block.window];
    for (const Piece& piece : row.pieces)
      own.push_back(piece.chain() && window == 0 ? at::Tensor() : tree_mask(piece, row.positions, window, device));
  }
  const model::CappedScores rule = score_rule(model.decoder.config());
  context.attend = [&](std::size_t block, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
    if (keep) keep(block, k, v);
    const std::int64_t window = model.decoder.blocks()[block].window;
    return with_prefix(attend_pieces(q, k, v, row, masks.at(window), rule), q, path, block, prefix, window,
                       row.positions, rule);
  };
  model::PackedRow packed;
  packed.ids = id_tensor(row.ids, device);
  packed.positions = id_tensor(row.positions, device);
  return model.decoder.forward(packed, context).states;
}

at::Tensor extend_path(const LanguageModel& model, PathCache& path, std::span<const text::TokenId> ids) {
  TokenRow row;
  const std::int64_t before = path.length();
  for (const text::TokenId id : ids) {
    row.positions.push_back(before + row.size());
    row.ids.push_back(id);
  }
  row.pieces.push_back({0, row.size(), {}});
  at::Tensor states =
      run_row(model, path, before, row,
              [&](std::size_t block, const at::Tensor& k, const at::Tensor& v) { path.write(block, before, k, v); });
  path.set_length(before + row.size());
  return states;
}

at::Tensor logits_of(const LanguageModel& model, const at::Tensor& states) {
  const at::NoGradGuard no_grad;
  return likelihood::cap_logits(
      model::product(states, model.decoder.head().in(model.decoder.options().compute).t()).to(at::kFloat),
      model.decoder.config().logit_cap);
}

}  // namespace bandscope::evaluation
