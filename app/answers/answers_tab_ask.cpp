// SPDX-License-Identifier: GPL-3.0-or-later
// From what the form says to what the engine is asked.
#include <QSettings>
#include <QTreeView>
#include <utility>

#include "app/answers/answer_form.h"
#include "app/answers/answer_log.h"
#include "app/answers/answer_runner.h"
#include "app/answers/answers_tab.h"
#include "app/language/translated.h"

namespace bandscope::app {
namespace {

/// `chat`: it was asked for; of a pair it never is.
void keep(const AnswerSettings& settings, bool chat) {
  QSettings kept;
  kept.setValue(QStringLiteral("answers/max_tokens"), settings.max_tokens);
  kept.setValue(QStringLiteral("answers/temperature"), settings.temperature);
  kept.setValue(QStringLiteral("answers/top_p"), settings.top_p);
  kept.setValue(QStringLiteral("answers/seed"), settings.seed);
  if (chat) kept.setValue(QStringLiteral("answers/chat"), settings.chat);
}

}  // namespace

QString AnswersTab::keyOf(const Model& model) const {
  return runs_[model.run]->found.record + (model.before ? QStringLiteral("@0") : QString());
}

QString AnswersTab::labelOf(const Model& model) const {
  const QString name = names_[qsizetype(model.run)];
  if (!model.before) return name;
  const QString base = runs_[model.run]->model;
  return tr("%1 before training").arg(base.isEmpty() ? name : base);
}

std::size_t AnswersTab::pairRun() const {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (runs_[i]->found.record == pair_record_) return i;
  }
  return 0;
}

void AnswersTab::setReading(bool reading) {
  reading_ = reading;
  form_->setBusy(runner_->busy() || reading_);
}

void AnswersTab::send() {
  const Question question = this->question();
  if (reading_ || question.answers.empty()) return;
  keep(question.settings, form_->source() != AnswerForm::Pair);
  form_->say({});
  switch (form_->source()) {
    case AnswerForm::Text:
      return ask(question, {text_prompt(form_->text())});
    case AnswerForm::Pair:
      return readPrompts(question, [pairs = pairs_, record = runs_[pairRun()]->found.record,
                                    line = form_->line()](const std::stop_token& stop) {
        return std::vector<AnswerPrompt>{pairs->read(record, line, stop)};
      });
    case AnswerForm::File:
      return readPrompts(question,
                         [file = form_->file()](const std::stop_token& stop) { return prompts_in(file, stop); });
  }
}

AnswersTab::Question AnswersTab::question() const {
  Question question{form_->settings(), {}, runs_};
  const auto step = form_->step();
  for (const int index : form_->chosenModels()) {
    const Model& model = models_[std::size_t(index)];
    const RunEntry& run = *runs_[model.run];
    Answer answer;
    answer.label = labelOf(model);
    answer.model = run.folder();
    if (!run.repeatable()) {
      answer.state = AnswerState::failed;
      answer.problem = tr("The record says no model that could be asked: it was imported, or moved out of its folder.");
    }
    if (model.before) {
      answer.model += QStringLiteral("@0");
    } else {
      answer.run = model.run;
      if (step) {
        answer.model += QStringLiteral("@%1").arg(*step);
        answer.label += QStringLiteral("@%1").arg(*step);
      }
    }
    question.answers.push_back(std::move(answer));
  }
  return question;
}

void AnswersTab::readPrompts(const Question& question,
                             const std::function<std::vector<AnswerPrompt>(const std::stop_token&)>& read) {
  stop_ = {};
  setReading(true);
  read_pool_.start([this, question, read, stop = stop_.get_token()] {
    std::vector<AnswerPrompt> prompts;
    QString problem;
    try {
      prompts = read(stop);
    } catch (const ReadStopped&) {
    } catch (const std::exception& error) {
      problem = translated_sentence(error);
    }
    QMetaObject::invokeMethod(this, [this, question, prompts = std::move(prompts), problem, stop]() mutable {
      setReading(false);
      if (stop.stop_requested()) return;
      form_->say(problem.isEmpty() && prompts.empty() ? tr("There is no prompt in the file.") : problem);
      ask(question, std::move(prompts));
    });
  });
}

void AnswersTab::ask(const Question& question, std::vector<AnswerPrompt> prompts) {
  if (prompts.empty()) return;
  std::vector<AnswerEntry> entries;
  for (auto& prompt : prompts)
    entries.push_back({std::move(prompt), question.settings, question.answers, question.runs});
  const int count = int(entries.size()), first = log_->add(std::move(entries));
  // Whatever keys are down: Ctrl+Enter sends.
  history_->selectionModel()->setCurrentIndex(log_->index(first, 0),
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  runner_->ask(first, count);
  listSteps();
}

void AnswersTab::stop() {
  stop_.request_stop();
  runner_->stop();
}

}  // namespace bandscope::app
