// SPDX-License-Identifier: GPL-3.0-or-later
// What the window has asked a server for, in its list of runs.
#include <algorithm>
#include <utility>

#include "app/server/server_runs.h"

namespace bandscope::app {

void ServerRuns::labelling(const QString& name, const RunLabels& labels) {
  const auto at = runs_.find(name);
  if (at == runs_.end()) return;
  at->second.asked = labels;
  ++at->second.asking;
  make(name, at->second);
  told();
}

void ServerRuns::labelled(const QString& name, const wire::Json& labels) {
  const auto at = runs_.find(name);
  if (at == runs_.end()) return;
  Run& run = at->second;
  run.asking = std::max(0, run.asking - 1);
  if (labels.is_object()) {
    wire::Json item = run.item->json();
    item.erase("labels_error");
    item["labels"] = labels;
    hold(run, run_item(item));
  }
  make(name, run);
  told();
}

void ServerRuns::renamed(const QString& name, const QString& now) {
  const auto at = runs_.find(name);
  if (at == runs_.end()) return;
  Run run = std::move(at->second);
  bytes_ -= run.item->text.size();
  runs_.erase(at);
  wire::Json item = run.item->json();
  item["run"] = now.toStdString();
  run.item.reset();
  run.asking = 0;
  if (runs_.count(now) == 0 && hold(run, run_item(item))) {
    make(now, run);
    runs_.emplace(now, std::move(run));
  }
  told();
}

void ServerRuns::removed(const QString& name) {
  erase(name);
  told();
}

}  // namespace bandscope::app
