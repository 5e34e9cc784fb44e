// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHash>
#include <QKeySequence>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>
#include <climits>

#include "app/base/elided_line.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/base/tick_button.h"

namespace bandscope::app {

void AnswerForm::setModels(const std::vector<AnswerModel>& models) {
  QHash<QString, bool> before;
  for (const auto* action : models_->menu()->actions()) before[action->data().toString()] = action->isChecked();
  models_->menu()->clear();
  for (const auto& model : models) {
    auto* action = models_->menu()->addAction(QString(model.name).replace(QLatin1Char('&'), QStringLiteral("&&")));
    action->setData(model.key);
    action->setCheckable(true);
    action->setChecked(before.value(model.key, model.chosen));
    connect(action, &QAction::toggled, this, &AnswerForm::refresh);
  }
  refresh();
}

std::vector<int> AnswerForm::chosenModels() const {
  std::vector<int> chosen;
  const auto actions = models_->menu()->actions();
  for (int i = 0; i < int(actions.size()); ++i) {
    if (actions[i]->isChecked()) chosen.push_back(i);
  }
  return chosen;
}

void AnswerForm::chooseModel(int index, bool on) { models_->menu()->actions()[index]->setChecked(on); }

void AnswerForm::setSteps(const QList<qint64>& steps) {
  const auto before = step();
  steps_ = steps;
  {
    const QSignalBlocker quiet(step_);
    while (step_->count() > 1) step_->removeItem(1);
    QList<qint64> offered = steps;
    if (before && !steps.contains(*before)) offered.prepend(*before);
    for (const qint64 one : offered) step_->addItem(QString(), one);
    step_->setCurrentIndex(before ? step_->findData(*before) : 0);
  }
  nameSteps();
}

void AnswerForm::nameSteps() {
  step_->setItemText(0, tr("newest"));
  for (int i = 1; i < step_->count(); ++i) {
    const qint64 one = step_->itemData(i).toLongLong();
    step_->setItemText(i, (steps_.contains(one) ? tr("step %1") : tr("step %1, not there")).arg(count_text(one)));
  }
  const auto chosen = step();
  const bool gone = chosen && !steps_.contains(*chosen);
  step_gone_->setVisible(gone);
  step_gone_->setText(
      gone ? tr("There is no checkpoint of step %1 here. Choose another one, or the newest.").arg(count_text(*chosen))
           : QString());
}

std::optional<qint64> AnswerForm::step() const {
  const QVariant step = step_->currentData();
  return step.isValid() ? std::optional(step.toLongLong()) : std::nullopt;
}

AnswerForm::Source AnswerForm::source() const { return Source(source_->currentIndex()); }
void AnswerForm::setSource(Source source) { source_->setCurrentIndex(source); }
QString AnswerForm::text() const { return text_->toPlainText(); }
void AnswerForm::setText(const QString& text) { text_->setPlainText(text); }
qint64 AnswerForm::line() const { return line_->value() - 1; }
void AnswerForm::setLine(qint64 line) { line_->setValue(int(std::clamp<qint64>(line, 0, INT_MAX - 1)) + 1); }

void AnswerForm::setPairRun(const QString& name) {
  pair_run_ = name;
  refresh();
}

void AnswerForm::setFile(const QString& file) {
  file_ = file;
  refresh();
}

AnswerSettings AnswerForm::settings() const {
  return {max_tokens_->value(), temperature_->value(), top_p_->value(), seed_->value(),
          chat_->isChecked() && chat_->isEnabled()};
}

void AnswerForm::setSettings(const AnswerSettings& settings) {
  max_tokens_->setValue(settings.max_tokens);
  temperature_->setValue(settings.temperature);
  top_p_->setValue(settings.top_p);
  seed_->setValue(settings.seed);
  chat_->setChecked(settings.chat);
}

void AnswerForm::setBusy(bool busy) {
  busy_ = busy;
  refresh();
}

void AnswerForm::askToSend() {
  if (send_->isEnabled()) Q_EMIT sendAsked();
}

void AnswerForm::say(const QString& problem) {
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  if (problem.isEmpty()) return;
  // When it has its place.
  QMetaObject::invokeMethod(
      this, [this] { area_->ensureWidgetVisible(problem_); }, Qt::QueuedConnection);
}

QString AnswerForm::said() const { return problem_->text(); }

void AnswerForm::refresh() {
  const bool something = source() == Pair || (source() == Text ? !text().trimmed().isEmpty() : !file_.isEmpty());
  send_->setEnabled(something && !chosenModels().empty());
  stop_->setEnabled(busy_);
  chat_->setEnabled(source() != Pair);  // a pair's prompt is what the run's own template made of it
  file_line_->setWhole(file_.isEmpty() ? tr("No file is chosen.") : QFileInfo(file_).fileName());
  browse_->setToolTip(plain_text(file_));
  line_run_->setVisible(!pair_run_.isEmpty());
  line_run_->setWhole(tr("in the data of %1").arg(pair_run_));
  nameModels();
}

void AnswerForm::nameModels() {
  QStringList names;
  for (const auto* action : models_->menu()->actions()) {
    if (action->isChecked()) names << action->text().replace(QStringLiteral("&&"), QStringLiteral("&"));
  }
  models_->setPlain(names.isEmpty()     ? tr("none")
                    : names.size() == 1 ? names.front()
                                        : tr("%n models", nullptr, int(names.size())));
  models_->setToolTip(plain_text(names.join(QLatin1Char('\n'))));
}

void AnswerForm::browse() {
  QSettings settings;
  const QString folder = settings.value(QStringLiteral("answers/prompts")).toString();
  auto* dialog = new QFileDialog(this, tr("Prompts"), folder,
                                 tr("Rows with prompt, instruction or messages (*.jsonl *.json *.gz *.parquet)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    QSettings().setValue(QStringLiteral("answers/prompts"), QFileInfo(file).absolutePath());
    setFile(file);
  });
  dialog->open();
}

void AnswerForm::translate() {
  const QStringList sources{tr("A prompt"), tr("A pair of the run's data"), tr("A file of prompts")};
  for (int i = 0; i < int(sources.size()); ++i) source_->setItemText(i, sources[i]);
  source_->setAccessibleName(tr("Where the prompt is from"));
  text_->setPlaceholderText(tr("Prompt (Ctrl+Enter sends it)"));
  text_->setAccessibleName(tr("Prompt"));
  line_label_->setText(tr("&Line of the data"));
  line_hint_->setText(tr("The pair chosen in the tab Pairs is taken over. Its prompt is asked as the run saw it."));
  browse_->setText(tr("&Choose a file…"));
  const QStringList names{tr("&Models"),      tr("Chec&kpoint"), tr("Ma&x. tokens"),
                          tr("Temper&ature"), tr("Top-&p"),      tr("See&d")};
  for (int i = 0; i < 6; ++i) names_[i]->setText(names[i]);
  models_->setAccessibleName(tr("Models that are asked"));
  temperature_->setToolTip(tr("0: the likeliest token each time"));
  top_p_->setToolTip(tr("Only the likeliest tokens that together reach this share are drawn"));
  step_->setToolTip(tr("Checkpoint whose weights answer; step 0 is the run as it began"));
  chat_->setText(tr("Chat &template"));
  chat_->setToolTip(tr("The prompt is put as a user's message into the model's chat template"));
  send_->setText(tr("&Send"));
  send_->setToolTip(
      tr("Asks the chosen models (%1)").arg(QKeySequence(Qt::CTRL | Qt::Key_Enter).toString(QKeySequence::NativeText)));
  stop_->setText(tr("St&op"));
  area_->setMinimumWidth(fields_->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent));
  nameSteps();
  refresh();
}

void AnswerForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
