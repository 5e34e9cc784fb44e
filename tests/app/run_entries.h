// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the library that have no record behind them.
#pragma once

#include <memory>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::testing {

inline app::RunEntryPtr entry(const QString& group, const QString& name, const QString& objective,
                              const QStringList& tags = {}) {
  auto made = std::make_shared<app::RunEntry>();
  made->found = {group + "/" + name + "/run.h5", group, name, 1, 1};
  made->read = true;
  made->objective = objective;
  made->state = ShownState::done;
  made->labels.tags = tags;
  return made;
}

inline std::vector<app::FoundRecord> found(const std::vector<app::RunEntryPtr>& entries) {
  std::vector<app::FoundRecord> records;
  for (const auto& one : entries) records.push_back(one->found);
  return records;
}

}  // namespace bandscope::testing
