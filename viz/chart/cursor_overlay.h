// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn over a chart's finished picture: cursor line, values at it, text of the event under the mouse.
#pragma once

#include <QPointF>

#include "viz/draw/draw_panel.h"

namespace bandscope::viz {

/// In planes the cursor is a dot on each path.
void draw_cursor(const PanelDrawing& drawing, double step);
void draw_event_hint(const PanelDrawing& drawing, const QPointF& mouse);

/// Row of the last step at or before `step`; false before the first, and behind the last where the next would have
/// come: a run that has ended has no value there.
bool row_at(const Samples& steps, double step, std::size_t* row);
/// The same, but that the last row stays for ever: where a path ends.
bool row_held_at(const Samples& steps, double step, std::size_t* row);

}  // namespace bandscope::viz
