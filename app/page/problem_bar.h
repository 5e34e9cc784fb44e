// SPDX-License-Identifier: GPL-3.0-or-later
// A bar under the charts that says what is wrong, with an action, instead of a dialog.
#pragma once

#include <QFrame>
#include <functional>
#include <vector>

class QLabel;
class QToolButton;
class QPushButton;

namespace bandscope::app {

struct Problem {
  enum class Kind { note, warning, error } kind = Kind::note;
  QString text;    ///< a sentence
  QString action;  ///< text of the button; empty: none
  std::function<void()> act;
  bool operator==(const Problem& other) const {
    return kind == other.kind && text == other.text && action == other.action;
  }
};

/// Shows the gravest problem, says how many more there are; a closed one comes back only when its text changes.
class ProblemBar : public QFrame {
  Q_OBJECT

 public:
  explicit ProblemBar(QWidget* parent = nullptr);
  void setProblems(std::vector<Problem> problems);
  QString text() const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();

  std::vector<Problem> problems_;
  QStringList closed_;
  QLabel* label_;
  QPushButton* action_;
  QToolButton* close_;
  int shown_ = -1;
};

}  // namespace bandscope::app
