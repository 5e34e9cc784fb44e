// SPDX-License-Identifier: GPL-3.0-or-later
// What a window cannot do on a server whose engine is older than it: by the requests that the engine knows.
#pragma once

#include <QStringList>

#include "core/serve/protocol.h"

namespace bandscope::app {

/// Things that do not work there, in words ("start runs"); empty where all do.
QStringList missing_abilities(const wire::Hello& hello);

}  // namespace bandscope::app
