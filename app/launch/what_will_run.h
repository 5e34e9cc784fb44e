// SPDX-License-Identifier: GPL-3.0-or-later
// What a spec will do, in one line.
#pragma once

#include <QString>
#include <vector>

#include "app/launch/data_summary.h"
#include "app/launch/model_summary.h"
#include "app/launch/run_plan.h"
#include "app/library/run_entry.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

/// "2 runs: a, a-rc · 135 M parameters, 1.2 M trained · 160 pairs · 40 steps of 8 pairs · about 14 min · 1.9 GiB".
/// Time is the plans' where they measured it, else from `earlier`: runs of the library on the same model and tuning.
QString what_will_run(const std::vector<RunSpec>& specs, const ModelSummary& model, const DataSummary& data,
                      const std::vector<RunPlan>& plans, const std::vector<RunEntryPtr>& earlier);

}  // namespace bandscope::app
