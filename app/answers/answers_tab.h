// SPDX-License-Identifier: GPL-3.0-or-later
// The Answers tab: prompts in, the answers of the page's runs side by side, while they are written. What was asked and
// answered is kept until the window closes.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "app/answers/answer_log.h"
#include "app/answers/answer_prompt.h"
#include "app/answers/pair_prompt.h"
#include "app/library/run_entry.h"

class QToolButton;
class QTreeView;

namespace bandscope::app {

class AnswerBoard;
class AnswerForm;
class AnswerRunner;

class AnswersTab : public QWidget {
  Q_OBJECT

 public:
  explicit AnswersTab(QWidget* parent = nullptr);
  ~AnswersTab() override;

  /// The runs of the page, in the order of their colours. Those on servers are not asked: their weights are there.
  void setRuns(const std::vector<RunEntryPtr>& runs);
  /// A pair was chosen elsewhere: the line (from 0) of the data of this record's run that it is.
  void setPair(const QString& record, qint64 line);
  /// Asks what the form says.
  void send();
  void stop();

  AnswerForm* form() const { return form_; }
  AnswerLog* log() const { return log_; }
  AnswerBoard* board() const { return board_; }
  AnswerRunner* runner() const { return runner_; }
  QTreeView* history() const { return history_; }
  /// Prompts are read.
  bool reading() const { return reading_; }
  /// The prompts that are saved and copied: those that are selected, if there are several, else all.
  std::vector<int> savedRows() const;
  void copy() const;
  void saveLines(const QString& file);
  /// A file for each model: of several, their names stand in the files' names.
  void saveAlpaca(const QString& file);

 Q_SIGNALS:
  /// Something for the status bar.
  void said(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Model {
    std::size_t run = 0;  ///< in `runs_`
    bool before = false;  ///< the run as it began
  };
  /// What was asked for when it was sent, whatever is chosen since.
  struct Question {
    AnswerSettings settings;
    std::vector<Answer> answers;
    std::vector<RunEntryPtr> runs;
  };
  QString keyOf(const Model& model) const;
  QString labelOf(const Model& model) const;
  /// The run whose data a line is of; there is one.
  std::size_t pairRun() const;

  void translate();
  void offerModels();
  void sayElsewhere();
  void listSteps();
  Question question() const;
  void ask(const Question& question, std::vector<AnswerPrompt> prompts);
  void readPrompts(const Question& question,
                   const std::function<std::vector<AnswerPrompt>(const std::stop_token&)>& read);
  void setReading(bool reading);
  void write(const QString& file, const QByteArray& bytes);
  void choose(const QString& title, const QString& name, const QString& filter,
              void (AnswersTab::*save)(const QString&));

  AnswerLog* log_;
  AnswerRunner* runner_;
  AnswerForm* form_;
  QTreeView* history_;
  AnswerBoard* board_;
  QToolButton *copy_, *save_;
  QAction *save_lines_, *save_alpaca_;
  std::vector<Model> models_;
  std::vector<RunEntryPtr> runs_;
  QStringList names_;  ///< of the runs
  QString pair_record_;
  std::shared_ptr<PairPrompts> pairs_;
  QThreadPool read_pool_;  ///< reads prompts
  QThreadPool save_pool_;  ///< saves answers, in the order in which it was asked for
  QThreadPool step_pool_;  ///< looks which checkpoints there are
  std::stop_source stop_;
  bool reading_ = false;
  bool elsewhere_ = false;  ///< runs of the page are on servers
};

}  // namespace bandscope::app
