// SPDX-License-Identifier: GPL-3.0-or-later
// Pathways in words and as chips: the name always stands beside the colour.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

#include "core/band/band.h"
#include "viz/theme.h"

namespace bandscope::app {

QString pathway_word(Pathway pathway);
/// What the word means, with its condition, as a tooltip; empty where there is no pathway.
QString pathway_tip(Pathway pathway);
QColor pathway_color(Pathway pathway, const viz::Theme& theme);
/// A filled circle of 16 × 16, for a table's cell.
QIcon pathway_dot(Pathway pathway, const viz::Theme& theme);
/// Rich text: a filled circle and the word.
QString pathway_chip(Pathway pathway, const viz::Theme& theme);

}  // namespace bandscope::app
