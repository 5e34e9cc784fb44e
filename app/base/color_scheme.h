// SPDX-License-Identifier: GPL-3.0-or-later
// The window's colours: Fusion with an own light and dark palette, following the system or fixed.
#pragma once

#include <QFont>
#include <QPalette>
#include <QString>

#include "viz/theme.h"

namespace bandscope::app {

/// Sizes of the 8 px grid.
inline constexpr int grid = 8;

enum class ColorScheme { system, light, dark };
ColorScheme color_scheme_from(const QString& name);  ///< "system", "light", "dark"; anything else is system
QString to_name(ColorScheme look);

/// For the first line of a page, from the page's own font.
QFont heading_font(QFont font);

/// Of the texts in a chart that draws itself.
QFont chart_font();
/// Of a page of charts, which makes its own sizes from it.
QFont chart_page_font();

/// Sets style, palette and style sheet of the application.
void apply_color_scheme(ColorScheme look);
/// True when what apply_color_scheme chose is dark.
bool is_dark();
/// Sets the charts' palette ("okabe-ito", "grey") and the size of their texts, in per cent of the usual one. Charts
/// hear of it as of another look, by a change of the palette.
void apply_chart_style(const QString& palette, int text);
/// The charts' theme that goes with both.
viz::Theme chart_theme();
/// The same with another palette.
viz::Theme chart_theme(const QString& palette);
/// Whether the desktop asks for dark colours, as far as it can be told.
bool system_is_dark();

}  // namespace bandscope::app
