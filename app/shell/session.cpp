// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one time to the next.
#include <QDataStream>
#include <QIODevice>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QStackedWidget>
#include <QThreadPool>
#include <utility>
#include <vector>

#include "app/base/color_scheme.h"
#include "app/base/on_screen.h"
#include "app/base/places.h"
#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/page/view_undo.h"
#include "app/server/forget_copies.h"
#include "app/server/servers.h"
#include "app/settings/settings.h"
#include "app/shell/full_screen.h"
#include "app/shell/main_window.h"

namespace bandscope::app {
namespace {

constexpr int layout_version = 1;
constexpr QSize first_size(1280, 800);

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
      {QStringLiteral("library/places"), json(save_places(dock_))},
      {QStringLiteral("library/grouping"), to_name(model_->grouping())},
      {QStringLiteral("library/closed"), dock_->closedGroups()},
      {QStringLiteral("page/records"), dock_->selectedRecords() + awaited_},
      {QStringLiteral("page/layout"), json(page_->saveLayout())},
      {QStringLiteral("page/view"), json(page_->saveView())},
      {QStringLiteral("launch/text"), launch_->text()},
      {QStringLiteral("launch/runs"), launch_->runsFolder()},
      {QStringLiteral("launch/places"), json(save_places(launch_))},
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
  settings_->load();
  // Undo cannot bring these servers back any more.
  if (settings.status() == QSettings::NoError) {
    QThreadPool::globalInstance()->start(
        [cache = servers_cache(), kept = settings_->now().servers] { forget_copies(cache, kept); });
  }
  applyLanguage();
  apply_color_scheme(color_scheme_from(settings_->now().look));
  if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray())) resize(first_size);
  keep_on_screen(this);
  restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), layout_version);
  dock_->restoreColumns(settings.value(QStringLiteral("library/columns")).toByteArray());
  dock_->setGrouping(grouping_from(settings.value(QStringLiteral("library/grouping")).toString()));
  dock_->setClosedGroups(settings.value(QStringLiteral("library/closed")).toStringList());
  const auto json = [&](const char* key) {
    return QJsonDocument::fromJson(settings.value(QLatin1String(key)).toString().toUtf8()).object();
  };
  restore_places(dock_, json("library/places"));
  restore_places(launch_, json("launch/places"));
  views_->quietly([&] { page_->restoreLayout(json("page/layout")); });
  page_->restoreView(json("page/view"));
  const QString text = settings.value(QStringLiteral("launch/text")).toString();
  if (!text.isEmpty()) launch_->setText(text);
  if (settings.value(QStringLiteral("window/new")).toBool()) stack_->setCurrentWidget(launch_);
  launch_->setRunsFolder(settings.value(QStringLiteral("launch/runs")).toString());
  awaited_ = settings.value(QStringLiteral("page/records")).toStringList();
  for (const auto& file : settings.value(QStringLiteral("library/files")).toStringList()) library_->addFile(file);
  // The first time, and where nothing was ever said about folders.
  const QString folders = QStringLiteral("library/folders");
  library_->setFolders(settings.contains(folders) ? settings.value(folders).toStringList() : QStringList(runs_home()));
}

}  // namespace bandscope::app
