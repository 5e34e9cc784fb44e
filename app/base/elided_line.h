// SPDX-License-Identifier: GPL-3.0-or-later
// One line of text in the room there is: cut with "…" where it is longer, and whole in its tooltip then. It never asks
// for more width, and its height is the same with and without a text. Its menu copies the whole text.
#pragma once

#include <QLabel>

class QAction;

namespace bandscope::app {

class ElidedLine : public QLabel {
  Q_OBJECT

 public:
  explicit ElidedLine(QWidget* parent = nullptr);

  void setWhole(const QString& text);
  const QString& whole() const { return whole_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void fit();
  void translate();

  QString whole_;
  QAction* copy_;
};

}  // namespace bandscope::app
