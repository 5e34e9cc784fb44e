// SPDX-License-Identifier: GPL-3.0-or-later
// Servers in the window: their runs in the library, their states in its groups, and what is done to those runs.
#include <QLabel>
#include <QMenu>
#include <QStackedWidget>

#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/server/remote_page.h"
#include "app/server/server_channel.h"
#include "app/server/server_edits.h"
#include "app/server/server_files.h"
#include "app/server/server_orders.h"
#include "app/server/server_queue_view.h"
#include "app/server/servers.h"
#include "app/shell/main_window.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"

namespace bandscope::app {

void MainWindow::connectServers() {
  const ServerLinks links = [this](const QString& id) { return servers_->link(id); };
  server_edits_ = std::make_unique<ServerEdits>(links, [this](const QString& id) { return servers_->runs(id); });
  server_files_ = std::make_unique<ServerFiles>(links);
  server_orders_ = std::make_unique<ServerOrders>(links);
  dock_->edits()->setElsewhere(server_edits_.get());
  page_->setElsewhere(server_files_.get());
  page_->controls()->setChannels(
      [links](const RunEntry& run) { return std::make_shared<ServerChannel>(links, run.server, run.there); });
  connect(servers_, &Servers::runsChanged, this, [this] {
    library_->setElsewhere(servers_->entries());
    // Hidden it looks at the names when it is shown.
    if (launch_->isVisible()) launch_->checkNames();
  });
  connect(servers_, &Servers::grown, page_->loader(), &RunLoader::lookNow);
  connect(servers_, &Servers::replaced, page_->loader(), &RunLoader::readAnew);
  connect(servers_, &Servers::changed, this, &MainWindow::serversChanged);
  launch_->setTaken([this](const QString& server, const QString& name) {
    const ServerRuns* runs = servers_->runs(server);
    return runs && runs->holds(name);
  });
  connect(launch_, &LaunchPage::startedElsewhere, this, [this](const QString& server, const QStringList& names) {
    const ServerLink* link = servers_->link(server);
    if (!link) return;
    pending_ = names.isEmpty() ? QStringList() : QStringList{link->mirrorOf(names.front())};
    say(tr("%1: given to %2.").arg(names.join(QStringLiteral(", ")), link->address().name));
    // Where runs were given to another server since, the page is to say what became of those.
    if (!launch_->handingOver())
      stack_->setCurrentWidget(page_->shown().empty() ? static_cast<QWidget*>(welcome_) : page_);
    selectPending();
    updateActions();
  });
  connect(dock_, &RunsDock::serverMenuAsked, this,
          [this](QMenu* menu, const QString& server) { fillServerMenu(*menu, server); });
  connect(remote_, &RemotePage::said, this, [this](const QString& text) { say(text); });
}

void MainWindow::fillServerMenu(QMenu& menu, const QString& server) {
  auto* link = servers_->link(server);
  if (!link) return;
  menu.addAction(tr("Queue of %1…").arg(link->address().name), this, [this, server] {
    open_server_queue(servers_, server, this, [this](const QString& text) { say(text); });
  });
  if (!link->ready()) menu.addAction(tr("Try to reach it again"), link, &ServerLink::tryNow);
  menu.addAction(tr("Settings…"), this, &MainWindow::askSettings);
}

void MainWindow::serversChanged() {
  launch_->setPlaces(servers_->links());
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

/// Goes on with a run on a server, or trains its spec once more there.
void MainWindow::startThere(const RunEntryPtr& run, bool resume) {
  const auto done = [this, run, resume](const QStringList& names, const Message& problem) {
    const QString own = run->found.name;
    if (!problem.empty()) {
      return say(resume ? tr("%1 does not go on: %2.").arg(own, translated(problem))
                        : tr("%1 is not run again: %2.").arg(own, translated(problem)),
                 0);
    }
    say(resume ? tr("%1 goes on, on %2.").arg(own, run->server_name)
               : tr("%1 is started on %2.").arg(names.join(QStringLiteral(", ")), run->server_name));
  };
  if (resume) return server_orders_->resume(*run, ServerOrders::Placing::start, this, done);
  const ServerRuns* runs = servers_->runs(run->server);
  if (!runs) return;
  const QString free = runs->freeName(*run, run->found.name);
  if (free.isEmpty())
    return say(tr("%1 is not run again: no name like it is free on %2.").arg(run->found.name, run->server_name), 0);
  server_orders_->again(*run, free, ServerOrders::Placing::start, this, done);
}

void MainWindow::cloneThere(const RunEntryPtr& run) {
  server_orders_->spec(*run, this, [this, run](const QString& toml, const Message& problem) {
    if (!problem.empty()) return say(tr("%1 is not cloned: %2.").arg(run->found.name, translated(problem)), 0);
    try {
      const ServerRuns* runs = servers_->runs(run->server);
      SpecText spec(toml);
      spec.remove(QStringLiteral("run.resume"));
      if (runs) spec.set(QStringLiteral("run.name"), toml_quoted(runs->freeName({}, run->found.name)));
      newExperiment();
      launch_->choosePlace(run->server);
      launch_->openClone(spec.text(), run->found.name);
    } catch (const Error& error) {
      say(tr("%1 is not cloned: %2.").arg(run->found.name, translated(error)), 0);
    }
  });
}

}  // namespace bandscope::app
