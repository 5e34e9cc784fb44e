// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queue_messages.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace bandscope::app {
namespace {

struct QueueStrings {
  Q_DECLARE_TR_FUNCTIONS(QueueStrings)
};

QString name_of(const QString& record) { return QFileInfo(QFileInfo(record).absolutePath()).fileName(); }

}  // namespace

QString placed_text(const RunQueue& queue, const QStringList& records, RunQueue::Placing placing) {
  if (!queue.trouble().empty()) return {};
  QStringList started;
  std::vector<QueuedRun> waiting;
  for (const auto& record : records) {
    const QueuedRun* own = queue.find(record);
    if (own && own->state == QueuedRun::State::failed) return {};
    if (own && own->state == QueuedRun::State::waiting && !own->due) {
      waiting.push_back(*own);
    } else {
      started << name_of(record);
    }
  }
  const int more = int(waiting.size());
  QStringList said;
  if (!started.isEmpty()) {
    said << (started.size() == 1 ? QueueStrings::tr("%1 starts now.").arg(started.front())
                                 : QueueStrings::tr("%n runs start now.", nullptr, int(started.size())));
    said << QueueStrings::tr("The queue goes on when the window closes.");
  }
  if (more == 0) return said.join(QLatin1Char(' '));
  const QString device = waiting.front().device;
  QString waits;
  if (placing == RunQueue::Placing::start && queue.paused()) {
    // What waits before these is held back, so that their number says nothing.
    waits = more == 1 ? QueueStrings::tr("%1 starts when %2 is free.").arg(waiting.front().name, device)
                      : QueueStrings::tr("%n runs start when %1 is free.", nullptr, more).arg(device);
  } else {
    const int place = queue.place(waiting.front());
    waits =
        more == 1
            ? QueueStrings::tr("%1 is number %2 in the queue for %3.").arg(waiting.front().name).arg(place).arg(device)
            : QueueStrings::tr("%n runs are in the queue for %1 now, from number %2 on.", nullptr, more)
                  .arg(device)
                  .arg(place);
  }
  said.insert(started.isEmpty() ? 0 : 1, waits);
  if (placing == RunQueue::Placing::wait && queue.paused())
    said << QueueStrings::tr("The queue is paused; its ▶ Start lets them go.");
  return said.join(QLatin1Char(' '));
}

}  // namespace bandscope::app
