// SPDX-License-Identifier: GPL-3.0-or-later
// A data file on its way to a server: how far it is, and a button that stops it. Hidden while nothing is sent.
#pragma once

#include <QWidget>

#include "app/server/file_sender.h"

class QProgressBar;
class QPushButton;

namespace bandscope::app {

class ElidedLine;

class SendBar : public QWidget {
  Q_OBJECT

 public:
  explicit SendBar(QWidget* parent = nullptr);

  /// `key`: of the spec, for which the file is sent. An earlier file is sent no more.
  void send(ServerLink* server, const QString& root, const QString& file, const QString& key);
  void cancel();
  bool busy() const { return sender_.busy(); }
  const QString& key() const { return key_; }
  QString said() const;
  QPushButton* cancelButton() const { return cancel_; }

 Q_SIGNALS:
  /// The file is there: as a spec on that server calls it.
  void sent(const QString& key, const QString& path);
  void failed(const QString& key, const Message& why);
  /// Nothing is sent any more, whatever has become of it.
  void ended();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();
  void finished();

  FileSender sender_;
  QPointer<ServerLink> server_;
  QString key_;
  ElidedLine* said_;
  QProgressBar* bar_;
  QPushButton* cancel_;
};

}  // namespace bandscope::app
