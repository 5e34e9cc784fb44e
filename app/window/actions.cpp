// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/actions.h"

#include <QCoreApplication>

namespace bandscope::app {
namespace {

struct ActionWords {
  Q_DECLARE_TR_FUNCTIONS(Actions)
};

}  // namespace

Actions::Actions(QObject* parent) {
  for (auto member :
       {&Actions::new_experiment, &Actions::open_records, &Actions::open_folder,   &Actions::start_spec,
        &Actions::quit,           &Actions::undo,         &Actions::redo,          &Actions::settings,
        &Actions::pause,          &Actions::resume,       &Actions::checkpoint,    &Actions::calibration,
        &Actions::steer,          &Actions::stop,         &Actions::filter,        &Actions::rescan,
        &Actions::next_tab,       &Actions::previous_tab, &Actions::dashboard,     &Actions::full_screen,
        &Actions::look_system,    &Actions::look_light,   &Actions::look_dark,     &Actions::language_system,
        &Actions::language_en,    &Actions::language_zh,  &Actions::export_figure, &Actions::copy_picture,
        &Actions::copy_data,      &Actions::show_all,     &Actions::zoom_back,     &Actions::play,
        &Actions::glossary,       &Actions::shortcuts,    &Actions::about}) {
    this->*member = new QAction(parent);
  }
  new_experiment->setShortcut(QKeySequence::New);
  open_records->setShortcut(QKeySequence::Open);
  open_folder->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
  start_spec->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_R));
  quit->setShortcut(QKeySequence::Quit);
  quit->setMenuRole(QAction::QuitRole);
  undo->setShortcut(QKeySequence::Undo);
  redo->setShortcuts(QKeySequence::Redo);
  auto preferences = QKeySequence::keyBindings(QKeySequence::Preferences);
  if (const QKeySequence usual(Qt::CTRL | Qt::Key_Comma); !preferences.contains(usual)) preferences << usual;
  settings->setShortcuts(preferences);
  settings->setMenuRole(QAction::PreferencesRole);
  stop->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period));
  filter->setShortcut(QKeySequence::Find);
  rescan->setShortcut(QKeySequence::Refresh);
  next_tab->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_PageDown));
  previous_tab->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_PageUp));
  full_screen->setShortcut(QKeySequence::FullScreen);
  full_screen->setCheckable(true);
  export_figure->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
  copy_picture->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
  shortcuts->setShortcut(QKeySequence::HelpContents);
  about->setMenuRole(QAction::AboutRole);
  calibration->setCheckable(true);

  looks = new QActionGroup(parent);
  for (auto* action : {look_system, look_light, look_dark}) {
    action->setCheckable(true);
    looks->addAction(action);
  }
  look_system->setData(QStringLiteral("system"));
  look_light->setData(QStringLiteral("light"));
  look_dark->setData(QStringLiteral("dark"));
  look_system->setChecked(true);
  languages = new QActionGroup(parent);
  for (auto* action : {language_system, language_en, language_zh}) {
    action->setCheckable(true);
    languages->addAction(action);
  }
  language_system->setData(QString());
  language_en->setData(QStringLiteral("en"));
  language_zh->setData(QStringLiteral("zh_CN"));
  language_system->setChecked(true);
}

void Actions::translate() {
  file_menu->setTitle(ActionWords::tr("&File"));
  recent_menu->setTitle(ActionWords::tr("Open &recent"));
  edit_menu->setTitle(ActionWords::tr("&Edit"));
  run_menu->setTitle(ActionWords::tr("&Run"));
  view_menu->setTitle(ActionWords::tr("&View"));
  look_menu->setTitle(ActionWords::tr("&Look"));
  language_menu->setTitle(ActionWords::tr("Lan&guage"));
  figure_menu->setTitle(ActionWords::tr("F&igure"));
  help_menu->setTitle(ActionWords::tr("&Help"));
  new_experiment->setText(ActionWords::tr("&New experiment"));
  open_records->setText(ActionWords::tr("&Open record…"));
  open_folder->setText(ActionWords::tr("Add &folder of runs…"));
  start_spec->setText(ActionWords::tr("&Start from spec file…"));
  quit->setText(ActionWords::tr("&Quit"));
  settings->setText(ActionWords::tr("&Settings…"));
  pause->setText(ActionWords::tr("&Pause"));
  resume->setText(ActionWords::tr("&Go on"));
  checkpoint->setText(ActionWords::tr("Write &checkpoint"));
  calibration->setText(ActionWords::tr("&Reward calibration"));
  steer->setText(ActionWords::tr("&Learning rate and momentum…"));
  stop->setText(ActionWords::tr("S&top…"));
  filter->setText(ActionWords::tr("&Filter runs"));
  rescan->setText(ActionWords::tr("Look for runs &again"));
  next_tab->setText(ActionWords::tr("&Next tab"));
  previous_tab->setText(ActionWords::tr("&Previous tab"));
  dashboard->setText(ActionWords::tr("&Dashboard on the whole screen\tF"));
  full_screen->setText(ActionWords::tr("F&ull screen"));
  look_system->setText(ActionWords::tr("As the &system"));
  look_light->setText(ActionWords::tr("&Light"));
  look_dark->setText(ActionWords::tr("&Dark"));
  language_system->setText(ActionWords::tr("As the s&ystem"));
  // A language is named in itself, so that one finds one's own.
  language_en->setText(QStringLiteral("English"));
  language_zh->setText(QStringLiteral("简体中文"));
  export_figure->setText(ActionWords::tr("&Export figure…"));
  copy_picture->setText(ActionWords::tr("&Copy picture"));
  copy_data->setText(ActionWords::tr("Copy &data"));
  show_all->setText(ActionWords::tr("Show &all"));
  zoom_back->setText(ActionWords::tr("Zoom &back"));
  play->setText(ActionWords::tr("&Replay"));
  glossary->setText(ActionWords::tr("&Glossary"));
  shortcuts->setText(ActionWords::tr("&Keyboard and mouse"));
  about->setText(ActionWords::tr("&About Bandscope"));
}

}  // namespace bandscope::app
