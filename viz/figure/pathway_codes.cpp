// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/pathway_codes.h"

#include <algorithm>
#include <cmath>

#include "viz/figure/derived.h"
#include "viz/figure/nan.h"

namespace bandscope::viz {
namespace {

// Kinds of Samples::derive, apart from those in derived.cpp.
constexpr int kPredicted = 16, kRealised = 17, kAgreement = 18, kSums = 19;

std::vector<double> codes(const std::vector<Pathway>& pathways) {
  std::vector<double> out(pathways.size());
  for (std::size_t row = 0; row < out.size(); ++row)
    out[row] = pathways[row] == Pathway::undefined ? kNan : static_cast<double>(pathways[row]);
  return out;
}

/// Counts of each code before every block of rows.
Samples sums(const Samples& codes) {
  return codes.derive(kSums, 0, [&] {
    std::vector<double> out;
    out.reserve((codes.size() / Samples::block_size + 1) * 4);
    std::array<double, 4> count{};
    for (std::size_t row = 0; row < codes.size(); ++row) {
      if (row % Samples::block_size == 0) out.insert(out.end(), count.begin(), count.end());
      if (codes[row] >= 0 && codes[row] < 4) ++count[static_cast<std::size_t>(codes[row])];
    }
    return out;
  });
}

}  // namespace

const std::vector<Column>& pathway_columns() {
  using enum Column;
  static const std::vector<Column> columns = {z_w,          z_l,       z_w_ref, z_l_ref,    log_r_applied, score_norm_w,
                                              score_norm_l, score_dot, rho,     log_r_star, z_w_after,     z_l_after};
  return columns;
}

PredictionColumns prediction_columns(const RunData& run) {
  const auto values = [&](Column column) { return run.column(column).values(); };
  return {values(Column::log_r_applied), values(Column::score_norm_w), values(Column::score_norm_l),
          values(Column::score_dot),     values(Column::rho),          values(Column::log_r_star)};
}

Samples predicted_codes(const RunData& run) {
  const double there = columns_there(
      run, {Column::score_norm_w, Column::score_norm_l, Column::score_dot, Column::rho, Column::log_r_star});
  return run.column(Column::log_r_applied).derive(kPredicted, there, [&] {
    return codes(predicted_pathways(prediction_columns(run)));
  });
}

Samples realised_codes(const RunData& run) {
  const double there =
      columns_there(run, {Column::z_l, Column::z_w_ref, Column::z_l_ref, Column::z_w_after, Column::z_l_after});
  return run.column(Column::z_w).derive(kRealised, there, [&] {
    return codes(realised_pathways(likelihood_columns(run)));
  });
}

Samples agreement_codes(const RunData& run) {
  const Samples predicted = predicted_codes(run), realised = realised_codes(run);
  const std::size_t rows = std::min(predicted.size(), realised.size());
  const double there =
      columns_there(run, {Column::z_l, Column::z_w_ref, Column::z_l_ref, Column::z_w_after, Column::z_l_after});
  return predicted.derive(kAgreement, 64.0 * static_cast<double>(rows) + there, [&] {
    std::vector<double> out(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const bool defined = !std::isnan(predicted[row]) && !std::isnan(realised[row]);
      out[row] = defined ? (predicted[row] == realised[row] ? 1.0 : 0.0) : kNan;
    }
    return out;
  });
}

CodeCounts count_codes(const Samples& codes, Rows rows) {
  CodeCounts counts;
  rows.last = std::min(rows.last, codes.size());
  rows.first = std::min(rows.first, rows.last);
  const auto take = [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) {
      if (codes[row] >= 0 && codes[row] < 4) ++counts.of[static_cast<std::size_t>(codes[row])];
    }
  };
  constexpr std::size_t block = Samples::block_size;
  const std::size_t first = (rows.first + block - 1) / block, last = rows.last / block;
  if (last <= first) {
    take(rows.first, rows.last);
    return counts;
  }
  take(rows.first, first * block);
  const Samples before = sums(codes);
  // The sums stand before every block that has a row; behind the last one the rest is counted.
  const std::size_t end = std::min(last, before.size() / 4 - 1);
  for (std::size_t k = 0; k < 4; ++k) {
    counts.of[k] += static_cast<std::size_t>(before[end * 4 + k] - before[first * 4 + k]);
  }
  take(end * block, rows.last);
  return counts;
}

std::optional<double> agreement_share(const Samples& agreement, Rows rows) {
  const CodeCounts counts = count_codes(agreement, rows);
  const std::size_t defined = counts.of[0] + counts.of[1];
  if (defined == 0) return std::nullopt;
  return static_cast<double>(counts.of[1]) / static_cast<double>(defined);
}

}  // namespace bandscope::viz
