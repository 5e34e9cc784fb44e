// SPDX-License-Identifier: GPL-3.0-or-later
// The real window with a server in it, whose line can be cut.
#pragma once

#include <QDir>
#include <QSettings>
#include <filesystem>
#include <memory>

#include "app/library/run_grouping.h"
#include "app/page/run_page.h"
#include "app/server/servers.h"
#include "tests/app/server_box.h"
#include "tests/app/window_box.h"

namespace bandscope::testing {

class RemoteBox {
 protected:
  /// Before the first window.
  void settle() {
    qputenv("XDG_CACHE_HOME", box_.path(QStringLiteral("cache")).toUtf8());
    box_.settle();
  }
  /// A server without runs, of which nothing is known.
  void renew() {
    for (const char* folder : {"far", "cache", "runs"}) QDir(box_.path(QLatin1String(folder))).removeRecursively();
    QDir().mkpath(box_.path(QStringLiteral("runs")));
    far_ = std::make_unique<ServerBox>(box_.path(QStringLiteral("far")));
    far_->settle();
    QSettings().remove(QStringLiteral("page"));  // what an earlier test had chosen
  }
  void connectFar() {
    box_.openRuns();
    window().servers()->setAddresses({far_->address()});
  }
  app::MainWindow& window() const { return *box_.window; }
  app::RunPage& page() const { return *window().page(); }
  app::ServerLink& link() const { return *window().servers()->link(QStringLiteral("far")); }
  std::filesystem::path there() const { return far_->runs().toStdString(); }
  QString copyOf(const char* name) const { return link().mirrorOf(QString::fromUtf8(name)); }
  app::RunEntryPtr run(const char* name) const { return window().model()->entry(window().model()->find(copyOf(name))); }
  QModelIndex group() const {
    for (int row = 0; row < window().model()->rowCount(); ++row) {
      const auto index = window().model()->index(row, 0);
      if (index.data(app::RunModel::GroupKeyRole) == app::server_group(QStringLiteral("far"))) return index;
    }
    return {};
  }
  QString groupText() const { return group().data().toString(); }

  WindowBox box_;
  std::unique_ptr<ServerBox> far_;
};

}  // namespace bandscope::testing
