// SPDX-License-Identifier: GPL-3.0-or-later
// Small drawn icons in the palette's text colour, sharp at every scale.
#pragma once

#include <QIcon>
#include <QPalette>

namespace bandscope::app {

enum class Glyph { play, pause, stop, previous, next, checkpoint, close, add };

QIcon glyph(Glyph kind, const QPalette& palette);

}  // namespace bandscope::app
