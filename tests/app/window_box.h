// SPDX-License-Identifier: GPL-3.0-or-later
// The real window with an engine that stands for the real one, in a home of its own.
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/queue/run_queue.h"
#include "app/shell/main_window.h"
#include "tests/app/launch_samples.h"

namespace bandscope::testing {

class WindowBox {
 public:
  /// Before the first window.
  void settle() {
    qputenv("HOME", home_.path().toUtf8());
    qputenv("XDG_DATA_HOME", home_.filePath(QStringLiteral("data")).toUtf8());
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
    qputenv("FAKE_ENGINE_HOLD", home_.path().toUtf8());
    QCoreApplication::setOrganizationName(QStringLiteral("bandscope-test"));
    QCoreApplication::setApplicationName(QStringLiteral("bandscope-test"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, home_.path());
  }
  QString path(const QString& name) const { return home_.filePath(name); }
  QString record(const QString& name) const { return path(QStringLiteral("runs/") + name + QStringLiteral("/run.h5")); }
  std::filesystem::path runs() const { return path(QStringLiteral("runs")).toStdString(); }

  void open(const QStringList& paths = {}) {
    window = std::make_unique<app::MainWindow>();
    window->restoreSession();
    window->library()->setInterval(100);
    window->queue()->setInterval(50);
    window->resize(1280, 800);
    window->open(paths);
    window->show();
  }
  /// The window with the folder `runs` alone.
  void openRuns() {
    open();
    window->library()->setFolders({path(QStringLiteral("runs"))});
  }
  app::RunEntryPtr run(const QString& name) const {
    return window->model()->entry(window->model()->find(record(name)));
  }
  bool is(const QString& name, ShownState state) const {
    const auto entry = run(name);
    return entry && entry->read && entry->state == state;
  }
  /// What the fake engine waits for while the file is there.
  void hold(const char* what) const { write_file(path(QString::fromLatin1(what)), "x"); }
  void letGo(const char* what) const { QFile::remove(path(QString::fromLatin1(what))); }

  /// A spec file of one run of so many steps.
  QString spec(const QByteArray& name, int steps, const QByteArray& more = {}) const {
    const QString file = path(QString::fromUtf8(name) + QStringLiteral(".toml"));
    write_file(file, "[run]\nname = \"" + name +
                         "\"\ndevice = \"cpu\"\n[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n" +
                         "[training]\nsteps = " + QByteArray::number(steps) + "\n" + more);
    return file;
  }
  /// The open question of this name; its text, and then the button of this role is clicked. Empty: there is none.
  QString answer(const char* name, QMessageBox::ButtonRole role) const {
    auto* box = window->findChild<QMessageBox*>(QString::fromLatin1(name));
    if (!box) return {};
    const QString said = box->text() + QLatin1Char('\n') + box->informativeText();
    box->setObjectName(QStringLiteral("answered"));
    for (auto* button : box->buttons()) {
      if (box->buttonRole(button) == role) {
        button->click();
        break;
      }
    }
    return said;
  }

  std::unique_ptr<app::MainWindow> window;

 private:
  QTemporaryDir home_;
};

}  // namespace bandscope::testing
