// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/where_choice.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSettings>
#include <QStandardItemModel>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/server/server_devices.h"

namespace bandscope::app {
namespace {

const QString where_key = QStringLiteral("launch/where");
constexpr int where_label_width = 144;
constexpr int longest_reason = 60, devices_beside = 4, devices_in_tip = 16;

}  // namespace

WhereChoice::WhereChoice(QWidget* parent)
    : QWidget(parent),
      label_(new QLabel(this)),
      choice_(new QComboBox(this)),
      about_(new ElidedLine(this)),
      wanted_(QSettings().value(where_key).toString()),
      id_(wanted_) {
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(2 * grid, 0, 2 * grid, grid / 2);
  layout->setHorizontalSpacing(grid / 2);
  layout->setVerticalSpacing(1);
  layout->setColumnStretch(1, 1);
  label_->setFixedWidth(where_label_width);
  label_->setBuddy(choice_);
  choice_->setObjectName(QStringLiteral("where"));
  choice_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  choice_->setMinimumContentsLength(16);
  about_->setObjectName(QStringLiteral("where-about"));
  about_->setForegroundRole(QPalette::PlaceholderText);
  layout->addWidget(label_, 0, 0);
  layout->addWidget(choice_, 0, 1);
  layout->addWidget(about_, 1, 1);
  connect(choice_, &QComboBox::activated, this, [this](int row) { choose(choice_->itemData(row).toString()); });
  fill();
}

void WhereChoice::setServers(const std::vector<ServerLink*>& servers) {
  if (known_ && std::ranges::equal(servers, servers_, [](auto* one, const auto& other) { return other == one; }))
    return write();
  for (const auto& server : servers_) {
    if (server) server->disconnect(this);
  }
  servers_.assign(servers.begin(), servers.end());
  known_ = true;
  for (auto* server : servers) {
    connect(server, &ServerLink::stateChanged, this, [this, server] {
      write();
      if (server == this->server()) Q_EMIT stateChanged();
    });
    connect(server, &QObject::destroyed, this, [this] {
      std::erase_if(servers_, [](const QPointer<ServerLink>& one) { return one.isNull(); });
      fill();
      followWanted();
    });
  }
  fill();
  followWanted();
}

/// The server that was chosen, where there is one of this id.
void WhereChoice::followWanted() {
  const bool there =
      std::ranges::any_of(servers_, [this](const auto& one) { return one && one->address().id == wanted_; });
  if (known_ && !there) return take({});
  if (id_ == wanted_) {
    write();
    Q_EMIT stateChanged();
  } else {
    take(wanted_);
  }
}

void WhereChoice::take(const QString& id) {
  if (id == id_) return write();
  const QString before = std::exchange(id_, id);
  write();
  Q_EMIT chosen(before);
}

bool WhereChoice::choose(const QString& id) {
  const bool there =
      id.isEmpty() || std::ranges::any_of(servers_, [&](const auto& one) { return one && one->address().id == id; });
  if (!there) return false;
  wanted_ = id;
  QSettings().setValue(where_key, id);
  take(id);
  return true;
}

ServerLink* WhereChoice::server() const {
  for (const auto& server : servers_) {
    if (server && elsewhere() && server->address().id == id_) return server;
  }
  return nullptr;
}

Message WhereChoice::problem() const {
  if (!elsewhere() || reached()) return {};
  const auto* chosen = server();
  if (!chosen) return Message::tr("The server is not known yet.");
  const std::string name = chosen->address().name.toStdString();
  if (chosen->problem().empty()) return Message::tr("%1 is being connected to…", name);
  return Message::tr("%1 is not reached: %2", name, chosen->problem());
}

/// The entries; what they say is write()'s.
void WhereChoice::fill() {
  const QSignalBlocker quiet(choice_);
  choice_->clear();
  choice_->addItem(QString(), QString());
  for (const auto& server : servers_) {
    if (server) choice_->addItem(QString(), server->address().id);
  }
  if (!known_ && elsewhere()) choice_->addItem(QStringLiteral("…"), id_);
  write();
}

void WhereChoice::write() {
  label_->setText(tr("Where"));
  choice_->setAccessibleName(tr("Machine to train on"));
  choice_->setItemText(0, tr("This machine"));
  auto* model = qobject_cast<QStandardItemModel*>(choice_->model());
  for (const auto& server : servers_) {
    const int row = server ? choice_->findData(server->address().id) : -1;
    if (row < 0) continue;
    const QString why = translated(server->problem());
    QString text = server->title();
    if (server->state() == ServerLink::State::idle) text = tr("%1: not connected").arg(text);
    if (!why.isEmpty()) text += QStringLiteral(" — ") + one_line(why, longest_reason);
    choice_->setItemText(row, text);
    choice_->setItemData(row, plain_text(server->ready() ? devices_text(server->hello(), devices_in_tip) : why),
                         Qt::ToolTipRole);
    if (model) model->item(row)->setEnabled(server->ready());
  }
  {
    const QSignalBlocker quiet(choice_);
    choice_->setCurrentIndex(std::max(0, choice_->findData(id_)));
  }
  setVisible(choice_->count() > 1);
  const auto* chosen = server();
  QString about;
  if (chosen) about = chosen->ready() ? devices_text(chosen->hello(), devices_beside) : translated(chosen->problem());
  about_->setWhole(about);
  about_->setVisible(elsewhere());
}

void WhereChoice::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) write();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
