// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/run_styles.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace bandscope::viz {
namespace {

/// Up to one run without and one with calibration.
struct Spec {
  std::array<std::optional<std::size_t>, 2> runs;
  std::size_t first() const { return std::min(runs[0].value_or(SIZE_MAX), runs[1].value_or(SIZE_MAX)); }
};

std::vector<Spec> specs_of(const std::vector<RunKind>& runs) {
  std::vector<Spec> specs;
  const auto kind = [&](const Spec& spec) -> const RunKind& { return runs[spec.first()]; };
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto half = std::find_if(specs.begin(), specs.end(), [&](const Spec& spec) {
      return !runs[i].pair_key.empty() && kind(spec).pair_key == runs[i].pair_key && !spec.runs[runs[i].calibrated];
    });
    (half == specs.end() ? specs.emplace_back() : *half).runs[runs[i].calibrated] = i;
  }
  // Halves that are left over go together by their objective: the two may differ in a seed or in nothing that is known.
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].runs[0] && specs[i].runs[1]) continue;
    const bool with = specs[i].runs[1].has_value();
    const auto other = std::find_if(
        specs.begin() + static_cast<std::ptrdiff_t>(i) + 1, specs.end(),
        [&](const Spec& spec) { return !spec.runs[with] && kind(spec).objective == kind(specs[i]).objective; });
    if (other == specs.end()) continue;
    specs[i].runs[!with] = other->runs[!with];
    specs.erase(other);
  }
  std::sort(specs.begin(), specs.end(), [](const Spec& a, const Spec& b) { return a.first() < b.first(); });
  return specs;
}

/// Which hue each spec has, as an index.
std::vector<std::size_t> groups_of(const std::vector<Spec>& specs, const std::vector<RunKind>& runs, std::size_t hues) {
  std::vector<std::size_t> groups;
  std::map<std::string, std::size_t> objectives;
  for (const Spec& spec : specs) {
    groups.push_back(objectives.emplace(runs[spec.first()].objective, objectives.size()).first->second);
  }
  // Of one objective alone the specs differ in something else, which hues that come again still tell better than one.
  if (specs.size() > hues && objectives.size() > 1) return groups;
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = i;
  return groups;
}

}  // namespace

std::vector<RunStyle> run_styles(const std::vector<RunKind>& runs, const Theme& theme) {
  std::vector<RunStyle> looks(runs.size());
  const auto specs = specs_of(runs);
  const auto groups = groups_of(specs, runs, theme.further.size());
  // A run alone and the two of one pair: hues tell calibration.
  const bool pair = specs.size() == 1;
  for (std::size_t spec = 0; spec < specs.size(); ++spec) {
    for (const bool with : {false, true}) {
      if (!specs[spec].runs[with]) continue;
      RunStyle& look = looks[*specs[spec].runs[with]];
      const QColor hue = pair ? (with ? theme.with_rc : theme.without_rc) : spec_hue(theme, groups[spec]);
      look = {hue, with && !pair, spec, groups[spec]};
    }
  }
  return looks;
}

}  // namespace bandscope::viz
