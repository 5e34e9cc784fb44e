// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/layouts.h"

#include <QDockWidget>
#include <QInputDialog>
#include <QJsonDocument>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QSettings>
#include <QUndoStack>

#include "app/base/undo.h"
#include "app/page/run_page.h"
#include "app/page/view_undo.h"

namespace bandscope::app {
namespace {

constexpr int layout_version = 1;
constexpr int first_dock_width = 304;

QString key(const QString& name) { return QStringLiteral("layouts/") + QString::fromLatin1(name.toUtf8().toHex()); }

}  // namespace

Layouts::Layouts(QMainWindow* window, RunPage* page, QUndoStack* undo, ViewUndo* views, QMenu* menu)
    : QObject(window),
      window_(window),
      page_(page),
      undo_(undo),
      views_(views),
      menu_(menu),
      first_{{"page", page->saveLayout()}} {
  connect(menu_, &QMenu::aboutToShow, this, &Layouts::fill);
  translate();
}

void Layouts::translate() { menu_->setTitle(tr("La&yout")); }

QStringList Layouts::names() const {
  QSettings settings;
  settings.beginGroup(QStringLiteral("layouts"));
  QStringList names;
  for (const auto& name : settings.childKeys()) names << QString::fromUtf8(QByteArray::fromHex(name.toLatin1()));
  names.sort(Qt::CaseInsensitive);
  return names;
}

QJsonObject Layouts::now() const {
  return {{"window", QString::fromLatin1(window_->saveState(layout_version).toBase64())},
          {"page", page_->saveLayout()}};
}

void Layouts::show(const QJsonObject& layout) {
  if (layout.contains("window")) {
    window_->restoreState(QByteArray::fromBase64(layout.value("window").toString().toLatin1()), layout_version);
  } else {
    for (auto* dock : window_->findChildren<QDockWidget*>()) {
      dock->setFloating(false);
      window_->addDockWidget(Qt::LeftDockWidgetArea, dock);
      dock->show();
      window_->resizeDocks({dock}, {first_dock_width}, Qt::Horizontal);
    }
  }
  views_->quietly([&] { page_->restoreLayout(layout.value("page").toObject()); });
}

void Layouts::change(const QString& text, const QJsonObject& to) {
  const QJsonObject before = now();
  undo_->push(new Change(
      text,
      [this, to] {
        show(to);
        return true;
      },
      [this, before] {
        show(before);
        return true;
      }));
}

void Layouts::save(const QString& name) {
  QSettings().setValue(key(name), QString::fromUtf8(QJsonDocument(now()).toJson(QJsonDocument::Compact)));
}

void Layouts::take(const QString& name) {
  const auto layout = QJsonDocument::fromJson(QSettings().value(key(name)).toString().toUtf8()).object();
  if (!layout.isEmpty()) change(tr("layout “%1”").arg(name), layout);
}

void Layouts::remove(const QString& name) {
  const QVariant before = QSettings().value(key(name));
  if (!before.isValid()) return;
  undo_->push(new Change(
      tr("forget layout “%1”").arg(name),
      [name] {
        QSettings().remove(key(name));
        return true;
      },
      [name, before] {
        QSettings().setValue(key(name), before);
        return true;
      }));
}

void Layouts::reset() { change(tr("reset layout"), first_); }

void Layouts::fill() {
  menu_->clear();
  const auto all = names();
  for (const auto& name : all) {
    QString text = name;
    menu_->addAction(text.replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { take(name); });
  }
  if (!all.isEmpty()) menu_->addSeparator();
  menu_->addAction(tr("&Save layout as…"), this, &Layouts::askName);
  menu_->addAction(tr("&Reset layout"), this, &Layouts::reset);
  if (all.isEmpty()) return;
  auto* forget = menu_->addMenu(tr("&Forget"));
  for (const auto& name : all) forget->addAction(name, this, [this, name] { remove(name); });
}

void Layouts::askName() {
  auto* dialog = new QInputDialog(window_);
  dialog->setObjectName(QStringLiteral("layout-name"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Save layout"));
  dialog->setLabelText(tr("Name of the layout. One of the same name is replaced."));
  dialog->setTextValue(tr("My layout"));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    if (!name.trimmed().isEmpty()) save(name.trimmed());
  });
  dialog->open();
}

}  // namespace bandscope::app
