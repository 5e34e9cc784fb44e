// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/color_scheme.h"

#include <QApplication>
#include <QEvent>
#include <QFontInfo>
#include <QList>
#include <QPointer>
#include <QToolTip>
#include <QWidget>
#include <algorithm>

#include "app/base/focus_ring.h"
#include "app/base/quiet_style.h"

namespace bandscope::app {
namespace {

/// The palette that the platform gave before ours was set.
const QPalette& platform_palette() {
  static const QPalette palette = QGuiApplication::palette();
  return palette;
}

void fill(QPalette& palette, QPalette::ColorRole role, const QColor& color, const QColor& disabled = {}) {
  palette.setColor(role, color);
  if (disabled.isValid()) palette.setColor(QPalette::Disabled, role, disabled);
}

QPalette light_palette() {
  QPalette palette;
  const QColor faint(0x9a, 0xa0, 0xa8);
  fill(palette, QPalette::Window, QColor(0xf3, 0xf4, 0xf6));
  fill(palette, QPalette::Base, QColor(0xff, 0xff, 0xff), QColor(0xf6, 0xf7, 0xf8));
  fill(palette, QPalette::AlternateBase, QColor(0xf7, 0xf8, 0xfa));
  fill(palette, QPalette::WindowText, QColor(0x1d, 0x22, 0x29), faint);
  fill(palette, QPalette::Text, QColor(0x1d, 0x22, 0x29), faint);
  fill(palette, QPalette::ButtonText, QColor(0x1d, 0x22, 0x29), faint);
  fill(palette, QPalette::PlaceholderText, QColor(0x60, 0x68, 0x73));
  fill(palette, QPalette::Button, QColor(0xf3, 0xf4, 0xf6));
  fill(palette, QPalette::Light, Qt::white);
  fill(palette, QPalette::Midlight, QColor(0xea, 0xec, 0xef));
  fill(palette, QPalette::Mid, QColor(0xd3, 0xd7, 0xdc));
  fill(palette, QPalette::Dark, QColor(0xb4, 0xba, 0xc2));
  fill(palette, QPalette::Shadow, QColor(0x8a, 0x91, 0x9b));
  fill(palette, QPalette::Highlight, QColor(0xcf, 0xe2, 0xf2), QColor(0xe2, 0xe6, 0xea));
  fill(palette, QPalette::HighlightedText, QColor(0x10, 0x18, 0x20), faint);
  fill(palette, QPalette::Link, QColor(0x00, 0x5f, 0x99));
  fill(palette, QPalette::LinkVisited, QColor(0x00, 0x5f, 0x99));
  fill(palette, QPalette::ToolTipBase, QColor(0xff, 0xff, 0xff));
  fill(palette, QPalette::ToolTipText, QColor(0x1d, 0x22, 0x29));
  fill(palette, QPalette::BrightText, QColor(0xb8, 0x3a, 0x00));
  return palette;
}

QPalette dark_palette() {
  QPalette palette;
  const QColor faint(0x6c, 0x74, 0x7f);
  fill(palette, QPalette::Window, QColor(0x1f, 0x23, 0x28));
  fill(palette, QPalette::Base, QColor(0x17, 0x1a, 0x1e), QColor(0x1c, 0x20, 0x25));
  fill(palette, QPalette::AlternateBase, QColor(0x1c, 0x20, 0x25));
  fill(palette, QPalette::WindowText, QColor(0xe3, 0xe6, 0xea), faint);
  fill(palette, QPalette::Text, QColor(0xe3, 0xe6, 0xea), faint);
  fill(palette, QPalette::ButtonText, QColor(0xe3, 0xe6, 0xea), faint);
  fill(palette, QPalette::PlaceholderText, QColor(0x9a, 0xa3, 0xae));
  fill(palette, QPalette::Button, QColor(0x2a, 0x2f, 0x36));
  fill(palette, QPalette::Light, QColor(0x3a, 0x41, 0x4a));
  fill(palette, QPalette::Midlight, QColor(0x31, 0x37, 0x3f));
  fill(palette, QPalette::Mid, QColor(0x3a, 0x40, 0x48));
  fill(palette, QPalette::Dark, QColor(0x12, 0x15, 0x18));
  fill(palette, QPalette::Shadow, QColor(0x0a, 0x0c, 0x0e));
  fill(palette, QPalette::Highlight, QColor(0x24, 0x4b, 0x6b), QColor(0x2c, 0x32, 0x39));
  fill(palette, QPalette::HighlightedText, QColor(0xf2, 0xf5, 0xf8), faint);
  fill(palette, QPalette::Link, QColor(0x6f, 0xb6, 0xe8));
  fill(palette, QPalette::LinkVisited, QColor(0x6f, 0xb6, 0xe8));
  fill(palette, QPalette::ToolTipBase, QColor(0x2a, 0x2f, 0x36));
  fill(palette, QPalette::ToolTipText, QColor(0xe3, 0xe6, 0xea));
  fill(palette, QPalette::BrightText, QColor(0xff, 0x8f, 0x70));
  return palette;
}

// On the application: what apply_color_scheme and apply_chart_style last chose.
constexpr const char* dark_property = "bandscope-dark";
constexpr const char* palette_property = "bandscope-chart-palette";
constexpr const char* text_property = "bandscope-chart-text";

double chart_text() {
  const int per_cent = qApp->property(text_property).toInt();
  return per_cent > 0 ? per_cent / 100.0 : 1.0;
}

}  // namespace

QFont heading_font(QFont font) {
  font.setPointSizeF(font.pointSizeF() * 1.15);
  font.setWeight(QFont::DemiBold);
  return font;
}

QFont chart_font() {
  QFont font = QApplication::font();
  // As viz has it.
  font.setPixelSize(std::max(8, qRound(QFontInfo(font).pixelSize() * 0.86 * chart_text())));
  return font;
}

QFont chart_page_font() {
  QFont font;
  if (chart_text() == 1.0) return font;  // whatever the application has
  font.setPixelSize(std::max(8, qRound(QFontInfo(QApplication::font()).pixelSize() * chart_text())));
  return font;
}

ColorScheme color_scheme_from(const QString& name) {
  if (name == QLatin1String("light")) return ColorScheme::light;
  if (name == QLatin1String("dark")) return ColorScheme::dark;
  return ColorScheme::system;
}

QString to_name(ColorScheme look) {
  switch (look) {
    case ColorScheme::light:
      return QStringLiteral("light");
    case ColorScheme::dark:
      return QStringLiteral("dark");
    case ColorScheme::system:
      break;
  }
  return QStringLiteral("system");
}

bool system_is_dark() {
  return platform_palette().color(QPalette::Window).lightness() < 128 ||
         qEnvironmentVariable("GTK_THEME").endsWith(QLatin1String("dark"), Qt::CaseInsensitive);
}

void apply_color_scheme(ColorScheme look) {
  platform_palette();
  const bool now_dark = look == ColorScheme::dark || (look == ColorScheme::system && system_is_dark());
  qApp->setProperty(dark_property, now_dark);
  QApplication::setStyle(new QuietStyle);  // the application takes it over
  const QPalette palette = now_dark ? dark_palette() : light_palette();
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);
  if (!qApp->findChild<FocusRing*>(QString(), Qt::FindDirectChildrenOnly)) {
    new FocusRing(static_cast<QApplication*>(QCoreApplication::instance()));
  }
}

bool is_dark() { return qApp->property(dark_property).toBool(); }

void apply_chart_style(const QString& palette, int text) {
  if (qApp->property(palette_property) == palette && qApp->property(text_property) == text) return;
  qApp->setProperty(palette_property, palette);
  qApp->setProperty(text_property, text);
  QList<QPointer<QWidget>> all;
  for (QWidget* widget : QApplication::allWidgets()) all << widget;
  for (const auto& widget : all) {
    if (!widget) continue;
    QEvent event(QEvent::PaletteChange);
    QApplication::sendEvent(widget, &event);
    widget->update();
  }
}

viz::Theme chart_theme() { return chart_theme(qApp->property(palette_property).toString()); }

viz::Theme chart_theme(const QString& palette) {
  const viz::Theme theme = is_dark() ? viz::Theme::dark() : viz::Theme::light();
  return palette == QLatin1String("grey") ? theme.in_greys() : theme;
}

}  // namespace bandscope::app
