// SPDX-License-Identifier: GPL-3.0-or-later
// The main window's menus: what they hold, what they do, and when they can be used.
#include <QApplication>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QUndoStack>

#include "app/base/color_scheme.h"
#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/run_controls.h"
#include "app/page/run_page.h"
#include "app/page/transport.h"
#include "app/shell/actions.h"
#include "app/shell/full_screen.h"
#include "app/shell/layouts.h"
#include "app/shell/main_window.h"

namespace bandscope::app {

void MainWindow::buildMenus() {
  auto& a = *actions_;
  a.file_menu = menuBar()->addMenu(QString());
  a.file_menu->addActions({a.new_experiment, a.open_records, a.open_folder});
  a.recent_menu = a.file_menu->addMenu(QString());
  a.file_menu->addSeparator();
  a.file_menu->addAction(a.quit);
  a.edit_menu = menuBar()->addMenu(QString());
  a.edit_menu->addActions({a.undo, a.redo});
  a.edit_menu->addSeparator();
  a.edit_menu->addActions(dock_->editActions());
  a.edit_menu->addSeparator();
  a.edit_menu->addAction(a.settings);
  a.run_menu = menuBar()->addMenu(QString());
  a.run_menu->addAction(a.start_spec);
  a.run_menu->addSeparator();
  a.run_menu->addActions(dock_->runActions());
  a.run_menu->addSeparator();
  a.run_menu->addActions({a.pause, a.resume, a.checkpoint, a.calibration, a.steer});
  a.run_menu->addSeparator();
  a.run_menu->addAction(a.stop);
  a.view_menu = menuBar()->addMenu(QString());
  a.view_menu->addAction(a.filter);
  a.view_menu->addAction(a.rescan);
  a.view_menu->addAction(dock_->toggleViewAction());
  dock_->toggleViewAction()->setEnabled(true);  // the list cannot be closed by mistake, but hidden on purpose
  a.view_menu->addSeparator();
  a.view_menu->addActions({a.previous_tab, a.next_tab, a.dashboard, a.full_screen});
  a.view_menu->addSeparator();
  a.layout_menu = a.view_menu->addMenu(QString());
  a.scheme_menu = a.view_menu->addMenu(QString());
  a.scheme_menu->addActions(a.looks->actions());
  a.language_menu = a.view_menu->addMenu(QString());
  a.language_menu->addActions(a.languages->actions());
  a.figure_menu = menuBar()->addMenu(QString());
  a.figure_menu->addActions({a.export_figure, a.copy_picture, a.copy_data});
  a.figure_menu->addSeparator();
  a.figure_menu->addActions({a.show_all, a.zoom_back, a.play});
  a.help_menu = menuBar()->addMenu(QString());
  a.help_menu->addActions({a.glossary, a.shortcuts, a.about});
  // Their keys work where the menu bar is hidden, too.
  for (QMenu* menu : {a.file_menu, a.edit_menu, a.run_menu, a.view_menu, a.figure_menu, a.help_menu}) {
    for (QAction* action : menu->actions()) {
      // Delete and F2 are for the list of runs, not for whatever has the focus.
      if (action->shortcutContext() != Qt::WidgetWithChildrenShortcut) addAction(action);
    }
  }

  auto* corner = new QWidget(menuBar());
  auto* layout = new QHBoxLayout(corner);
  layout->setContentsMargins(0, 2, grid, 2);
  layout->setSpacing(grid);
  for (auto* button : {new_button_, open_button_}) {
    button->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(button);
  }
  menuBar()->setCornerWidget(corner);
  connectActions();
}

void MainWindow::connectActions() {
  auto& a = *actions_;
  connect(new_button_, &QToolButton::clicked, a.new_experiment, &QAction::trigger);
  connect(open_button_, &QToolButton::clicked, a.open_records, &QAction::trigger);
  connect(a.new_experiment, &QAction::triggered, this, &MainWindow::newExperiment);
  connect(a.open_records, &QAction::triggered, this, &MainWindow::askOpenRecords);
  connect(a.open_folder, &QAction::triggered, this, &MainWindow::askOpenFolder);
  connect(a.start_spec, &QAction::triggered, this, &MainWindow::askStartSpec);
  connect(a.quit, &QAction::triggered, this, &QWidget::close);
  connect(a.recent_menu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
  connect(a.run_menu, &QMenu::aboutToShow, this, &MainWindow::updateActions);
  // A spec that is written has a history of its own.
  const auto writes = [this] { return stack_->currentWidget() == launch_; };
  connect(a.undo, &QAction::triggered, this, [this, writes] { writes() ? launch_->undo() : undo_->undo(); });
  connect(a.redo, &QAction::triggered, this, [this, writes] { writes() ? launch_->redo() : undo_->redo(); });
  connect(launch_, &LaunchPage::historyChanged, this, &MainWindow::updateActions);
  connect(undo_, &QUndoStack::indexChanged, this, &MainWindow::updateActions);
  connect(undo_, &QUndoStack::cleanChanged, this, &MainWindow::updateActions);
  connect(a.pause, &QAction::triggered, page_->controls(), &RunControls::pause);
  connect(a.resume, &QAction::triggered, page_->controls(), &RunControls::resume);
  connect(a.checkpoint, &QAction::triggered, page_->controls(), &RunControls::checkpoint);
  connect(a.calibration, &QAction::triggered, page_->controls(), &RunControls::askCalibration);
  connect(a.steer, &QAction::triggered, page_->controls(), &RunControls::openSteer);
  connect(a.stop, &QAction::triggered, page_->controls(), &RunControls::askStop);
  connect(a.filter, &QAction::triggered, dock_, [this] {
    dock_->show();
    dock_->focusFilter();
  });
  connect(a.rescan, &QAction::triggered, library_, &RunLibrary::rescan);
  const auto step_tab = [this](int by) {
    const int count = page_->tabs()->count();
    page_->tabs()->setCurrentIndex((page_->tabs()->currentIndex() + by + count) % count);
  };
  connect(a.next_tab, &QAction::triggered, this, [step_tab] { step_tab(1); });
  connect(a.previous_tab, &QAction::triggered, this, [step_tab] { step_tab(-1); });
  connect(a.dashboard, &QAction::triggered, this, [this] { full_screen_->set(true); });
  connect(a.full_screen, &QAction::toggled, this, [this](bool on) { on ? showFullScreen() : showNormal(); });
  connect(a.looks, &QActionGroup::triggered, this,
          [this](QAction* action) { setColorSchemeName(action->data().toString()); });
  connect(a.languages, &QActionGroup::triggered, this,
          [this](QAction* action) { setLanguage(action->data().toString()); });
  connect(a.export_figure, &QAction::triggered, this, [this] {
    auto* charts = page_->charts();
    exportFigure(charts ? charts->figure() : QStringLiteral("dynamics"));
  });
  const auto on_charts = [this](void (viz::DynamicsView::*act)()) {
    return [this, act] {
      if (auto* charts = page_->charts()) (charts->view()->*act)();
    };
  };
  connect(a.copy_picture, &QAction::triggered, this, on_charts(&viz::DynamicsView::copyPicture));
  connect(a.copy_data, &QAction::triggered, this, on_charts(&viz::DynamicsView::copyData));
  connect(a.show_all, &QAction::triggered, this, on_charts(&viz::DynamicsView::showAll));
  connect(a.zoom_back, &QAction::triggered, this, on_charts(&viz::DynamicsView::zoomBack));
  connect(a.play, &QAction::triggered, page_->transport(), &Transport::toggle);
  connect(a.settings, &QAction::triggered, this, &MainWindow::askSettings);
  connect(a.glossary, &QAction::triggered, this, &MainWindow::showGlossary);
  connect(a.shortcuts, &QAction::triggered, this, &MainWindow::showShortcuts);
  connect(a.about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::translateMenus() {
  actions_->translate();
  dock_->toggleViewAction()->setText(tr("&Runs"));
  if (layouts_) layouts_->translate();
  new_button_->setText(tr("New experiment"));
  open_button_->setText(tr("Open…"));
  welcome_->setText(
      tr("<h3>No run is selected</h3>"
         "<p>Choose a run at the left, drop a record on the window, or</p>"
         "<p><a href=\"new\">start a new experiment</a> &nbsp;·&nbsp; "
         "<a href=\"open\">open a record…</a> &nbsp;·&nbsp; <a href=\"folder\">add a folder of runs…</a></p>"
         "<p>Two selected runs are compared; a run and its twin with reward calibration are shown as a pair.</p>"));
}

void MainWindow::updateActions() {
  auto& a = *actions_;
  const auto run = page_->controls()->run();
  const bool live = run && run->live() && stack_->currentWidget() == page_;
  const bool steered = live && run->steerable() && run->state != ShownState::preparing && run->asked != Asked::stop;
  const bool paused = live && run->state == ShownState::paused;
  const bool writes = stack_->currentWidget() == launch_;
  a.undo->setEnabled(writes ? launch_->canUndo() : undo_->canUndo());
  a.undo->setText(undo_->canUndo() && !writes ? tr("&Undo: %1").arg(undo_->undoText()) : tr("&Undo"));
  a.redo->setEnabled(writes ? launch_->canRedo() : undo_->canRedo());
  a.redo->setText(undo_->canRedo() && !writes ? tr("&Redo: %1").arg(undo_->redoText()) : tr("&Redo"));
  a.pause->setEnabled(steered && !paused);
  a.resume->setEnabled(steered && paused);
  a.checkpoint->setEnabled(steered);
  a.calibration->setEnabled(steered);
  a.steer->setEnabled(steered);
  a.calibration->setChecked(run && page_->controls()->calibrated());
  a.stop->setEnabled(live && run->reached && run->asked != Asked::stop &&
                     (run->steerable() || run->state == ShownState::preparing));
  const bool shows = stack_->currentWidget() == page_ && !page_->shown().empty();
  const bool charts = shows && page_->charts();
  for (auto* action : {a.copy_picture, a.copy_data, a.show_all, a.zoom_back}) action->setEnabled(charts);
  for (auto* action : {a.export_figure, a.play, a.dashboard, a.next_tab, a.previous_tab}) action->setEnabled(shows);
}

void MainWindow::fillRecent() {
  auto* menu = actions_->recent_menu;
  menu->clear();
  const auto recent = QSettings().value(QStringLiteral("recent")).toStringList();
  for (const auto& path : recent) {
    auto* action = menu->addAction(path);
    action->setEnabled(QFileInfo::exists(path));
    connect(action, &QAction::triggered, this, [this, path] { open({path}); });
  }
  if (recent.isEmpty()) {
    menu->addAction(tr("Nothing was opened yet"))->setEnabled(false);
  } else {
    menu->addSeparator();
    menu->addAction(tr("Forget these"), this, [] { QSettings().remove(QStringLiteral("recent")); });
  }
}

void MainWindow::remember(const QString& path) {
  QSettings settings;
  auto recent = settings.value(QStringLiteral("recent")).toStringList();
  recent.removeAll(path);
  recent.prepend(path);
  settings.setValue(QStringLiteral("recent"), recent.mid(0, 12));
}

}  // namespace bandscope::app
