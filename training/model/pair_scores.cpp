// SPDX-License-Identifier: Apache-2.0
#include "training/model/pair_scores.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "training/model/matrix_products.h"
#include "training/model/to_device.h"

namespace bandscope::model {
namespace {

/// Of a pair's products, their place and their branches.
constexpr int ww = 0, ll = 1, wl = 2;
constexpr std::pair<int, int> branches_of[] = {{0, 0}, {1, 1}, {0, 1}};

std::int64_t count_of(std::span<const PackedRange> ranges) {
  std::int64_t count = 0;
  for (const PackedRange& range : ranges) count += range.end - range.begin;
  return count;
}

/// In the order of the row, adjacent ones as one: what lies in one piece need not be copied together.
std::vector<PackedRange> merged(std::vector<PackedRange> ranges) {
  std::ranges::sort(ranges, {}, &PackedRange::begin);
  std::vector<PackedRange> result;
  for (const PackedRange& range : ranges) {
    if (!result.empty() && result.back().end == range.begin)
      result.back().end = range.end;
    else
      result.push_back(range);
  }
  return result;
}

at::Tensor rows_in(const at::Tensor& rows, std::span<const PackedRange> ranges) {
  std::vector<at::Tensor> parts;
  for (const PackedRange& range : ranges) parts.push_back(rows.slice(0, range.begin, range.end));
  return parts.size() == 1 ? parts[0] : at::cat(parts);
}

}  // namespace

PairScores::PairScores(const PackedRow& row) : rows_(row.rows()), split_(row.split), copies_(row.copies) {
  const std::size_t pairs = row.segments.size() / 2;
  for (std::size_t i = 0; i < row.segments.size(); ++i)
    ranges_[i < pairs ? w : l].push_back(merged(row.segments[i].ranges));
  totals_ = at::zeros({static_cast<std::int64_t>(pairs), 3}, row.ids.options().dtype(at::kDouble));
  for (std::size_t i = 0; i < pairs; ++i) {
    PairRows& pair = pairs_.emplace_back();
    pair.chosen = count_of(ranges_[w][i]);
    pair.rejected = count_of(ranges_[l][i]);
    pair.rows = ranges_[w][i];
    pair.rows.insert(pair.rows.end(), ranges_[l][i].begin(), ranges_[l][i].end());
    pair.rows = merged(std::move(pair.rows));
    if (copies_.count == 0) {
      pair.inputs = pair.rows;
      continue;
    }
    std::vector<std::int64_t> inputs, places;  // copies are the last rows
    for (const PackedRange& range : pair.rows) {
      if (range.begin < copies_.to) pair.inputs.push_back({range.begin, std::min(range.end, copies_.to)});
      for (std::int64_t at = range.begin; at < range.end; ++at) {
        if (at < copies_.to) inputs.push_back(at);
        const std::int64_t first = at < copies_.to ? at : at - copies_.to + copies_.from;
        places.push_back(std::ranges::lower_bound(inputs, first) - inputs.begin());
      }
    }
    pair.places = to_device(places, at::kLong, row.ids.device());
  }
}

at::Tensor PairScores::of_pair(const at::Tensor& rows, int branch, std::size_t pair) const {
  return rows_in(rows, ranges_[branch][pair]);
}

void PairScores::add(std::size_t pair, int which, const at::Tensor& terms) {
  totals_.select(0, static_cast<std::int64_t>(pair)).select(0, which).add_(terms.sum());
}

bool PairScores::gram_is_cheaper(std::size_t pair, const at::Tensor& rows, const at::Tensor& columns) const {
  const std::int64_t chosen = pairs_[pair].chosen, rejected = pairs_[pair].rejected, count = chosen + rejected,
                     unlike = count_of(pairs_[pair].inputs), out = rows.size(1), in = columns.size(1);
  return (chosen * count + rejected * rejected) * out + unlike * unlike * in < (count + going_over) * out * in;
}

const at::Tensor& PairScores::gram_of_columns(const at::Tensor& columns, std::size_t pair) {
  if (!last_columns_.is_same(columns)) {
    last_columns_ = columns;
    last_grams_.assign(pairs_.size(), {});
  }
  at::Tensor& gram = last_grams_[pair];
  if (gram.defined()) return gram;
  const at::Tensor inputs = rows_in(columns, pairs_[pair].inputs), &places = pairs_[pair].places;
  gram = row_products(inputs, inputs);
  if (places.defined()) gram = gram.index_select(0, places).index_select(1, places);
  return gram;
}

void PairScores::add_product(Parameter& parameter, const at::Tensor& rows, const at::Tensor& columns) {
  for (const Product& product : products_)
    if (product.parameter == &parameter) throw std::logic_error(parameter.name + " has two products in a pass");
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const std::int64_t chosen = pairs_[i].chosen;
    if (gram_is_cheaper(i, rows, columns)) {
      const at::Tensor own = rows_in(rows, pairs_[i].rows), own_w = own.slice(0, 0, chosen),
                       own_l = own.slice(0, chosen), &gram = gram_of_columns(columns, i),
                       of_w = row_products(own_w, own).mul_(gram.slice(0, 0, chosen)),
                       of_l = row_products(own_l, own_l).mul_(gram.slice(0, chosen).slice(1, chosen));
      add(i, ww, of_w.slice(1, 0, chosen));
      add(i, ll, of_l);
      add(i, wl, of_w.slice(1, chosen));
      continue;
    }
    at::Tensor scores[2];
    for (const int b : {w, l}) scores[b] = wide_product(of_pair(rows, b, i).t(), of_pair(columns, b, i));
    for (const int which : {ww, ll, wl})
      add(i, which, scores[branches_of[which].first] * scores[branches_of[which].second]);
  }
  products_.push_back({&parameter, rows.detach(), columns.detach()});
}

