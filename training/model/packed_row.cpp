// SPDX-License-Identifier: Apache-2.0
#include "training/model/packed_row.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <limits>

#include "training/model/to_device.h"

namespace bandscope::model {
namespace {

/// Lays out rows and what they predict.
class Packer {
 public:
  /// Appends the rows of pair `number`'s prompt; where they lie.
  PackedRange append_prompt(const data::TokenPair& pair, std::size_t number, bool chosen) {
    return append(pair.prompt_of(chosen), 0, number, pair.own_prompts() ? first_place(pair, chosen) : 0);
  }
  /// The rows of a response: its last id is only ever predicted.
  PackedRange append_response(const data::TokenPair& pair, std::size_t number, bool chosen) {
    const auto& response = chosen ? pair.chosen : pair.rejected;
    const auto prompt = static_cast<std::int64_t>(pair.prompt_of(chosen).size());
    return append(std::span(response).first(response.size() - 1), prompt, number,
                  first_place(pair, chosen) + (pair.own_prompts() ? prompt : 0));
  }
  void predict(const data::TokenPair& pair, bool chosen, PackedRange prompt, PackedRange response) {
    const auto& ids = chosen ? pair.chosen : pair.rejected;
    auto& rows = chosen ? rows_w_ : rows_l_;
    auto& targets = chosen ? targets_w_ : targets_l_;
    (chosen ? row_.spans_w : row_.spans_l)
        .push_back({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(ids.size())});
    rows.push_back(prompt.end - 1);
    for (std::int64_t at = response.begin; at < response.end; ++at) rows.push_back(at);
    targets.insert(targets.end(), ids.begin(), ids.end());
    row_.tokens += static_cast<std::int64_t>(ids.size());
  }
  std::int64_t rows() const { return static_cast<std::int64_t>(ids_.size()); }
  PackedRow& row() { return row_; }
  PackedRow finish(at::Device device) {
    row_.ids = to_device(ids_, at::kLong, device);
    row_.positions = to_device(positions_, at::kLong, device);
    row_.rows_w = to_device(rows_w_, at::kLong, device);
    row_.rows_l = to_device(rows_l_, at::kLong, device);
    row_.targets_w = to_device(targets_w_, at::kLong, device);
    row_.targets_l = to_device(targets_l_, at::kLong, device);
    return std::move(row_);
  }

 private:
  /// Number in the pair of a branch's first row that is not the other's too.
  static std::int64_t first_place(const data::TokenPair& pair, bool chosen) {
    const auto prompt = static_cast<std::int64_t>(pair.prompt.size());
    if (chosen) return pair.own_prompts() ? 0 : prompt;
    return prompt + static_cast<std::int64_t>(pair.chosen.size()) - 1;
  }
  PackedRange append(std::span<const text::TokenId> tokens, std::int64_t first_position, std::size_t pair,
                     std::int64_t first_place) {
    const std::int64_t begin = rows();
    for (text::TokenId id : tokens) {
      ids_.push_back(id);
      positions_.push_back(first_position++);
      row_.place.push_back((static_cast<std::int64_t>(pair) << 32) | first_place++);
    }
    return {begin, rows()};
  }

