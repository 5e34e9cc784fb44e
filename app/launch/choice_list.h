// SPDX-License-Identifier: GPL-3.0-or-later
// Several of a few options: a button that says which are chosen, with a menu that stays open while they are ticked.
#pragma once

#include <QStringList>
#include <QToolButton>

namespace bandscope::app {

class ChoiceList : public QToolButton {
  Q_OBJECT

 public:
  explicit ChoiceList(const QStringList& options, QWidget* parent = nullptr);

  /// In the order in which they were ticked. Unknown ones are kept, so that an error about them is not hidden.
  QStringList chosen() const { return chosen_; }
  /// No signal.
  void setChosen(const QStringList& chosen);

 Q_SIGNALS:
  void edited();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void showChosen();

  QStringList chosen_;
};

}  // namespace bandscope::app
