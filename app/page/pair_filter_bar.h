// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked for among the pairs of a table, and what is done with those that are shown.
#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <array>

#include "app/page/pair_order.h"

class QAction;
class QComboBox;
class QLineEdit;
class QToolButton;

namespace bandscope::app {

class PairFilterBar : public QWidget {
  Q_OBJECT

 public:
  explicit PairFilterBar(QWidget* parent = nullptr);

  /// Names of two runs that stand beside each other: each has a pathway and a band of its own. Empty: one run.
  void setRuns(const QStringList& runs);
  /// What is chosen; lines of a text that is looked for are found elsewhere.
  PairFilter filter() const;
  /// Text that is looked for; empty: none.
  QString text() const;
  void clear();
  /// Nothing can be saved while something is.
  void setSaving(bool saving);

 Q_SIGNALS:
  void changed();
  void saveAsked(bool with_texts);
  void copyAsked();

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void translate();
  void fillBand();

  QLineEdit* search_;
  std::array<QComboBox*, 2> pathway_;
  QComboBox* band_;
  QToolButton* export_;
  QAction *save_, *save_texts_, *copy_;
  QStringList runs_;
  QTimer soon_;  ///< joins the letters of a word
};

}  // namespace bandscope::app
