// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_looks.h"

namespace bandscope::app {

std::vector<viz::RunLook> run_looks(const std::vector<viz::RunDataPtr>& runs, const viz::Theme& theme) {
  std::vector<viz::RunKind> kinds;
  for (const auto& run : runs) kinds.push_back({run->objective, run->pair_key, run->calibrated});
  return viz::run_looks(kinds, theme);
}

std::vector<viz::RunLook> run_looks(const std::vector<RunEntryPtr>& runs, const viz::Theme& theme) {
  std::vector<viz::RunKind> kinds;
  for (const auto& run : runs)
    kinds.push_back({run->objective.toStdString(), run->pair_key.toStdString(), run->calibrated});
  return viz::run_looks(kinds, theme);
}

QString look_sample(const viz::RunLook& look) {
  return QStringLiteral("<span style=\"color:%1\">%2</span>")
      .arg(look.hue.name(), look.dashed ? QStringLiteral("╍") : QStringLiteral("■"));
}

}  // namespace bandscope::app
