// SPDX-License-Identifier: Apache-2.0
#include "training/model/packed_row.h"

#include <ATen/Functions.h>

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
  std::vector<std::int64_t> ids, positions, rows_w, rows_l, targets_w, targets_l;
  const auto respond = [&](const std::vector<TokenId>& response, std::int64_t last_prompt_row, std::int64_t prompt_length,
                           std::vector<std::int64_t>& rows, std::vector<std::int64_t>& targets,
                           std::vector<ResponseSpan>& spans) {
    spans.push_back({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(response.size())});
    std::int64_t predictor = last_prompt_row;
    for (std::size_t t = 0; t < response.size(); ++t) {
      rows.push_back(predictor);
      targets.push_back(response[t]);
      if (t + 1 == response.size()) break;
      predictor = static_cast<std::int64_t>(ids.size());
      ids.push_back(response[t]);
      positions.push_back(prompt_length + static_cast<std::int64_t>(t));
    }
  };
  for (const TokenPair* pair : pairs) {
    const auto begin = static_cast<std::int64_t>(ids.size());
    const auto prompt = static_cast<std::int64_t>(pair->prompt.size());
    for (std::int64_t t = 0; t < prompt; ++t) {
      ids.push_back(pair->prompt[static_cast<std::size_t>(t)]);
      positions.push_back(t);
    }
    result.prompt_rows.push_back(prompt);
    result.tokens += prompt;
    const std::int64_t last = begin + prompt - 1;
    std::int64_t chosen = 0;
    if (branches != Branches::rejected) {
      respond(pair->chosen, last, prompt, rows_w, targets_w, result.spans_w);
      chosen = static_cast<std::int64_t>(ids.size()) - begin - prompt;
      result.tokens += static_cast<std::int64_t>(pair->chosen.size());
    }
    if (branches != Branches::chosen) {
      respond(pair->rejected, last, prompt, rows_l, targets_l, result.spans_l);
      result.tokens += static_cast<std::int64_t>(pair->rejected.size());
    }
    result.chosen_rows.push_back(chosen);
    result.pair_rows.push_back(static_cast<std::int64_t>(ids.size()) - begin);
  }
  result.ids = to_tensor(ids, device);
  result.positions = to_tensor(positions, device);
  result.rows_w = to_tensor(rows_w, device);
  result.rows_l = to_tensor(rows_l, device);
  result.targets_w = to_tensor(targets_w, device);
  result.targets_l = to_tensor(targets_l, device);
  return result;
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
  const std::int64_t n = row.pair_rows[pair], prompt = row.prompt_rows[pair], chosen = row.chosen_rows[pair];
  const std::int64_t rejected = n - prompt - chosen;
  const bool branching = chosen > 0 && rejected > 0;
  const std::int64_t longest = prompt + std::max(chosen, rejected);
  if (!branching && (window == 0 || window >= longest)) return {};
  constexpr float hidden = -std::numeric_limits<float>::infinity();
  at::Tensor mask = at::full({n, n}, hidden, at::TensorOptions().dtype(at::kFloat));
  auto* data = mask.mutable_data_ptr<float>();
  const auto position = [&](std::int64_t i) { return i < prompt + chosen ? i : i - chosen; };
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t own = i < prompt + chosen ? prompt : prompt + chosen;  // where this row's own branch begins
    const auto see = [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t j = from; j < to; ++j)
        if (window == 0 || position(i) - position(j) < window) data[i * n + j] = 0.0F;
    };
    if (i < prompt) {
      see(0, i + 1);
    } else {
      see(0, prompt);
      see(own, i + 1);
    }
  }
  return mask.to(type).to(row.ids.device());
}

}  // namespace bandscope
