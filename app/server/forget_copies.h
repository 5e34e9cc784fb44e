// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of records of servers that the user has taken out of the settings.
#pragma once

#include <QList>
#include <QString>

#include "app/base/server_address.h"

namespace bandscope::app {

/// Deletes from `cache` the folders of servers that are not in `kept`; anything else in it stays. It reads and writes
/// the disk: not for the window's thread.
void forget_copies(const QString& cache, const QList<ServerAddress>& kept);

}  // namespace bandscope::app
