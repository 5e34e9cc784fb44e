// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of a data file one at a time, as the model will see them: the scored spans underlined, what is cut left out.
#pragma once

#include <QWidget>

#include "app/launch/data_summary.h"

class QLabel;
class QTextEdit;
class QToolButton;

namespace bandscope::app {

class PairExample : public QWidget {
  Q_OBJECT

 public:
  explicit PairExample(QWidget* parent = nullptr);

  /// Stays at the pair it shows while the same file is read on.
  void show(const DataSummary& look);
  int index() const { return index_; }
  QTextEdit* view() const { return text_; }
  QToolButton* nextButton() const { return next_; }
  QToolButton* previousButton() const { return previous_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void step(int by);
  void render();
  void translate();
  int lineAt(double height) const;

  DataSummary look_;
  int index_ = 0;
  QToolButton *previous_, *next_;
  QLabel* place_;
  QTextEdit* text_;
};

}  // namespace bandscope::app
