// SPDX-License-Identifier: GPL-3.0-or-later
// A button that says what is ticked in its menu, as a combo box says what is chosen. The menu stays open meanwhile.
#pragma once

#include <QToolButton>

namespace bandscope::app {

class TickButton : public QToolButton {
  Q_OBJECT

 public:
  /// `elide`: where a text without room is cut.
  explicit TickButton(Qt::TextElideMode elide, QWidget* parent = nullptr);

  /// Text as it is: an ampersand in it is no key.
  void setPlain(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Qt::TextElideMode elide_;
};

}  // namespace bandscope::app
