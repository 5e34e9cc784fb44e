// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/sweep_table.h"

#include <QtCore/qglobal.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/benchmark/kept_answers.h"
#include "core/run/band_share.h"
#include "core/run/run_card.h"
#include "core/run/seed_family.h"
#include "viz/figure/benchmark_table.h"
#include "viz/figure/nan.h"
#include "viz/figure/paper_figures.h"

namespace bandscope::viz {
namespace {

double first_of(const RunData& run, Column column) {
  const Samples values = run.column(column);
  return values.empty() ? kNan : values[0];
}
double last_of(const RunData& run, Column column) {
  const Samples values = run.column(column);
  return values.empty() ? kNan : values[values.size() - 1];
}

SweepQuantity change(std::string name, const char* title, Column column) {
  return {std::move(name), title, false, false,
          [column](const RunData& run) { return last_of(run, column) - first_of(run, column); }};
}

SweepQuantity probe(std::string name, const char* title, bool percent, double ProbeRow::*member, bool difference) {
  return {std::move(name), title, percent, false, [=](const RunData& run) {
            if (run.probe.empty()) return kNan;
            const double last = run.probe.back().*member;
            return (percent ? 100 : 1) * (difference ? last - run.probe.front().*member : last);
          }};
}

/// The numbers of benchmarks that stand for their tasks and are in no group, as of the last evaluation.
std::vector<SweepQuantity> benchmark_quantities(const std::vector<RunDataPtr>& runs) {
  std::vector<SweepQuantity> out;
  const BenchmarkTable table = benchmark_table(runs);
  for (const std::size_t i : table.columns()) {
    const BenchmarkEntry& entry = table.entries[i];
    out.push_back(
        {entry.key.task + "/" + entry.key.metric, entry.title, true, true, [key = entry.key](const RunData& run) {
           for (const EvaluationRow& row : last_evaluation(run.evaluation))
             if (BenchmarkKey{row.task, row.metric, row.filter} == key) return 100 * row.value;
           return kNan;
         }});
  }
  return out;
}

const RunData& any_of(const RunPair& pair) { return pair.without ? *pair.without : *pair.with; }

SweepCells cells_of(const SweepRow& row, const SweepQuantity& quantity) {
  SweepCells cells;
  for (const RunPair& pair : row.runs) {
    const double without = pair.without ? quantity.value(*pair.without) : kNan;
    const double with = pair.with ? quantity.value(*pair.with) : kNan;
    if (!std::isnan(without)) cells.without.values.push_back(without);
    if (!std::isnan(with)) cells.with.values.push_back(with);
    if (!std::isnan(with - without)) cells.difference.values.push_back(with - without);
  }
  return cells;
}

void tell_apart(std::vector<SweepRow>& rows) {
  const std::vector<SweepRow> plain = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto same = std::ranges::count_if(
        plain, [&](const SweepRow& other) { return other.label == plain[i].label && other.model == plain[i].model; });
    if (same > 1) rows[i].label += " · " + any_of(rows[i].runs.front()).name;
  }
}

}  // namespace

const std::vector<SweepQuantity>& sweep_quantities() {
  static const std::vector<SweepQuantity> quantities = {
      {"in_band", QT_TRANSLATE_NOOP("Figure", "Steps in the band (%)"), true, false,
       [](const RunData& run) {
         return 100 * band_share(run.column(Column::log_r_applied).values(), run.column(Column::band_lower).values(),
                                 run.column(Column::band_upper).values())
                          .share();
       }},
      change("dz_w", QT_TRANSLATE_NOOP("Figure", "Δz_w, first to last step"), Column::z_w),
      change("dz_l", QT_TRANSLATE_NOOP("Figure", "Δz_l, first to last step"), Column::z_l),
      {"margin", QT_TRANSLATE_NOOP("Figure", "Margin, last step"), false, false,
       [](const RunData& run) { return last_of(run, Column::margin); }},
      {"accuracy", QT_TRANSLATE_NOOP("Figure", "Accuracy, last step (%)"), true, false,
       [](const RunData& run) { return 100 * last_of(run, Column::accuracy); }},
      probe("probe_dz_w", QT_TRANSLATE_NOOP("Figure", "Δz_w of the probe set"), false, &ProbeRow::z_w, true),
      probe("probe_dz_l", QT_TRANSLATE_NOOP("Figure", "Δz_l of the probe set"), false, &ProbeRow::z_l, true),
      probe("probe_margin", QT_TRANSLATE_NOOP("Figure", "Margin of the probe set"), false, &ProbeRow::margin, false),
      probe("probe_accuracy", QT_TRANSLATE_NOOP("Figure", "Accuracy on the probe set (%)"), true, &ProbeRow::accuracy,
            false),
  };
  return quantities;
}

const std::vector<Column>& sweep_columns() {
  static const std::vector<Column> columns = {Column::log_r_applied, Column::band_lower, Column::band_upper,
                                              Column::z_w,           Column::z_l,        Column::margin,
                                              Column::accuracy};
  return columns;
}

double SweepNumber::mean() const {
  return values.empty() ? kNan
                        : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double SweepNumber::spread() const {
  if (values.size() < 2) return kNan;
  const double middle = mean();
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::optional<std::size_t> SweepTable::quantity(const std::string& name) const {
  const auto found = std::ranges::find(quantities, name, &SweepQuantity::name);
  return found == quantities.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - quantities.begin()));
}

SweepTable sweep_table(const std::vector<RunDataPtr>& runs) {
  std::vector<RunDataPtr> there;
  std::ranges::copy_if(runs, std::back_inserter(there), [](const RunDataPtr& run) { return run != nullptr; });
  SweepTable table;
  std::map<std::string, std::size_t> row_of;
  for (const RunPair& pair : pair_runs(there)) {
    const RunData& any = any_of(pair);
    // A run that does not say its spec is an experiment of its own.
    const std::string family = any.pair_key.empty() ? std::string() : seed_family(any.pair_key);
    const auto known = row_of.find(family);
    if (!family.empty() && known != row_of.end()) {
      table.rows[known->second].runs.push_back(pair);
      continue;
    }
    if (!family.empty()) row_of[family] = table.rows.size();
    table.rows.push_back({objective_label(any), short_name(any.model), {pair}, {}});
  }
  tell_apart(table.rows);
  std::vector<SweepQuantity> quantities = sweep_quantities();
  std::ranges::move(benchmark_quantities(there), std::back_inserter(quantities));
  for (SweepQuantity& quantity : quantities) {
    const bool known = std::ranges::any_of(there, [&](const auto& run) { return !std::isnan(quantity.value(*run)); });
    if (known) table.quantities.push_back(std::move(quantity));
  }
  for (SweepRow& row : table.rows)
    for (const SweepQuantity& quantity : table.quantities) row.cells.push_back(cells_of(row, quantity));
  return table;
}

}  // namespace bandscope::viz
