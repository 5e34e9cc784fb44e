// SPDX-License-Identifier: GPL-3.0-or-later
// A test of a connection as it goes: a line for each step, and what was said on the way.
#pragma once

#include <QDialog>
#include <array>

#include "app/server/connection_test.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace bandscope::app {

class ConnectionTestDialog : public QDialog {
  Q_OBJECT

 public:
  /// Starts the test, which ends with the dialog.
  explicit ConnectionTestDialog(const ServerAddress& server, QWidget* parent = nullptr);

  const ConnectionTest& test() const { return *test_; }

 public Q_SLOTS:
  void reject() override;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Row {
    QLabel *glyph = nullptr, *title = nullptr, *words = nullptr;
  };
  void write();

  ConnectionTest* test_;
  std::array<Row, ConnectionTest::steps> rows_;
  QLabel* said_title_;
  QPlainTextEdit* said_;
  QPushButton *again_, *close_;
};

}  // namespace bandscope::app
