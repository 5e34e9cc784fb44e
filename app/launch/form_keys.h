// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that the form of a spec has fields for.
#pragma once

#include <QStringList>
#include <vector>

#include "core/objective/objective.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

/// The schema's keys with the parameters of all objectives.
std::vector<SpecKey> form_keys();
/// False for parameters of objectives.
bool is_schema_key(const QString& key);
/// The parameter that the field is about, of the first of these objectives that has it; nullptr when none has.
const ObjectiveParameter* parameter_of(const QStringList& chosen, const QString& key);

}  // namespace bandscope::app
