// SPDX-License-Identifier: GPL-3.0-or-later
// What the settings do to the window. Menus and dialog change the one Settings object; what it says is done here.
#include <QApplication>
#include <QLocale>
#include <QTranslator>
#include <QUndoStack>
#include <utility>

#include "app/base/color_scheme.h"
#include "app/base/undo.h"
#include "app/launch/launch_page.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/page/view_undo.h"
#include "app/queue/run_queue.h"
#include "app/server/servers.h"
#include "app/settings/settings.h"
#include "app/settings/settings_dialog.h"
#include "app/shell/actions.h"
#include "app/shell/autosave.h"
#include "app/shell/main_window.h"

/// Resources of a static library are linked only when they are asked for; the macro must stand outside of namespaces.
static void use_resources() {
  Q_INIT_RESOURCE(bandscope_app_translations);
  Q_INIT_RESOURCE(bandscope);
}

namespace bandscope::app {
namespace {

void check(QActionGroup* group, const QString& value) {
  for (auto* action : group->actions()) {
    if (action->data().toString() == value) action->setChecked(true);
  }
}

}  // namespace

void MainWindow::setLanguage(const QString& language) {
  Preferences next = settings_->now();
  next.language = language;
  settings_->set(next);
  if (!translator_) applyLanguage();
}

void MainWindow::setColorSchemeName(const QString& name) {
  Preferences next = settings_->now();
  next.look = to_name(color_scheme_from(name));
  settings_->set(next);
}

void MainWindow::applyLanguage() {
  use_resources();
  const QString& language = settings_->now().language;
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

void MainWindow::preferencesChanged(const Preferences& before) {
  const Preferences& now = settings_->now();
  if (now.language != before.language) applyLanguage();
  check(actions_->looks, now.look);
  if (now.look != before.look) apply_color_scheme(color_scheme_from(now.look));
  apply_chart_style(now.palette, now.chart_text);
  // It is undone with the settings, not as a change of the view.
  if (now.smoothing != before.smoothing) views_->quietly([&] { page_->setUsualSmoothing(now.smoothing); });
  page_->setFollows(now.follow);
  if (now.charts_ms != before.charts_ms) page_->loader()->setInterval(now.charts_ms);
  if (now.library_ms != before.library_ms) library_->setInterval(now.library_ms);
  dock_->edits()->setAsks(now.ask_delete);
  if (now.engine != before.engine) {
    launch_->planAgain();
    queue_->useEngine();
  }
  if (now.servers != before.servers) servers_->setAddresses(now.servers);
}

AppSettings MainWindow::appSettings() const {
  AppSettings now{settings_->now(), library_->folders(), launch_->runsFolder(), {}};
  for (const auto& device : queue_->devices()) now.at_once[device] = queue_->atOnce(device);
  return now;
}

/// What differs only: the rest may have changed since.
void MainWindow::changeSettings(const AppSettings& from, const AppSettings& to) {
  settings_->set(with_change(settings_->now(), from.preferences, to.preferences));
  if (from.folders != to.folders) library_->setFolders(to.folders);
  if (from.runs != to.runs) launch_->setRunsFolder(to.runs);
  for (const auto& [device, count] : to.at_once) {
    const auto old = from.at_once.find(device);
    if (old == from.at_once.end() || old->second != count) queue_->setAtOnce(device, count);
  }
  autosave_->touch();
}

void MainWindow::askSettings() {
  const AppSettings before = appSettings();
  auto* dialog = new SettingsDialog(before, defaultRunsFolder(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, before] {
    const AppSettings after = dialog->values();
    if (after == before) return;
    const auto change = [this](const AppSettings& from, const AppSettings& to) {
      return [this, from, to] {
        changeSettings(from, to);
        return true;
      };
    };
    undo_->push(new Change(tr("settings"), change(before, after), change(after, before)));
  });
  dialog->open();
}

}  // namespace bandscope::app
