// SPDX-License-Identifier: GPL-3.0-or-later
// Servers in the window: their runs in the library, their states in its groups.
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/server/remote_page.h"
#include "app/server/servers.h"
#include "app/shell/main_window.h"

namespace bandscope::app {

void MainWindow::connectServers() {
  connect(servers_, &Servers::runsChanged, this, [this] { library_->setElsewhere(servers_->entries()); });
  connect(servers_, &Servers::grown, page_->loader(), &RunLoader::lookNow);
  connect(servers_, &Servers::replaced, page_->loader(), &RunLoader::readAnew);
  connect(servers_, &Servers::changed, this, &MainWindow::serversChanged);
  connect(remote_, &RemotePage::said, this, [this](const QString& text) { say(text); });
}

void MainWindow::serversChanged() {
  QStringList ids;
  for (const ServerLink* link : servers_->links()) ids << link->address().id;
  model_->setServers(ids, [this](const QString& id) {
    const ServerLink* link = servers_->link(id);
    if (!link) return RunModel::ServerText{id, {}, {}};
    const QString problem = servers_->problem(id);
    return RunModel::ServerText{link->address().name, link->stateWords(),
                                problem.isEmpty() ? QString() : link->title() + QStringLiteral("\n") + problem};
  });
}

}  // namespace bandscope::app
