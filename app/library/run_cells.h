// SPDX-License-Identifier: GPL-3.0-or-later
// What the run library's cells say, and numbers as the window writes them.
#pragma once

#include <QColor>
#include <QString>
#include <QVariant>

#include "app/library/run_model.h"

namespace bandscope::app {

QVariant run_cell(const RunEntry& entry, RunModel::Column column, int role);
QVariant run_header(RunModel::Column column, int role);

/// The run's state, the same in list, queue and header: "62 % 0:41", "reference 3/6, 0:54", "62 % stopping", "done",
/// "failed: no memory".
QString progress_text(const RunEntry& entry);
/// "0:41", "1:02:03".
QString duration_text(double seconds);
/// With a thin sign and fixed places, "–" for NaN; tiny and huge values in powers of ten.
QString number_text(double value, int places = 3);
/// "+0.012" or "−0.012".
QString signed_text(double value, int places = 3);
/// "1,204" in the locale's way.
QString count_text(qint64 value);
/// "62 %"; "–" for NaN.
QString percent_text(double share);

/// What a run was asked for and is about to do, in a word: "pausing", "stopping".
QString asked_word(Asked asked);

/// Colour of a run's state, and of a state, on a light or dark ground; always stands beside the word.
QColor state_color(const RunEntry& entry, bool dark);
QColor state_color(ShownState state, bool dark);

}  // namespace bandscope::app
