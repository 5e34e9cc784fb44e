// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of a spec for a server: paths and devices are that machine's.
#include <QFileDialog>
#include <QGridLayout>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "app/base/plain_text.h"
#include "app/launch/recent_paths.h"
#include "app/launch/remote_folder_dialog.h"
#include "app/launch/spec_field.h"
#include "app/server/server_devices.h"
#include "app/server/server_paths.h"
#include "app/spec/toml_literals.h"

namespace bandscope::app {
namespace {

constexpr std::size_t most_devices = 64;

}  // namespace

void SpecField::setPlace(const SpecPlace& place) {
  place_ = place;
  if (key_.key == "run.device") showDevices();
}

/// Beside the line there is a button while it is known what there is to choose from.
void SpecField::showDevices() {
  const auto* server = place_.reached();
  if (!pick_) {
    if (!server) return;
    pick_ = new QToolButton(this);
    pick_->setObjectName(QStringLiteral("pick"));
    pick_->setText(QStringLiteral("…"));
    pick_->setAccessibleName(tr("Choose %1").arg(label()));
    pick_->setToolTip(tr("Devices of the server"));
    pick_->setPopupMode(QToolButton::InstantPopup);
    recent_ = new QMenu(pick_);
    pick_->setMenu(recent_);
    connect(recent_, &QMenu::aboutToShow, this, &SpecField::fillDevices);
  }
  pick_->setVisible(server != nullptr);
  auto* const grid_layout = static_cast<QGridLayout*>(layout());
  for (QWidget* input : {input_, values_}) {
    grid_layout->removeWidget(input);
    grid_layout->addWidget(input, 0, 1, 1, server ? 1 : 2);
  }
  grid_layout->removeWidget(pick_);
  if (server) grid_layout->addWidget(pick_, 0, 2);
}

void SpecField::fillDevices() {
  recent_->clear();
  const auto add = [this](const QString& name, const QString& about) {
    auto* action = recent_->addAction(about.isEmpty() ? name : QStringLiteral("%1 — %2").arg(name, about));
    connect(action, &QAction::triggered, this, [this, name] {
      if (sweep_->isChecked()) sweep_->setChecked(false);
      line_->setText(name);
      Q_EMIT edited();
    });
  };
  add(toml_unquoted(QString::fromStdString(key_.default_text)), tr("the best there is"));
  const auto* server = place_.reached();
  if (!server) return;
  const auto& devices = server->hello().devices;
  for (std::size_t i = 0; i < devices.size() && i < most_devices; ++i) {
    add(device_name(devices[i]), device_about(devices[i]));
  }
}

void SpecField::fillRecentThere() {
  recent_->clear();
  auto* browse = recent_->addAction(tr("Choose on %1…").arg(place_.name()), this, &SpecField::browseThere);
  browse->setEnabled(place_.reached() != nullptr);
  if (kind() == PathKind::data) {
    auto* send = recent_->addAction(tr("This machine's file…"), this, &SpecField::browseToSend);
    send->setToolTip(tr("It is sent to %1 before the runs are started").arg(place_.name()));
    send->setEnabled(place_.reached() != nullptr);
  }
  recent_->addSection(tr("Used before"));
  const QStringList recent = recent_paths(kind(), place_.id);
  for (const auto& path : recent) {
    auto* action = recent_->addAction(plain_text(path));
    connect(action, &QAction::triggered, this, [this, path] { pick(path); });
  }
  if (recent.isEmpty()) recent_->addAction(tr("Nothing yet"))->setEnabled(false);
}

/// Null where it cannot be asked, which is said then.
ServerLink* SpecField::serverToAsk() {
  auto* server = place_.reached();
  if (!server) setError(Message::tr("%1 is not reached", place_.name().toStdString()));
  return server;
}

void SpecField::browseThere() {
  auto* server = serverToAsk();
  if (!server) return;
  const bool folder = kind() == PathKind::model || kind() == PathKind::benchmarks;
  const QString start = kind() == PathKind::tasks ? QString() : line_->text().trimmed();
  auto* dialog = new RemoteFolderDialog(
      server, folder ? RemoteFolderDialog::Kind::folder : RemoteFolderDialog::Kind::file_or_folder,
      kind() == PathKind::model ? QStringLiteral("models") : QStringLiteral("data"),
      start.isEmpty() ? recent_paths(kind(), place_.id).value(0) : start, window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  // The field may go while the dialog is open, and the place may be another one then.
  connect(dialog, &RemoteFolderDialog::chosen, this, [this, id = place_.id](const QString& path) {
    if (id == place_.id) pick(path);
  });
  dialog->open();
}

void SpecField::browseToSend() {
  auto* server = serverToAsk();
  if (!server) return;
  if (roots_of(*server, QStringLiteral("data")).isEmpty()) {
    return setError(Message::tr("%1 serves no folder of data that a file could be sent to; name one in the settings",
                                place_.name().toStdString()));
  }
  auto* dialog = new QFileDialog(this, tr("Choose a file to send to %1").arg(place_.name()),
                                 starting_folder(PathKind::data), dataFilter());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &SpecField::sendFile);
  dialog->open();
}

/// Into the only folder of data, or the one that is chosen.
void SpecField::sendFile(const QString& file) {
  auto* server = serverToAsk();
  if (!server) return;
  const QStringList roots = roots_of(*server, QStringLiteral("data"));
  if (roots.size() == 1) return Q_EMIT sendAsked(roots.front(), file);
  QStringList titles;
  for (const auto& root : roots) {
    const QString folder = root_folder(*server, root);
    titles << (folder.isEmpty() ? root : folder);
  }
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Choose a file to send to %1").arg(place_.name()));
  dialog->setLabelText(tr("Folder of data that it goes to"));
  dialog->setComboBoxItems(titles);
  connect(dialog, &QInputDialog::textValueSelected, this,
          [this, roots, titles, file, id = place_.id](const QString& to) {
            const auto at = titles.indexOf(to);
            if (at >= 0 && id == place_.id) Q_EMIT sendAsked(roots[at], file);
          });
  dialog->open();
}

}  // namespace bandscope::app
