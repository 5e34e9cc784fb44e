// SPDX-License-Identifier: GPL-3.0-or-later
// A prompt over its answers, side by side, one for each model; below them the data's own two where it is a pair's.
#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "app/answers/answer_log.h"

class QLabel;
class QPlainTextEdit;
class QScrollArea;
class QSplitter;

namespace bandscope::app {

class ElidedLine;

class AnswerBoard : public QWidget {
  Q_OBJECT

 public:
  explicit AnswerBoard(AnswerLog* log, QWidget* parent = nullptr);

  /// Shows this row of the log; nullopt: none, and what to do.
  void setRow(std::optional<int> row);
  std::optional<int> row() const { return row_; }
  /// What is shown of the answer in this column, and of the data's own, for tests.
  QString text(int column) const;
  QString state(int column) const;
  QString name(int column) const;  ///< rich text: with the run's colour
  QString chosen() const;
  QString rejected() const;
  int columns() const { return int(panes_.size()); }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Pane {
    QWidget* box;
    ElidedLine* state;
    QLabel* name;
    QPlainTextEdit* text;
  };

  void translate();
  Pane pane(QSplitter* beside) const;
  void build(std::size_t count);
  void writeAll();
  void write(int column);
  void flush();

  AnswerLog* log_;
  QPlainTextEdit* question_;
  QLabel* empty_;
  QSplitter* whole_;
  QScrollArea* area_;
  QSplitter* beside_;
  std::vector<Pane> panes_;
  QSplitter* below_;
  std::array<Pane, 2> own_;  ///< chosen and rejected
  std::optional<int> row_;
  std::set<int> stale_;  ///< columns that have more text than is shown
  QTimer soon_;          ///< joins the pieces that come within one picture
};

}  // namespace bandscope::app
