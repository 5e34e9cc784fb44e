// SPDX-License-Identifier: Apache-2.0
#include "training/model/packed_row.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <limits>

namespace bandscope {
namespace {

at::Tensor to_tensor(const std::vector<std::int64_t>& values, at::Device device) {
  return at::from_blob(const_cast<std::int64_t*>(values.data()), {static_cast<std::int64_t>(values.size())},
                       at::TensorOptions().dtype(at::kLong))
      .clone()
      .to(device);
}

}  // namespace

PackedRow pack(std::span<const TokenPair* const> pairs, Branches branches, at::Device device) {
  PackedRow result;
  result.branches = branches;
  std::vector<std::int64_t> ids, positions, rows_w, rows_l, targets_w, targets_l;
  const auto append = [&](std::span<const TokenId> tokens, std::int64_t first_position) {
    for (TokenId id : tokens) {
      ids.push_back(id);
      positions.push_back(first_position++);
    }
  };
  // The last id of a response is only ever predicted.
  const auto inputs = [](const std::vector<TokenId>& response) { return std::span(response).first(response.size() - 1); };
  const auto predict = [](const std::vector<TokenId>& response, std::int64_t last_prompt_row, std::int64_t first_row,
                          std::vector<std::int64_t>& rows, std::vector<std::int64_t>& targets, std::vector<ResponseSpan>& spans) {
    spans.push_back({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(response.size())});
    for (std::size_t t = 0; t < response.size(); ++t) {
      rows.push_back(t == 0 ? last_prompt_row : first_row + static_cast<std::int64_t>(t) - 1);
      targets.push_back(response[t]);
    }
  };
  for (const TokenPair* pair : pairs) {
    const auto begin = static_cast<std::int64_t>(ids.size()), prompt = static_cast<std::int64_t>(pair->prompt.size());
    const bool chosen = branches != Branches::rejected, rejected = branches != Branches::chosen;
    const std::int64_t chosen_rows = chosen ? static_cast<std::int64_t>(pair->chosen.size()) - 1 : 0;
    if (rejected && chosen) append(inputs(pair->chosen), prompt);
    const auto prompt_begin = static_cast<std::int64_t>(ids.size());
    append(pair->prompt, 0);
    const std::int64_t last = prompt_begin + prompt - 1;
    if (chosen) predict(pair->chosen, last, rejected ? begin : last + 1, rows_w, targets_w, result.spans_w);
    if (rejected) predict(pair->rejected, last, last + 1, rows_l, targets_l, result.spans_l);
    append(inputs(rejected ? pair->rejected : pair->chosen), prompt);
    result.prompt_rows.push_back(prompt);
    result.chosen_rows.push_back(chosen_rows);
    result.pair_rows.push_back(static_cast<std::int64_t>(ids.size()) - begin);
    result.tokens += prompt + static_cast<std::int64_t>((chosen ? pair->chosen.size() : 0) + (rejected ? pair->rejected.size() : 0));
  }
  result.ids = to_tensor(ids, device);
  result.positions = to_tensor(positions, device);
  result.rows_w = to_tensor(rows_w, device);
  result.rows_l = to_tensor(rows_l, device);
  result.targets_w = to_tensor(targets_w, device);
  result.targets_l = to_tensor(targets_l, device);
  return result;
}

LiveRows branch_rows(const PackedRow& row, bool chosen) {
  std::vector<RowRange> ranges;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < row.pair_rows.size(); ++i) {
    const std::int64_t end = begin + row.pair_rows[i];
    ranges.push_back(chosen ? RowRange{begin, begin + row.chosen_rows[i] + row.prompt_rows[i]} : RowRange{begin + row.chosen_rows[i], end});
    begin = end;
  }
  return {std::move(ranges), row.ids.device()};
}

at::Tensor spread_over_rows(const PackedRow& row, std::span<const double> per_pair, at::ScalarType type) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(row.rows()));
  for (std::size_t i = 0; i < per_pair.size(); ++i)
    values.insert(values.end(), static_cast<std::size_t>(row.pair_rows[i]), static_cast<float>(per_pair[i]));
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size()), 1}, at::TensorOptions().dtype(at::kFloat))
      .to(type, false, true)
      .to(row.ids.device());
}

at::Tensor attention_mask(const PackedRow& row, std::size_t pair, std::int64_t window, at::ScalarType type) {
  const std::int64_t n = row.pair_rows[pair], prompt = row.prompt_rows[pair];
  // Chosen rows that stand before their prompt.
  const std::int64_t before = row.branches == Branches::both ? row.chosen_rows[pair] : 0;
  const std::int64_t longest = before == 0 ? n : std::max(prompt + before, n - before);
  if (before == 0 && (window == 0 || window >= longest)) return {};
  constexpr float hidden = -std::numeric_limits<float>::infinity();
  at::Tensor mask = at::full({n, n}, hidden, at::TensorOptions().dtype(at::kFloat));
  auto* data = mask.mutable_data_ptr<float>();
  const auto position = [&](std::int64_t i) { return i < before ? prompt + i : i - before; };
  for (std::int64_t i = 0; i < n; ++i) {
    const auto see = [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t j = from; j < to; ++j)
        if (window == 0 || position(i) - position(j) < window) data[i * n + j] = 0.0F;
    };
    if (i < before) {
      see(0, i + 1);
      see(before, before + prompt);
    } else {
      see(before, i + 1);
    }
  }
  return mask.to(type).to(row.ids.device());
}

}  // namespace bandscope
