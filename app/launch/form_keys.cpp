// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/form_keys.h"

#include <algorithm>
#include <string>

namespace bandscope::app {

std::vector<SpecKey> form_keys() {
  std::vector<SpecKey> keys;
  for (const auto& key : spec_keys()) {
    keys.push_back(key);
    if (key.key != "objective.name") continue;
    std::vector<std::string> known;
    for (const auto& objective : objectives()) {
      for (const auto& parameter : objective.parameters) {
        if (std::find(known.begin(), known.end(), parameter.name) != known.end()) continue;
        known.push_back(parameter.name);
        SpecKey made;
        made.key = "objective." + parameter.name;
        made.type = "number";
        made.help = parameter.help;
        keys.push_back(made);
      }
    }
  }
  return keys;
}

bool is_schema_key(const QString& key) {
  for (const auto& known : spec_keys()) {
    if (key == QLatin1String(known.key.c_str())) return true;
  }
  return false;
}

const ObjectiveParameter* parameter_of(const QStringList& chosen, const QString& key) {
  for (const auto& name : chosen) {
    const auto* info = find_objective(name.toStdString());
    if (!info) continue;
    for (const auto& parameter : info->parameters) {
      if (key == QStringLiteral("objective.") + QString::fromStdString(parameter.name)) return &parameter;
    }
  }
  return nullptr;
}

}  // namespace bandscope::app