std::vector<PairScores::RowSum> PairScores::row_sums(Parameter& parameter) {
  const auto pairs = static_cast<std::int64_t>(pairs_.size());
  at::Tensor& sums = sums_[&parameter];
  if (!sums.defined()) {
    sums = at::zeros({2, pairs, parameter.numel()}, parameter.value.options().dtype(at::kFloat));
    summed_.push_back(&parameter);
  }
  std::vector<RowSum> result;
  for (const int b : {w, l})
    for (std::int64_t pair = 0; pair < pairs; ++pair)
      for (const PackedRange& range : ranges_[b][static_cast<std::size_t>(pair)])
        result.push_back({range, sums.select(0, b).select(0, pair)});
  return result;
}

void PairScores::add_row_sum(Parameter& parameter, const at::Tensor& rows) {
  for (RowSum& part : row_sums(parameter))
    part.sum.add_(rows.slice(0, part.rows.begin, part.rows.end)
                      .reshape({-1, parameter.numel()})
                      .sum(0, /*keepdim=*/false, at::kFloat));
}

void PairScores::add_lookup(Parameter& table, const at::Tensor& ids, const at::Tensor& rows) {
  if (lookup_.table) throw std::logic_error(table.name + " is looked up twice in a pass");
  if (gathered_ && gathered_->projection == &table) {
    table.add_rows(gathered_->w, ids.slice(0, 0, split_), rows.slice(0, 0, split_));
    table.add_rows(gathered_->l, ids.slice(0, split_), rows.slice(0, split_));
    return;
  }
  lookup_ = {&table, ids, rows};
}

void PairScores::add_projection(Parameter& projection, ProjectionRows rows) {
  projection_ = &projection;
  projection_rows_ = std::move(rows);
}

void PairScores::add_projection(Parameter& projection, Slot slot_w, Slot slot_l) {
  if (pairs_.size() != 1) throw std::logic_error("gradients of several pairs' projection are in one accumulator");
  gathered_ = Gathered{&projection, slot_w, slot_l};
}

void PairScores::add_products_of_sums(const at::Tensor& sums) {
  for (const int which : {ww, ll, wl}) {
    const auto [a, b] = branches_of[which];
    totals_.select(1, which).add_((sums.select(0, a) * sums.select(0, b)).sum(1, /*keepdim=*/false, at::kDouble));
  }
}

std::vector<PairScores::TableRows> PairScores::table_rows(const Parameter& table, int branch, std::size_t pair) const {
  std::vector<TableRows> result;
  if (projection_ == &table) {
    const ProjectionRows& rows = projection_rows_;
    result.push_back({rows.of(rows.errors, branch == w, pair), rows.of(rows.columns, branch == w, pair), false});
  }
  if (lookup_.table == &table)
    result.push_back({of_pair(lookup_.ids, branch, pair), of_pair(lookup_.rows, branch, pair), true});
  return result;
}

void PairScores::add_products_of_table(const Parameter& table) {
  const auto left_products = [](const TableRows& a, const TableRows& b) -> at::Tensor {
    if (a.one_hot && b.one_hot) return a.left.unsqueeze(1).eq(b.left.unsqueeze(0)).to(at::kFloat);
    if (a.one_hot) return b.left.index_select(1, a.left).t().to(at::kFloat);
    if (b.one_hot) return a.left.index_select(1, b.left).to(at::kFloat);
    return row_products(a.left, b.left);
  };
  for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
    const std::vector<TableRows> rows[2] = {table_rows(table, w, pair), table_rows(table, l, pair)};
    for (const int which : {ww, ll, wl})
      for (const TableRows& a : rows[branches_of[which].first])
        for (const TableRows& b : rows[branches_of[which].second])
          add(pair, which, row_products(a.right, b.right).mul_(left_products(a, b)));
  }
}

std::vector<PairProducts> PairScores::products() {
  const at::NoGradGuard no_grad;
  for (Parameter* parameter : summed_) add_products_of_sums(sums_.at(parameter));
  if (projection_) add_products_of_table(*projection_);
  if (lookup_.table && lookup_.table != projection_) add_products_of_table(*lookup_.table);
  last_columns_ = at::Tensor(), last_grams_.clear();
  PairProducts gathered;
  if (gathered_) {
    const cuda::GradientPair one{gathered_->projection->gradient(gathered_->w),
                                 gathered_->projection->gradient(gathered_->l)};
    gathered = pair_products_each({&one, 1})[0];
  }
  std::vector<PairProducts> result = read_products(totals_);
  for (PairProducts& of_pair : result) of_pair += gathered;
  return result;
}

}  // namespace bandscope::model
