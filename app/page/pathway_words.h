// SPDX-License-Identifier: GPL-3.0-or-later
// Pathways in words and as chips: the name always stands beside the colour.
#pragma once

#include <QColor>
#include <QString>

#include "core/band/band.h"
#include "viz/theme.h"

namespace bandscope::app {

QString pathway_word(Pathway pathway);
QColor pathway_color(Pathway pathway, const viz::Theme& theme);
/// Rich text: a filled square and the word.
QString pathway_chip(Pathway pathway, const viz::Theme& theme);

}  // namespace bandscope::app
