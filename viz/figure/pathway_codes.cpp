// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/pathway_codes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/band/band.h"

namespace bandscope::viz {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Kinds of Samples::derive, apart from those in derived.cpp.
constexpr int kPredicted = 16, kRealised = 17, kAgreement = 18, kSums = 19;

double code(Pathway pathway) { return pathway == Pathway::undefined ? kNan : static_cast<double>(pathway); }

double value(const Samples& samples, std::size_t row) { return row < samples.size() ? samples[row] : kNan; }

bool all_nothing(const Samples& samples) {
  double least = 0, greatest = 0;
  return !samples.extremes(0, samples.size(), &least, &greatest) || (least == 0 && greatest == 0);
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
  static const std::vector<Column> columns = {z_w,          z_l,          z_w_ref,   z_l_ref, log_r_applied,
                                              score_norm_w, score_norm_l, score_dot, rho,     log_r_star};
  return columns;
}

Samples predicted_codes(const RunData& run) {
  const Samples log_r = run.column(Column::log_r_applied);
  return log_r.derive(kPredicted, 0, [&] {
    const Samples norm_w = run.column(Column::score_norm_w), norm_l = run.column(Column::score_norm_l),
                  dot = run.column(Column::score_dot), rho = run.column(Column::rho),
                  centre = run.column(Column::log_r_star);
    std::vector<double> out(log_r.size());
    for (std::size_t row = 0; row < out.size(); ++row) {
      Scores scores{value(norm_w, row), value(norm_l, row), value(dot, row)};
      if (std::isnan(scores.rho())) {
        const double ratio = std::exp(value(centre, row));
        scores = {1, ratio, value(rho, row) * ratio};
      }
      out[row] = code(predicted_pathway(log_r[row], scores));
    }
    return out;
  });
}

Samples realised_codes(const RunData& run) {
  const Samples z_w = run.column(Column::z_w);
  return z_w.derive(kRealised, 0, [&] {
    const Samples z_l = run.column(Column::z_l), z_w_ref = run.column(Column::z_w_ref),
                  z_l_ref = run.column(Column::z_l_ref);
    const bool reference = !all_nothing(z_w_ref) || !all_nothing(z_l_ref);
    const auto relative = [&](const Samples& z, const Samples& from, std::size_t row) {
      return value(z, row) - (reference ? value(from, row) : 0.0);
    };
    std::vector<double> out(z_w.size(), kNan);
    for (std::size_t row = 0; row + 1 < out.size(); ++row) {
      out[row] = code(pathway_of(relative(z_w, z_w_ref, row + 1) - relative(z_w, z_w_ref, row),
                                 relative(z_l, z_l_ref, row + 1) - relative(z_l, z_l_ref, row)));
    }
    return out;
  });
}

Samples agreement_codes(const RunData& run) {
  const Samples predicted = predicted_codes(run), realised = realised_codes(run);
  const std::size_t rows = std::min(predicted.size(), realised.size());
  return predicted.derive(kAgreement, static_cast<double>(rows), [&] {
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
