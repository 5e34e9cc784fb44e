// SPDX-License-Identifier: GPL-3.0-or-later
// What the run library's cells say.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <QVariant>

#include "app/library/run_model.h"

namespace bandscope::app {

QVariant run_cell(const RunEntry& entry, RunModel::Column column, int role);
QVariant run_header(RunModel::Column column, int role);

/// The run's state, the same in list, queue and header: "62 % 0:41", "reference 3/6, 0:54", "62 % stopping", "done",
/// "failed: no memory".
QString progress_text(const RunEntry& entry);

/// What a run was asked for and is about to do, in a word: "pausing", "stopping".
QString asked_word(Asked asked);

/// Colour of a run's state, and of a state, on a light or dark ground; always stands beside the word.
QColor state_color(const RunEntry& entry, bool dark);
QColor state_color(ShownState state, bool dark);

/// The state as a shape that says it without the colour.
QIcon state_icon(ShownState state, bool dark);

}  // namespace bandscope::app
