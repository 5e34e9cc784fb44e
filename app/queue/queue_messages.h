// SPDX-License-Identifier: GPL-3.0-or-later
// What the queue says of runs that were just put into it.
#pragma once

#include <QString>
#include <QStringList>

#include "app/queue/run_queue.h"

namespace bandscope::app {

/// "dpo starts now. dpo-rc is number 1 in the queue for cpu." Empty when one of them could not be started, or none
/// can: the queue has said why.
QString placed_text(const RunQueue& queue, const QStringList& records, RunQueue::Placing placing);

}  // namespace bandscope::app
