// SPDX-License-Identifier: GPL-3.0-or-later
// The spec that a run of the library was started with: to go on with it, to run it again, to change it first.
#pragma once

#include <QString>

#include "app/library/run_entry.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

/// spec.toml of the run's folder, which a later resume may have changed; where there is none, what the record says.
/// Throws Error when neither can be read.
QString run_spec_text(const RunEntry& run);

/// The same as a spec of a run with this name. Throws Error when it is none, as that of an imported log.
RunSpec run_spec(const RunEntry& run, const QString& name, bool resume);

}  // namespace bandscope::app
