// SPDX-License-Identifier: GPL-3.0-or-later
// The real window over three recorded runs, for tests of what a reader sees and changes.
#pragma once

#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/page/chart_tab.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

namespace bandscope::testing {

class ViewsBox {
 protected:
  /// Before the first window; settings are those of `program`.
  void settle(const char* program) {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QString::fromLatin1(program));
    QCoreApplication::setApplicationName(QString::fromLatin1(program));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_run(runs(), {.name = "dpo", .steps = 120});
    make_run(runs(), {.name = "dpo-rc", .calibrated = true, .steps = 120});
    make_run(runs(), {.name = "kto", .objective = "kto", .steps = 60});
  }
  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString path(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }
  app::RunPage* page() const { return window_->page(); }
  viz::DynamicsView* view() const { return page()->chartTabs().front()->view(); }
  bool shows(const QStringList& records) const {
    if (page()->records() != records) return false;
    const auto all = page()->loader()->runs();
    return std::size_t(records.size()) == all.size() && !all.front()->steps.empty();
  }
  void openFresh(const QStringList& paths) {
    window_ = std::make_unique<app::MainWindow>();
    window_->resize(1280, 800);
    window_->open(paths);
    window_->show();
  }

  QTemporaryDir folder_;
  std::unique_ptr<app::MainWindow> window_;
};

}  // namespace bandscope::testing
