// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a RunModel: what its indexes point at.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "app/library/run_model.h"

namespace bandscope::app {

/// Indexes point at nodes, whose addresses stay while rows move.
struct RunModel::Node {
  Group* group = nullptr;  ///< nullptr: this is a group
  RunEntryPtr entry;
};

struct RunModel::Group : RunModel::Node {
  QString key;
  std::vector<std::unique_ptr<Node>> runs;  ///< sorted by record

  auto place_of(const QString& record) {
    return std::lower_bound(runs.begin(), runs.end(), record,
                            [](const auto& own, const QString& path) { return own->entry->found.record < path; });
  }
  Node* find(const QString& record) {
    const auto at = place_of(record);
    return at != runs.end() && (*at)->entry->found.record == record ? at->get() : nullptr;
  }
  int row_of(const Node& node) const {
    const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.get() == &node; });
    return int(at - runs.begin());
  }
};

}  // namespace bandscope::app
