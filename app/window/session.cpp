// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one time to the next, its language and its look.
#include <QApplication>
#include <QDataStream>
#include <QIODevice>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QSettings>
#include <QStackedWidget>
#include <QTranslator>
#include <utility>
#include <vector>

#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/page/view_undo.h"
#include "app/window/actions.h"
#include "app/window/full_screen.h"
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
  const auto json = [](const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
  };
  const bool bare = full_screen_->on();  // the full screen is not what one comes back to
  const std::vector<std::pair<QString, QVariant>> session = {
      {QStringLiteral("window/geometry"), bare ? QVariant() : saveGeometry()},
      {QStringLiteral("window/layout"), bare ? QVariant() : saveState(layout_version)},
      {QStringLiteral("window/new"), stack_->currentWidget() == launch_},
      {QStringLiteral("library/folders"), library_->folders()},
      {QStringLiteral("library/files"), library_->files()},
      {QStringLiteral("library/columns"), dock_->saveColumns()},
      {QStringLiteral("library/grouping"), to_name(model_->grouping())},
      {QStringLiteral("library/closed"), dock_->closedGroups()},
      {QStringLiteral("page/records"), awaited_.isEmpty() ? dock_->selectedRecords() : awaited_},
      {QStringLiteral("page/layout"), json(page_->saveLayout())},
      {QStringLiteral("page/view"), json(page_->saveView())},
      {QStringLiteral("launch/text"), launch_->text()},
      {QStringLiteral("launch/runs"), launch_->runsFolder()},
      {QStringLiteral("language"), language_},
      {QStringLiteral("look"), look_name_},
  };
  QByteArray written;
  QDataStream stream(&written, QIODevice::WriteOnly);
  for (const auto& [key, value] : session) stream << value;
  if (written == saved_session_) return;
  saved_session_ = written;
  QSettings settings;
  for (const auto& [key, value] : session) {
    if (value.isValid()) settings.setValue(key, value);
  }
  settings.sync();  // into a file of its own that then takes the old one's place
}

void MainWindow::restoreSession() {
  const QSettings settings;
  if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray())) resize(1280, 800);
  restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), layout_version);
  dock_->restoreColumns(settings.value(QStringLiteral("library/columns")).toByteArray());
  dock_->setGrouping(grouping_from(settings.value(QStringLiteral("library/grouping")).toString()));
  dock_->setClosedGroups(settings.value(QStringLiteral("library/closed")).toStringList());
  const auto json = [&](const char* key) {
    return QJsonDocument::fromJson(settings.value(QLatin1String(key)).toString().toUtf8()).object();
  };
  views_->quietly([&] { page_->restoreLayout(json("page/layout")); });
  page_->restoreView(json("page/view"));
  const QString text = settings.value(QStringLiteral("launch/text")).toString();
  if (!text.isEmpty()) launch_->setText(text);
  if (settings.value(QStringLiteral("window/new")).toBool()) stack_->setCurrentWidget(launch_);
  launch_->setRunsFolder(settings.value(QStringLiteral("launch/runs")).toString());
  awaited_ = settings.value(QStringLiteral("page/records")).toStringList();
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
