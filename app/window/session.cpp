// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one time to the next, its language and its look.
#include <QApplication>
#include <QLocale>
#include <QSettings>
#include <QStackedWidget>
#include <QTranslator>

#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/window/actions.h"
#include "app/window/look.h"
#include "app/window/main_window.h"

/// Resources of a static library are linked only when they are asked for; the macro must stand outside of namespaces.
static void use_resources() {
  Q_INIT_RESOURCE(bandscope_app_translations);
  Q_INIT_RESOURCE(bandscope);
}

namespace bandscope::app {
namespace {

constexpr int layout_version = 1;

void check(QActionGroup* group, const QString& value) {
  for (auto* action : group->actions()) {
    if (action->data().toString() == value) action->setChecked(true);
  }
}

}  // namespace

void MainWindow::saveSession() const {
  QSettings settings;
  settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
  settings.setValue(QStringLiteral("window/layout"), saveState(layout_version));
  settings.setValue(QStringLiteral("library/folders"), library_->folders());
  settings.setValue(QStringLiteral("library/files"), library_->files());
  settings.setValue(QStringLiteral("library/columns"), dock_->saveColumns());
  settings.setValue(QStringLiteral("library/grouping"), to_name(model_->grouping()));
  settings.setValue(QStringLiteral("library/closed"), dock_->closedGroups());
  settings.setValue(QStringLiteral("page/tab"), int(page_->tab()));
  settings.setValue(QStringLiteral("page/record"), page_->records().value(0));
  settings.setValue(QStringLiteral("launch/text"), launch_->text());
  settings.setValue(QStringLiteral("launch/runs"), launch_->runsFolder());
  settings.setValue(QStringLiteral("language"), language_);
  settings.setValue(QStringLiteral("look"), look_name_);
}

void MainWindow::restoreSession() {
  const QSettings settings;
  if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray())) resize(1280, 800);
  restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), layout_version);
  dock_->restoreColumns(settings.value(QStringLiteral("library/columns")).toByteArray());
  dock_->setGrouping(grouping_from(settings.value(QStringLiteral("library/grouping")).toString()));
  dock_->setClosedGroups(settings.value(QStringLiteral("library/closed")).toStringList());
  const int tab = settings.value(QStringLiteral("page/tab"), 0).toInt();
  if (tab >= RunPage::Dynamics && tab <= RunPage::Log) page_->setTab(RunPage::Tab(tab));
  const QString text = settings.value(QStringLiteral("launch/text")).toString();
  if (!text.isEmpty()) launch_->setText(text);
  launch_->setRunsFolder(settings.value(QStringLiteral("launch/runs")).toString());
  const QString record = settings.value(QStringLiteral("page/record")).toString();
  if (!record.isEmpty()) pending_ << record;
  setLanguage(settings.value(QStringLiteral("language")).toString());
  setLookName(settings.value(QStringLiteral("look"), QStringLiteral("system")).toString());
  for (const auto& file : settings.value(QStringLiteral("library/files")).toStringList()) library_->addFile(file);
  library_->setFolders(settings.value(QStringLiteral("library/folders")).toStringList());
}

void MainWindow::setLanguage(const QString& language) {
  use_resources();
  language_ = language;
  check(actions_->languages, language);
  if (translator_) QApplication::removeTranslator(translator_.get());
  translator_.reset();
  const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
  auto translator = std::make_unique<QTranslator>();
  // English is the source: its file holds the plural forms.
  const QString name =
      locale.language() == QLocale::Chinese ? QStringLiteral("bandscope_zh_CN") : QStringLiteral("bandscope_en");
  if (translator->load(name, QStringLiteral(":/i18n"))) {
    translator_ = std::move(translator);
    QApplication::installTranslator(translator_.get());
  }
}

void MainWindow::setLookName(const QString& name) {
  look_name_ = to_name(look_from(name));
  check(actions_->looks, look_name_);
  apply_look(look_from(look_name_));
}

}  // namespace bandscope::app
