// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a server: what waits there in its order, and what can be done about it. Everything is asked of the
// server; what it then says is shown.
#pragma once

#include <QWidget>
#include <functional>
#include <optional>

#include "core/queue/queue.h"
#include "core/serve/protocol.h"

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;
class QTreeWidget;

namespace bandscope::app {

class ServerRuns;
class Servers;

class ServerQueueView : public QWidget {
  Q_OBJECT

 public:
  explicit ServerQueueView(Servers* servers, QWidget* parent = nullptr);
  /// The id of the server; empty: none.
  void setServer(const QString& server);
  /// Selects this run where it is in the queue.
  void choose(const QString& run);
  QTreeWidget* list() const { return list_; }

 Q_SIGNALS:
  /// Something could not be done, and why.
  void said(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();
  void writeRows(const queue::Queue& queue);
  void updateButtons();
  void fillLimits();
  void move(int by);
  void takeOut();
  void ask(wire::Json fields);
  const queue::Queue* queue() const;
  QString selected() const;

  Servers* servers_;
  QString server_;
  QLabel* title_;
  QToolButton *pause_, *limits_;
  QTreeWidget* list_;
  QPushButton *up_, *down_, *out_;
};

/// Its window. It goes when it is closed.
void open_server_queue(Servers* servers, const QString& server, QWidget* parent,
                       const std::function<void(const QString&)>& say);

}  // namespace bandscope::app
