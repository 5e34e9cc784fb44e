// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queued_run.h"

#include <QStandardPaths>

#include "app/library/label_json.h"

namespace bandscope::app {

std::vector<QueuedRun> shown_runs(const queue::Queue& queue) {
  std::vector<QueuedRun> shown;
  for (const auto& run : queue.runs) {
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    shown.push_back({.id = text(run.id),
                     .name = text(run.name),
                     .runs = text(run.runs),
                     .spec = text(run.spec),
                     .device = text(run.device),
                     .state = run.state,
                     .resumes = run.resumes,
                     .stop = run.stop != queue::QueuedRun::Stop::no,
                     .asked = run.asked || run.now,
                     .reason = run.reason,
                     .labels = labels_from(run.labels, {})});
  }
  for (const std::size_t place : queue.due()) shown[place].due = true;
  return shown;
}

QString queue_file() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/queue.json");
}

}  // namespace bandscope::app
