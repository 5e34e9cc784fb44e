// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window's menus, in one place, so that menus, shortcuts list and state agree.
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMenu>

namespace bandscope::app {

struct Actions {
  explicit Actions(QObject* parent);

  QAction *new_experiment, *open_records, *open_folder, *start_spec, *quit;
  QAction *undo, *redo, *settings;
  QAction *pause, *resume, *checkpoint, *calibration, *steer, *stop;
  QAction *filter, *rescan, *next_tab, *previous_tab, *dashboard, *full_screen;
  QAction *scheme_system, *scheme_light, *scheme_dark;
  QAction *language_system, *language_en, *language_zh;
  QAction *export_figure, *copy_picture, *copy_data, *show_all, *zoom_back, *play;
  QAction *glossary, *shortcuts, *about;
  QActionGroup *looks, *languages;
  QMenu *file_menu = nullptr, *recent_menu = nullptr, *edit_menu = nullptr, *run_menu = nullptr, *view_menu = nullptr,
        *layout_menu = nullptr, *scheme_menu = nullptr, *language_menu = nullptr, *figure_menu = nullptr,
        *help_menu = nullptr;

  void translate();
};

}  // namespace bandscope::app
