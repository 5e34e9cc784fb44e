// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of events in a record, in the window's language.
#pragma once

#include <QString>

namespace bandscope::app {

/// Of a kind of EventRow (core/record/columns.h), e.g. "alert"; as it is, where it is not known.
QString event_kind_word(const QString& kind);

}  // namespace bandscope::app
