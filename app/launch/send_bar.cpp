// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/send_bar.h"

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include "app/base/amounts.h"
#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"

namespace bandscope::app {
namespace {

constexpr int bar_range = 1000;

}  // namespace

SendBar::SendBar(QWidget* parent)
    : QWidget(parent), said_(new ElidedLine(this)), bar_(new QProgressBar(this)), cancel_(new QPushButton(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid);
  said_->setObjectName(QStringLiteral("sending"));
  bar_->setRange(0, bar_range);
  bar_->setTextVisible(false);
  bar_->setFixedWidth(20 * grid);
  layout->addWidget(said_, 1);
  layout->addWidget(bar_);
  layout->addWidget(cancel_);
  connect(cancel_, &QPushButton::clicked, this, &SendBar::cancel);
  connect(&sender_, &FileSender::progressed, this, &SendBar::write);
  connect(&sender_, &FileSender::finished, this, &SendBar::finished);
  write();
}

void SendBar::send(ServerLink* server, const QString& root, const QString& file, const QString& key) {
  server_ = server;
  key_ = key;
  sender_.send(server, root, file);
}

void SendBar::cancel() {
  if (!sender_.busy()) return;
  sender_.cancel();
  Q_EMIT ended();
}

QString SendBar::said() const { return said_->whole(); }

void SendBar::finished() {
  const bool there = sender_.phase() == FileSender::Phase::done;
  const QString path = there && server_ ? spec_path(*server_, sender_.place()) : QString();
  if (!there) {
    Q_EMIT failed(key_, sender_.problem());
  } else if (path.isEmpty()) {
    Q_EMIT failed(key_, Message::tr("the server does not say where its folders lie; its engine is too old"));
  } else {
    Q_EMIT sent(key_, path);
  }
  Q_EMIT ended();
}

void SendBar::write() {
  setVisible(sender_.busy());
  if (!sender_.busy()) return;
  const QString file = QFileInfo(sender_.file()).fileName();
  const QString name = server_ ? server_->address().name : QString();
  const double share = sender_.bytes() > 0 ? double(sender_.done()) / double(sender_.bytes()) : 0;
  bar_->setValue(int(bar_range * share));
  const QString amount = tr("%1 of %2").arg(bytes_text(double(sender_.done())), bytes_text(double(sender_.bytes())));
  switch (sender_.phase()) {
    case FileSender::Phase::reading:
      said_->setWhole(tr("Reading %1 before it is sent…").arg(file));
      break;
    case FileSender::Phase::waiting:
      said_->setWhole(tr("%1 is not reached; %2 goes on from %3 once it is").arg(name, file, amount));
      break;
    default:
      said_->setWhole(tr("Sending %1 to %2: %3").arg(file, name, amount));
      break;
  }
  cancel_->setText(tr("Stop sending"));
  bar_->setAccessibleName(said_->whole());
}

void SendBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) write();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
