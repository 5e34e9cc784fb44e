// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment in the real window, with a folder for runs, a model and data of its own.
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/base/elided_line.h"
#include "app/launch/launch_page.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/shell/main_window.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"

namespace bandscope::testing {

class FormBox {
 public:
  /// Before the first window.
  void settleIn() {
    qputenv("XDG_DATA_HOME", path(QStringLiteral("data")).toUtf8());
    QCoreApplication::setOrganizationName(QStringLiteral("bandscope-test"));
    QCoreApplication::setApplicationName(QStringLiteral("bandscope-test-form"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_model(model());
    write_file(data(), hh_rows(64));
  }
  /// Before each test: neither settings nor runs.
  void clear() {
    QSettings().clear();
    QDir(path(QStringLiteral("runs"))).removeRecursively();
  }
  QString path(const QString& name) const { return folder_.filePath(name); }
  QString model() const { return path(QStringLiteral("model")); }
  QString data() const { return path(QStringLiteral("pairs.jsonl")); }
  /// A run of this name that is there already.
  void makeRun(const QString& name) const {
    const QString folder = path(QStringLiteral("runs/") + name);
    QDir().mkpath(folder);
    write_file(folder + QStringLiteral("/run.h5"), "x");
  }

  /// Whether the window is open and active, on a new experiment.
  [[nodiscard]] bool open(QSize size = QSize(790, 700)) {
    window = std::make_unique<app::MainWindow>();
    window->restoreSession();
    window->resize(size);
    window->show();
    window->activateWindow();
    if (!QTest::qWaitForWindowActive(window.get())) return false;
    page()->setRunsFolder(path(QStringLiteral("runs")));
    window->newExperiment();
    settle();
    return true;
  }
  static void settle() {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents();
  }

  app::LaunchPage* page() const { return window->launch(); }
  app::SpecForm* form() const { return page()->form(); }
  QWidget* body() const { return form()->widget(); }
  QLineEdit* line(const char* key) const { return page()->findChild<QLineEdit*>(QLatin1String(key)); }
  /// What stands below the field of this key.
  QString note(const char* key) const {
    return form()->field(QLatin1String(key))->findChild<app::ElidedLine*>()->whole();
  }
  QList<app::SpecField*> fields() const {
    QList<app::SpecField*> all;
    for (const auto& key : spec_keys()) {
      auto* field = form()->field(QString::fromStdString(key.key));
      if (field && field->isVisible()) all << field;
    }
    return all;
  }
  /// Where everything in the form stands.
  QList<QRect> places() const {
    QList<QRect> all;
    for (const auto* widget : body()->findChildren<QWidget*>()) {
      // A field shows and hides a button in itself.
      if (widget->isVisible() && !qobject_cast<QLineEdit*>(widget->parentWidget()))
        all << QRect(widget->mapTo(window.get(), QPoint()), widget->size());
    }
    return all;
  }

  std::unique_ptr<app::MainWindow> window;

 private:
  QTemporaryDir folder_;
};

}  // namespace bandscope::testing
