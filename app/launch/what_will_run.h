// SPDX-License-Identifier: GPL-3.0-or-later
// What a spec will do, found out by looking into its model and data folders, on a worker thread.
#pragma once

#include <QString>
#include <vector>

#include "app/library/run_entry.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

struct ModelLook {
  QString architecture;   ///< "LlamaForCausalLM"
  double parameters = 0;  ///< of the safetensors files; 0 when unknown
  QString problem;        ///< a sentence when the folder is no model
};
ModelLook look_at_model(const QString& folder);

struct DataLook {
  qint64 rows = -1;  ///< lines of a .jsonl; -1 when it would take too long or is another format
  QString problem;
};
DataLook look_at_data(const QString& file);

struct Outlook {
  QString text;     ///< "2 runs: dpo, dpo-rc · 135 M parameters · 2,312 pairs · 72 steps each · about 14 min"
  QString problem;  ///< why it cannot start
};
/// `earlier`: runs of the library, whose pace on the same model tells how long it will take.
Outlook what_will_run(const std::vector<RunSpec>& specs, const std::vector<RunEntryPtr>& earlier);

}  // namespace bandscope::app
