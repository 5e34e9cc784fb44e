// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/actions.h"

#include <QCoreApplication>

namespace bandscope::app {
namespace {

struct ActionStrings {
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
        &Actions::scheme_system,  &Actions::scheme_light, &Actions::scheme_dark,   &Actions::language_system,
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
  for (auto* action : {scheme_system, scheme_light, scheme_dark}) {
    action->setCheckable(true);
    looks->addAction(action);
  }
  scheme_system->setData(QStringLiteral("system"));
  scheme_light->setData(QStringLiteral("light"));
  scheme_dark->setData(QStringLiteral("dark"));
  scheme_system->setChecked(true);
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
  file_menu->setTitle(ActionStrings::tr("&File"));
  recent_menu->setTitle(ActionStrings::tr("Open &recent"));
  edit_menu->setTitle(ActionStrings::tr("&Edit"));
  run_menu->setTitle(ActionStrings::tr("&Run"));
  view_menu->setTitle(ActionStrings::tr("&View"));
  scheme_menu->setTitle(ActionStrings::tr("&Look"));
  language_menu->setTitle(ActionStrings::tr("Lan&guage"));
  figure_menu->setTitle(ActionStrings::tr("F&igure"));
  help_menu->setTitle(ActionStrings::tr("&Help"));
  new_experiment->setText(ActionStrings::tr("&New experiment"));
  open_records->setText(ActionStrings::tr("&Open record…"));
  open_folder->setText(ActionStrings::tr("Add &folder of runs…"));
  start_spec->setText(ActionStrings::tr("&Start from spec file…"));
  quit->setText(ActionStrings::tr("&Quit"));
  settings->setText(ActionStrings::tr("&Settings…"));
  pause->setText(ActionStrings::tr("&Pause"));
  resume->setText(ActionStrings::tr("&Go on"));
  checkpoint->setText(ActionStrings::tr("Write &checkpoint"));
  calibration->setText(ActionStrings::tr("&Reward calibration"));
  steer->setText(ActionStrings::tr("&Learning rate and momentum…"));
  stop->setText(ActionStrings::tr("S&top…"));
  filter->setText(ActionStrings::tr("&Filter runs"));
  rescan->setText(ActionStrings::tr("Look for runs &again"));
  next_tab->setText(ActionStrings::tr("&Next tab"));
  previous_tab->setText(ActionStrings::tr("&Previous tab"));
  dashboard->setText(ActionStrings::tr("&Dashboard on the whole screen\tF"));
  full_screen->setText(ActionStrings::tr("F&ull screen"));
  scheme_system->setText(ActionStrings::tr("As the &system"));
  scheme_light->setText(ActionStrings::tr("&Light"));
  scheme_dark->setText(ActionStrings::tr("&Dark"));
  language_system->setText(ActionStrings::tr("As the s&ystem"));
  // A language is named in itself, so that one finds one's own.
  language_en->setText(QStringLiteral("English"));
  language_zh->setText(QStringLiteral("简体中文"));
  export_figure->setText(ActionStrings::tr("&Export figure…"));
  copy_picture->setText(ActionStrings::tr("&Copy picture"));
  copy_data->setText(ActionStrings::tr("Copy &data"));
  show_all->setText(ActionStrings::tr("Show &all"));
  zoom_back->setText(ActionStrings::tr("Zoom &back"));
  play->setText(ActionStrings::tr("&Replay"));
  glossary->setText(ActionStrings::tr("&Glossary"));
  shortcuts->setText(ActionStrings::tr("&Keyboard and mouse"));
  about->setText(ActionStrings::tr("&About Bandscope"));
}

}  // namespace bandscope::app
