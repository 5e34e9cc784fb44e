// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/full_screen.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QShortcut>
#include <QStatusBar>

#include "app/page/run_page.h"

namespace bandscope::app {

FullScreen::FullScreen(QMainWindow* window, RunPage* page)
    : QObject(window), window_(window), page_(page), leave_(new QShortcut(QKeySequence(Qt::Key_Escape), window)) {
  // In the page only: elsewhere F is a letter.
  auto* enter = new QShortcut(QKeySequence(Qt::Key_F), page);
  enter->setContext(Qt::WidgetWithChildrenShortcut);
  connect(enter, &QShortcut::activated, this, &FullScreen::toggle);
  leave_->setEnabled(false);
  connect(leave_, &QShortcut::activated, this, [this] { set(false); });
}

void FullScreen::set(bool on) {
  if (on == on_) return;
  on_ = on;
  leave_->setEnabled(on);
  if (on) {
    was_maximised_ = window_->isMaximized();
    hidden_.clear();
    std::vector<QWidget*> frame{window_->menuBar(), window_->statusBar()};
    for (auto* dock : window_->findChildren<QDockWidget*>()) frame.push_back(dock);
    for (QWidget* widget : frame) {
      if (!widget->isVisibleTo(window_)) continue;
      hidden_.emplace_back(widget);
      widget->hide();
    }
    page_->setBare(true);
    window_->showFullScreen();
  } else {
    for (const auto& widget : hidden_) {
      if (widget) widget->show();
    }
    hidden_.clear();
    page_->setBare(false);
    was_maximised_ ? window_->showMaximized() : window_->showNormal();
  }
  Q_EMIT changed(on);
}

}  // namespace bandscope::app