  PackedRow row_;
  std::vector<std::int64_t> ids_, positions_, rows_w_, rows_l_, targets_w_, targets_l_;
};

std::int64_t length(PackedRange range) { return range.end - range.begin; }

void pack_one_after_another(Packer& packer, std::span<const data::TokenPair* const> pairs, Branches branches) {
  const auto alone = [&](const data::TokenPair& pair, std::size_t number, bool chosen) {
    const PackedRange prompt = packer.append_prompt(pair, number, chosen);
    const PackedRange response = packer.append_response(pair, number, chosen);
    packer.predict(pair, chosen, prompt, response);
    packer.row().segments.push_back(
        {{{prompt.begin, response.end}}, length(prompt), chosen ? length(response) : std::int64_t{0}});
    packer.row().tokens += length(prompt);
  };
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const data::TokenPair* pair = pairs[i];
    const std::int64_t begin = packer.rows();
    if (pair->own_prompts()) {
      if (branches != Branches::rejected) alone(*pair, i, true);
      if (branches != Branches::chosen) alone(*pair, i, false);
      packer.row().pairs.push_back({begin, packer.rows()});
      continue;
    }
    const PackedRange prompt = packer.append_prompt(*pair, i, true);
    Segment segment;
    segment.prompt = length(prompt);
    PackedRange last = prompt;
    for (const bool chosen : {true, false}) {
      if (branches == (chosen ? Branches::rejected : Branches::chosen)) continue;
      last = packer.append_response(*pair, i, chosen);
      if (chosen) segment.chosen = length(last);
      packer.predict(*pair, chosen, prompt, last);
    }
    segment.ranges = {{prompt.begin, last.end}};
    packer.row().pairs.push_back({begin, packer.rows()});
    packer.row().segments.push_back(std::move(segment));
    packer.row().tokens += length(prompt);
  }
}

void pack_apart(Packer& packer, std::span<const data::TokenPair* const> pairs) {
  std::vector<PackedRange> prompts, responses;
  const auto append_prompts = [&](bool chosen) {
    prompts.clear();
    for (std::size_t i = 0; i < pairs.size(); ++i) prompts.push_back(packer.append_prompt(*pairs[i], i, chosen));
  };
  const auto append_responses = [&](bool chosen) {
    responses.clear();
    for (std::size_t i = 0; i < pairs.size(); ++i) responses.push_back(packer.append_response(*pairs[i], i, chosen));
  };
  const auto finish_branch = [&](bool chosen) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      packer.predict(*pairs[i], chosen, prompts[i], responses[i]);
      Segment segment;
      segment.prompt = length(prompts[i]);
      segment.chosen = chosen ? length(responses[i]) : 0;
      if (length(responses[i]) == 0)
        segment.ranges = {prompts[i]};
      else if (prompts[i].end == responses[i].begin)
        segment.ranges = {{prompts[i].begin, responses[i].end}};
      else
        segment.ranges = {prompts[i], responses[i]};
      packer.row().segments.push_back(std::move(segment));
    }
  };
  append_prompts(true);
  append_responses(true);
  finish_branch(true);
  packer.row().split = packer.rows();
  append_responses(false);
  const std::int64_t again = packer.rows();
  append_prompts(false);
  finish_branch(false);
  const std::int64_t prompt_rows = packer.rows() - again;
  const bool repeats = std::ranges::none_of(pairs, [](const data::TokenPair* pair) { return pair->own_prompts(); });
  if (repeats) packer.row().copies = {0, again, prompt_rows};
  packer.row().tokens += prompt_rows;
  if (!repeats)
    for (const data::TokenPair* pair : pairs)
      if (pair->own_prompts()) packer.row().tokens += static_cast<std::int64_t>(pair->prompt.size());
}

}  // namespace

std::int64_t Segment::rows() const {
  std::int64_t sum = 0;
  for (const PackedRange& range : ranges) sum += length(range);
  return sum;
}

at::Tensor PackedRow::places(std::int64_t first_pair) const {
  std::vector<std::int64_t> counted = place;
  for (std::int64_t& value : counted) value += first_pair << 32;
  return to_device(counted, at::kLong, ids.device());
}

PackedRow pack(std::span<const data::TokenPair* const> pairs, Branches branches, at::Device device) {
  Packer packer;
  if (branches == Branches::apart)
    pack_apart(packer, pairs);
  else
    pack_one_after_another(packer, pairs, branches);
  return packer.finish(device);
}

at::Tensor attention_mask(const Segment& segment, std::int64_t window, at::ScalarType type, at::Device device) {
  const std::int64_t n = segment.rows(), prompt = segment.prompt, chosen = segment.chosen,
                     rejected = n - prompt - chosen;
  const bool branching = chosen > 0 && rejected > 0;
  const std::int64_t longest = prompt + std::max(chosen, rejected);
  if (!branching && (window == 0 || window >= longest)) return {};
  constexpr float hidden = -std::numeric_limits<float>::infinity();
  at::Tensor mask = at::full({n, n}, hidden, at::TensorOptions().dtype(at::kFloat));
  auto* data = mask.mutable_data_ptr<float>();
  const std::int64_t second = prompt + chosen;  // first rejected row
  const auto position = [&](std::int64_t i) { return i < second ? i : i - chosen; };
  for (std::int64_t i = 0; i < n; ++i) {
    const auto see = [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t j = from; j < to; ++j)
        if (window == 0 || position(i) - position(j) < window) data[i * n + j] = 0.0F;
    };
    if (i < second) {
      see(0, i + 1);
    } else {
      see(0, prompt);
      see(second, i + 1);
    }
  }
  return to_device(mask.to(type), device);
}

}  // namespace bandscope::model
