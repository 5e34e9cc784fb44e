// SPDX-License-Identifier: Apache-2.0
#include "core/spec/objective_choice.h"

#include <cmath>

#include "core/error.h"
#include "core/objective/formula.h"

namespace bandscope {

ObjectiveInfo objective_info(const RunSpec::ObjectiveChoice& choice) {
  if (choice.name == "formula") return formula_objective(choice.formula);
  const ObjectiveInfo* info = find_objective(choice.name);
  if (!info) throw SpecError(Message::tr("there is no objective \"%1\"", choice.name), "objective.name", 0);
  return *info;
}

std::unique_ptr<Objective> make_objective(const RunSpec::ObjectiveChoice& choice) {
  const ObjectiveInfo info = objective_info(choice);
  ParameterValues values = choice.parameters;
  for (const ObjectiveParameter& parameter : info.parameters) {
    if (values.contains(parameter.name)) continue;
    if (std::isnan(parameter.default_value)) {
      throw SpecError(Message::tr("the formula's parameter \"%1\" has no value", parameter.name),
                      "objective." + parameter.name, 0);
    }
    values[parameter.name] = parameter.default_value;
  }
  return info.make(values, choice.likelihood);
}

bool needs_reference(const RunSpec::ObjectiveChoice& choice) { return objective_info(choice).needs_reference; }

TokenStatistic token_statistic(const RunSpec::ObjectiveChoice& choice) { return objective_info(choice).statistic; }

}  // namespace bandscope
