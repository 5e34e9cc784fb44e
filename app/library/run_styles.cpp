// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_styles.h"

namespace bandscope::app {

std::vector<viz::RunStyle> run_styles(const std::vector<viz::RunDataPtr>& runs, const viz::Theme& theme) {
  std::vector<viz::RunKind> kinds;
  for (const auto& run : runs) kinds.push_back({run->objective, run->pair_key, run->calibrated});
  return viz::run_styles(kinds, theme);
}

std::vector<viz::RunStyle> run_styles(const std::vector<RunEntryPtr>& runs, const viz::Theme& theme) {
  std::vector<viz::RunKind> kinds;
  for (const auto& run : runs)
    kinds.push_back({run->objective.toStdString(), run->pair_key.toStdString(), run->calibrated});
  return viz::run_styles(kinds, theme);
}

QString style_sample(const viz::RunStyle& look) {
  return QStringLiteral("<span style=\"color:%1\">%2</span>")
      .arg(look.hue.name(), look.dashed ? QStringLiteral("╍") : QStringLiteral("■"));
}

}  // namespace bandscope::app
