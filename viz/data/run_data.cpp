// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/data/run_data.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {

std::optional<std::size_t> RunData::row_of(double step) const {
  const auto values = steps.values();
  const auto after = std::upper_bound(values.begin(), values.end(), step);
  if (after == values.begin()) return std::nullopt;
  return static_cast<std::size_t>(after - values.begin()) - 1;
}

bool ratio_changed(const RunData& run) {
  const Samples before = run.column(Column::log_r), applied = run.column(Column::log_r_applied);
  const std::size_t rows = std::min(before.size(), applied.size());
  for (std::size_t i = 0; i < rows; ++i)
    if (before[i] != applied[i] && !std::isnan(before[i]) && !std::isnan(applied[i])) return true;
  return false;
}

void describe(RunData& run, const RunCard& card) {
  if (!card.name.empty()) run.name = card.name;
  run.objective = card.objective;
  run.likelihood = card.likelihood;
  run.model = card.model;
  run.tuning = card.tuning;
  run.data = card.data;
  run.scope = card.scope;
  run.calibrated = card.calibrated;
  run.pair_key = card.pair_key;
}

std::vector<RunPair> pair_runs(const std::vector<RunDataPtr>& runs) {
  std::vector<RunPair> pairs;
  const auto add = [](RunPair& pair, const RunDataPtr& run) { (run->calibrated ? pair.with : pair.without) = run; };
  const auto open_for = [](const RunPair& pair, const RunData& run) {
    const RunDataPtr& partner = run.calibrated ? pair.without : pair.with;
    return partner && !(run.calibrated ? pair.with : pair.without) ? partner.get() : nullptr;
  };
  for (const auto& run : runs) {
    if (!run) continue;
    const auto match = std::find_if(pairs.begin(), pairs.end(), [&](const RunPair& pair) {
      const RunData* partner = open_for(pair, *run);
      return partner && !run->pair_key.empty() && partner->pair_key == run->pair_key;
    });
    if (match != pairs.end()) {
      add(*match, run);
    } else {
      add(pairs.emplace_back(), run);
    }
  }
  // Runs of one objective whose specs differ in more than calibration, e.g. in the learning rate, are still the two
  // runs that were asked for when there is no other choice.
  std::vector<std::size_t> single;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!pairs[i].without || !pairs[i].with) single.push_back(i);
  }
  if (single.size() == 2) {
    RunPair& first = pairs[single[0]];
    RunPair& second = pairs[single[1]];
    const RunDataPtr& later = second.without ? second.without : second.with;
    const RunData* partner = open_for(first, *later);
    if (partner && partner->objective == later->objective) {
      add(first, later);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(single[1]));
    }
  }
  return pairs;
}

}  // namespace bandscope::viz
