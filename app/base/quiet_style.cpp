// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/quiet_style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <algorithm>

namespace bandscope::app {
namespace {

constexpr int arrow_room = 14;  ///< right of the text of a button with a menu
constexpr int menu_bar_item = 28;

/// Around what has the keyboard: the colour of links has a contrast above 3 to 1 on every ground of both looks.
void draw_ring(QPainter* painter, const QRectF& rect, const QPalette& palette, double width) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(palette.color(QPalette::Link), width));
  painter->setBrush(Qt::NoBrush);
  painter->drawRoundedRect(rect.adjusted(width / 2, width / 2, -width / 2, -width / 2), 3, 3);
  painter->restore();
}

/// The option of a button that opens its menu at once; nullptr for any other.
const QStyleOptionToolButton* menu_button(const QStyleOption* option) {
  const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
  if (!button || !(button->features & QStyleOptionToolButton::HasMenu)) return nullptr;
  return button->features & QStyleOptionToolButton::MenuButtonPopup ? nullptr : button;
}

void draw_chevron(QPainter* painter, const QRectF& rect, const QColor& color) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const QPointF middle = rect.center();
  const QPointF shape[] = {middle + QPointF(-3, -1.5), middle + QPointF(0, 1.5), middle + QPointF(3, -1.5)};
  painter->drawPolyline(shape, 3);
  painter->restore();
}

}  // namespace

QuietStyle::QuietStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void QuietStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
  // A button that is down: a shade of the text, which any ground shows.
  if (element == PE_PanelButtonTool && option->state & State_On) {
    const bool enabled = option->state & State_Enabled;
    QColor fill = option->palette.color(QPalette::WindowText), edge = fill;
    fill.setAlphaF(enabled ? 0.14f : 0.07f);
    edge.setAlphaF(enabled ? 0.40f : 0.20f);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(edge, 1));
    painter->setBrush(fill);
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
    return;
  }
  // Which row, tab or box of the focused control.
  if (element == PE_FrameFocusRect) return draw_ring(painter, option->rect, option->palette, 1.2);
  QProxyStyle::drawPrimitive(element, option, painter, widget);
  // Fusion's outline is a darker shade of the window: on a dark one it vanishes.
  const bool dark = option->palette.color(QPalette::Window).lightness() < 128;
  if (element != PE_IndicatorCheckBox && !(element == PE_FrameLineEdit && dark)) return;
  QColor outline = option->palette.color(QPalette::WindowText);
  outline.setAlphaF(element == PE_FrameLineEdit ? 0.40f : 0.55f);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(outline, 1));
  painter->setBrush(Qt::NoBrush);
  painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
  painter->restore();
}

void QuietStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                             const QWidget* widget) const {
  if (element == CE_FocusFrame) return draw_ring(painter, option->rect, option->palette, 2);
  const auto* title = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
  if (element != CE_DockWidgetTitle || !title) return QProxyStyle::drawControl(element, option, painter, widget);
  // The title stands over what is below it.
  QStyleOptionDockWidget own(*title);
  own.rect.adjust(4, 0, 0, 0);
  QProxyStyle::drawControl(element, &own, painter, widget);
}

/// Fusion puts the arrow into the lower right corner, on top of the text.
void QuietStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                    const QWidget* widget) const {
  const auto* button = control == CC_ToolButton ? menu_button(option) : nullptr;
  if (!button) return QProxyStyle::drawComplexControl(control, option, painter, widget);
  QStyleOptionToolButton panel(*button);
  panel.features &= ~QStyleOptionToolButton::HasMenu;
  QStyleOptionToolButton label(panel);
  panel.text.clear();
  panel.icon = QIcon();
  QProxyStyle::drawComplexControl(control, &panel, painter, widget);
  label.rect.adjust(0, 0, -arrow_room, 0);
  QProxyStyle::drawControl(CE_ToolButtonLabel, &label, painter, widget);
  const QRectF arrow(label.rect.right() - 2, button->rect.top(), arrow_room, button->rect.height());
  draw_chevron(painter, visualRect(button->direction, button->rect, arrow.toRect()),
               button->palette.color(QPalette::ButtonText));
}

int QuietStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* data) const {
  // The ring is a child of the window, never one more item of a splitter or layout.
  if (hint == SH_FocusFrame_AboveWidget) return 1;
  // Words say it; the theme's own pictures are black on a dark ground.
  if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
  return QProxyStyle::styleHint(hint, option, widget, data);
}

int QuietStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
  if (metric == PM_FocusFrameHMargin || metric == PM_FocusFrameVMargin) return 1;
  return QProxyStyle::pixelMetric(metric, option, widget);
}

QSize QuietStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                   const QWidget* widget) const {
  QSize made = QProxyStyle::sizeFromContents(type, option, size, widget);
  if (type == CT_ToolButton && menu_button(option)) made.rwidth() += arrow_room;
  // As high as the buttons in the bar's corner, so that its words stand in the middle.
  if (type == CT_MenuBarItem) made.setHeight(std::max(made.height(), menu_bar_item));
  return made;
}

}  // namespace bandscope::app
