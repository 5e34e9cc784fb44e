// SPDX-License-Identifier: GPL-3.0-or-later
// Labels as files keep them.
#pragma once

#include <QJsonObject>

#include "app/library/run_labels.h"

namespace bandscope::app {

/// Keys starred, tags and note, where they say something.
QJsonObject labels_json(const RunLabels& labels);
/// Throws RunError naming `file`, which it is from, and the key when it cannot be understood.
RunLabels labels_from(const QJsonObject& object, const QString& file);

}  // namespace bandscope::app
