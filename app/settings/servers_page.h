// SPDX-License-Identifier: GPL-3.0-or-later
// Settings > Servers: the machines that ssh reaches, and what is said of the one that is chosen.
#pragma once

#include <QList>
#include <QWidget>

#include "app/base/server_address.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace bandscope::app {

class ServersPage : public QWidget {
  Q_OBJECT

 public:
  explicit ServersPage(const QList<ServerAddress>& servers, QWidget* parent = nullptr);

  /// As they are written in the fields, without blanks around them.
  const QList<ServerAddress>& servers() const { return servers_; }
  /// Why these cannot be taken, as a sentence; empty where they can.
  QString problem() const;

 Q_SIGNALS:
  void changed();

 private:
  QWidget* buildList();
  QWidget* buildFields();
  QPlainTextEdit* foldersField(const QString& name, const QString& placeholder);
  void offerHosts(QLineEdit* line);
  void addItem(const ServerAddress& server);
  void add();
  void remove();
  void showRow(int row);
  static QString title(const ServerAddress& server);
  void take();
  void test();
  int row() const;

  QList<ServerAddress> servers_;
  QListWidget* list_ = nullptr;
  QPushButton *remove_ = nullptr, *test_ = nullptr;
  QStackedWidget* side_ = nullptr;
  QLineEdit *destination_ = nullptr, *name_ = nullptr, *engine_ = nullptr, *runs_ = nullptr;
  QPlainTextEdit *data_ = nullptr, *models_ = nullptr;
  QCheckBox *slurm_ = nullptr, *compress_ = nullptr;
  QLabel* removed_ = nullptr;
  bool showing_ = false;  ///< fields are being filled, not typed into
};

}  // namespace bandscope::app
