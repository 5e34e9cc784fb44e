// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked in this session and what was answered so far: a row for each prompt.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <optional>
#include <vector>

#include "app/answers/answer_prompt.h"
#include "app/library/run_entry.h"

namespace bandscope::app {

enum class AnswerState { waiting, loading, growing, done, stopped, failed };

/// One model's answer to one prompt.
struct Answer {
  QString label;                        ///< the model's name, as it is shown; of another page's run it may be the same
  QString model;                        ///< which it is, as the engine takes it: RUN, RUN@STEP
  std::optional<std::size_t> run = {};  ///< of the entry's, whose colour it has; nullopt: the run as it began
  AnswerState state = AnswerState::waiting;
  QString text;
  qint64 tokens = 0;
  double rate = 0;     ///< tokens per second; 0: not known
  QString problem;     ///< why there is none
  std::string line{};  ///< the engine's answer: the prompt's fields and "output"; empty until it is done

  bool over() const { return state >= AnswerState::done; }
};

struct AnswerEntry {
  AnswerPrompt prompt;
  AnswerSettings settings;
  std::vector<Answer> answers;
  std::vector<RunEntryPtr> runs;  ///< that were on the page, which decides their colours
};

class AnswerLog : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Question, State, columns };
  using QAbstractTableModel::QAbstractTableModel;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  /// Rows behind all others; the first of them.
  int add(std::vector<AnswerEntry> entries);
  const AnswerEntry& entry(int row) const { return entries_[std::size_t(row)]; }
  const std::vector<AnswerEntry>& entries() const { return entries_; }
  /// Changes an answer, and says so.
  template <class Change>
  void change(int row, int column, Change&& how) {
    how(entries_[std::size_t(row)].answers[std::size_t(column)]);
    Q_EMIT answerChanged(row, column);
    Q_EMIT dataChanged(index(row, State), index(row, State));
  }
  /// Words and numbers are written anew, in another language.
  void retranslate();

 Q_SIGNALS:
  void answerChanged(int row, int column);

 private:
  std::vector<AnswerEntry> entries_;
};

/// "waits", "42 tokens · 8.1 tokens/s", "stopped after 3 tokens", …
QString state_text(const Answer& answer);

}  // namespace bandscope::app
