// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/remote_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "app/server/server_queue_view.h"
#include "app/server/servers.h"

namespace bandscope::app {

RemotePage::RemotePage(Servers* servers, QWidget* parent)
    : QWidget(parent),
      servers_(servers),
      title_(new QLabel(this)),
      state_(new QLabel(this)),
      again_(new QPushButton(this)),
      queue_(new ServerQueueView(servers, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  title_->setFont(heading_font(font()));
  for (auto* label : {title_, state_}) {
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    layout->addWidget(label);
  }
  state_->setObjectName(QStringLiteral("remote-state"));
  again_->setObjectName(QStringLiteral("connect-again"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(again_);
  buttons->addStretch(1);
  layout->addLayout(buttons);
  layout->addWidget(queue_, 1);
  layout->addStretch(1);
  connect(again_, &QPushButton::clicked, this, [this] {
    if (auto* link = run_ ? servers_->link(run_->server) : nullptr) link->tryNow();
  });
  connect(queue_, &ServerQueueView::said, this, &RemotePage::said);
  connect(servers_, &Servers::changed, this, &RemotePage::write);
  connect(servers_, &Servers::runsChanged, this, &RemotePage::write);
}

void RemotePage::setRun(const RunEntryPtr& run) {
  const bool another = !run_ || run_->found.record != run->found.record;
  run_ = run;
  write();
  if (another) queue_->choose(run->there);
}

QString RemotePage::why() const {
  const auto* link = servers_->link(run_->server);
  if (!link) return tr("Its server is not among those of the settings any more.");
  if (link->state() == ServerLink::State::connecting) return tr("%1 is being connected to…").arg(link->address().name);
  if (!link->ready()) {
    return tr("%1. There is no copy of this run here yet; it is fetched when the server is reached. %2")
        .arg(link->title(), servers_->problem(run_->server));
  }
  if (run_->queued) {
    switch (run_->state) {
      case ShownState::failed:
        return tr("It did not start: %1").arg(translated_sentence(run_->reason));
      case ShownState::waiting: {
        const QString name = link->address().name;
        if (!run_->reason.empty()) return tr("It waits on %1: %2").arg(name, translated_sentence(run_->reason));
        const auto& queue = servers_->runs(run_->server)->queue();
        return queue && queue->paused ? tr("It waits in the queue of %1, which is paused.").arg(name)
                                      : tr("It waits in the queue of %1.").arg(name);
      }
      default:
        return tr("Starting on %1: the engine reads model and data; its record appears then.")
            .arg(link->address().name);
    }
  }
  if (!run_->standing.empty()) return translated_sentence(run_->standing);
  if (!run_->error.empty()) return translated_sentence(run_->error);
  return tr("Its record is being fetched from %1…").arg(link->address().name);
}

void RemotePage::write() {
  if (!run_) return;
  QStringList title{run_->title()};
  for (const auto& part : {run_->objective, run_->model, run_->data}) {
    if (!part.isEmpty()) title << part;
  }
  title_->setText(title.join(QStringLiteral("  ·  ")));
  state_->setText(why());
  const auto* link = servers_->link(run_->server);
  again_->setText(tr("Try again now"));
  again_->setVisible(link && (link->state() == ServerLink::State::lost || link->state() == ServerLink::State::failed));
  queue_->setServer(run_->queued ? run_->server : QString());
  queue_->setVisible(run_->queued);
}

void RemotePage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) write();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
