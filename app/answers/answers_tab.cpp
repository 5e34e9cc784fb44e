// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answers_tab.h"

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPointer>
#include <QScrollArea>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStyle>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <functional>
#include <set>
#include <utility>

#include "app/answers/answer_board.h"
#include "app/answers/answer_form.h"
#include "app/answers/answer_log.h"
#include "app/answers/answer_runner.h"
#include "app/base/color_scheme.h"
#include "app/base/places.h"
#include "app/engine/checkpoints.h"
#include "app/language/translated.h"
#include "app/library/run_styles.h"

namespace bandscope::app {
namespace {

/// Runs that are asked without being chosen by hand: a pair, or one.
constexpr std::size_t most_chosen = 2;

AnswerSettings kept_settings() {
  const QSettings kept;
  AnswerSettings settings;
  const auto number = [&](const char* key, auto usual) {
    return kept.value(QStringLiteral("answers/") + QLatin1String(key), usual);
  };
  settings.max_tokens = number("max_tokens", settings.max_tokens).toInt();
  settings.temperature = number("temperature", settings.temperature).toDouble();
  settings.top_p = number("top_p", settings.top_p).toDouble();
  settings.seed = number("seed", settings.seed).toInt();
  settings.chat = number("chat", settings.chat).toBool();
  return settings;
}

void keep(const AnswerSettings& settings) {
  QSettings kept;
  kept.setValue(QStringLiteral("answers/max_tokens"), settings.max_tokens);
  kept.setValue(QStringLiteral("answers/temperature"), settings.temperature);
  kept.setValue(QStringLiteral("answers/top_p"), settings.top_p);
  kept.setValue(QStringLiteral("answers/seed"), settings.seed);
  kept.setValue(QStringLiteral("answers/chat"), settings.chat);
}

/// As high as what is in it where there is room: a scroll area's own hint ends at 24 lines, above the form's buttons.
class WholeArea : public QScrollArea {
 public:
  using QScrollArea::QScrollArea;
  QSize sizeHint() const override {
    const int frame = 2 * frameWidth();
    return widget() ? widget()->sizeHint() + QSize(frame, frame) : QScrollArea::sizeHint();
  }
};

}  // namespace

QString AnswersTab::labelOf(const Model& model) const {
  const RunEntry& run = *runs_[model.run];
  if (!model.before) return run.title();
  return tr("%1 before training").arg(run.model.isEmpty() ? run.title() : run.model);
}

AnswersTab::AnswersTab(QWidget* parent)
    : QWidget(parent),
      log_(new AnswerLog(this)),
      runner_(new AnswerRunner(log_, this)),
      form_(new AnswerForm(this)),
      history_(new QTreeView(this)),
      board_(new AnswerBoard(log_, this)),
      copy_(new QToolButton(this)),
      save_(new QToolButton(this)),
      save_lines_(new QAction(this)),
      save_alpaca_(new QAction(this)),
      pairs_(std::make_shared<PairPrompts>()) {
  setObjectName(QStringLiteral("answers"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  auto* left = new QWidget(this);
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(grid);
  area_ = new WholeArea(left);  // scrolls in windows lower than the form
  area_->setFrameShape(QFrame::NoFrame);
  area_->setWidgetResizable(true);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area_->setFocusPolicy(Qt::NoFocus);
  area_->setWidget(form_);
  area_->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
  column->addWidget(area_);
  history_->setObjectName(QStringLiteral("answer-history"));
  history_->setModel(log_);
  history_->setRootIsDecorated(false);
  history_->setUniformRowHeights(true);
  history_->setAlternatingRowColors(true);
  history_->setAllColumnsShowFocus(true);
  history_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  history_->header()->setStretchLastSection(false);
  history_->header()->setSectionResizeMode(AnswerLog::Question, QHeaderView::Stretch);
  history_->header()->setSectionResizeMode(AnswerLog::State, QHeaderView::ResizeToContents);
  history_->setMinimumHeight(4 * fontMetrics().lineSpacing());
  column->addWidget(history_, 1);
  auto* buttons = new QHBoxLayout;
  save_->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(save_);
  menu->addActions({save_lines_, save_alpaca_});
  save_->setMenu(menu);
  buttons->addWidget(copy_);
  buttons->addWidget(save_);
  buttons->addStretch(1);
  column->addLayout(buttons);
  auto* both = new QSplitter(this);
  both->addWidget(left);
  both->addWidget(board_);
  both->setChildrenCollapsible(false);
  name_splitter(both, QStringLiteral("asked-and-answers"), {1, 3});
  layout->addWidget(both);

  pool_.setMaxThreadCount(1);
  step_pool_.setMaxThreadCount(1);
  form_->setSettings(kept_settings());
  connect(form_, &AnswerForm::sendAsked, this, &AnswersTab::send);
  connect(form_, &AnswerForm::stopAsked, this, &AnswersTab::stop);
  connect(runner_, &AnswerRunner::busyChanged, this, [this] { form_->setBusy(runner_->busy() || reading_); });
  connect(history_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& current) {
            board_->setRow(current.isValid() ? std::optional(current.row()) : std::nullopt);
            copy_->setEnabled(current.isValid());
          });
  connect(copy_, &QToolButton::clicked, this, &AnswersTab::copy);
  connect(new QShortcut(QKeySequence::Copy, history_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated,
          this, &AnswersTab::copy);
  connect(save_lines_, &QAction::triggered, this, [this] {
    choose(tr("Save answers"), QStringLiteral("answers.jsonl"), tr("JSON lines (*.jsonl)"), &AnswersTab::saveLines);
  });
  connect(save_alpaca_, &QAction::triggered, this, [this] {
    choose(tr("Save answers"), QStringLiteral("answers.json"), tr("AlpacaEval (*.json)"), &AnswersTab::saveAlpaca);
  });
  connect(log_, &QAbstractItemModel::rowsInserted, this, [this] { save_->setEnabled(true); });
  copy_->setEnabled(false);
  save_->setEnabled(false);
  translate();
}

AnswersTab::~AnswersTab() {
  stop_.request_stop();
  for (QThreadPool* pool : {&pool_, &step_pool_}) {
    pool->clear();
    pool->waitForDone();
  }
}

void AnswersTab::setRuns(const std::vector<RunEntryPtr>& runs) {
  const auto same = [](const RunEntryPtr& a, const RunEntryPtr& b) {
    return a->found.record == b->found.record && a->title() == b->title() && a->model == b->model;
  };
  const bool changed = !std::equal(runs.begin(), runs.end(), runs_.begin(), runs_.end(), same);
  runs_ = runs;
  if (changed) offerModels();
}

void AnswersTab::offerModels() {
  models_.clear();
  QStringList names;
  std::vector<bool> chosen;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    models_.push_back({i});
    chosen.push_back(i < most_chosen);
  }
  if (!runs_.empty()) {
    models_.push_back({0, true});
    chosen.push_back(false);
  }
  for (const auto& model : models_) names << labelOf(model);
  form_->setModels(names, chosen);
  listSteps();
}

void AnswersTab::listSteps() {
  if (!isVisible()) return;
  QStringList folders;
  for (const auto& run : runs_) folders << run->folder();
  step_pool_.clear();
  step_pool_.start([this, folders] {
    std::set<qint64> all{0};
    for (const auto& folder : folders) {
      for (const qint64 step : checkpoint_steps(folder)) all.insert(step);
    }
    QMetaObject::invokeMethod(this, [this, folders, steps = QList<qint64>(all.begin(), all.end())] {
      QStringList now;
      for (const auto& run : runs_) now << run->folder();
      if (now == folders) form_->setSteps(steps);
    });
  });
}

void AnswersTab::setLine(qint64 line) { form_->setLine(line); }

void AnswersTab::setReading(bool reading) {
  reading_ = reading;
  form_->setBusy(runner_->busy() || reading_);
}

void AnswersTab::send() {
  if (reading_ || models_.empty()) return;
  form_->say({});
  switch (form_->source()) {
    case AnswerForm::Text:
      return ask({text_prompt(form_->text())});
    case AnswerForm::Pair:
      return readPrompts(
          [pairs = pairs_, record = runs_.front()->found.record, line = form_->line()](const std::stop_token& stop) {
            return std::vector<AnswerPrompt>{pairs->read(record, line, stop)};
          });
    case AnswerForm::File:
      return readPrompts([file = form_->file()](const std::stop_token&) { return prompts_in(file); });
  }
}

void AnswersTab::readPrompts(const std::function<std::vector<AnswerPrompt>(const std::stop_token&)>& read) {
  stop_ = {};
  setReading(true);
  pool_.start([this, read, stop = stop_.get_token()] {
    std::vector<AnswerPrompt> prompts;
    QString problem;
    try {
      prompts = read(stop);
    } catch (const std::exception& error) {
      problem = translated_sentence(error);
    }
    QMetaObject::invokeMethod(this, [this, prompts = std::move(prompts), problem, stop]() mutable {
      setReading(false);
      if (stop.stop_requested()) return;
      form_->say(problem.isEmpty() && prompts.empty() ? tr("There is no prompt in the file.") : problem);
      ask(std::move(prompts));
    });
  });
}

void AnswersTab::ask(std::vector<AnswerPrompt> prompts) {
  if (prompts.empty()) return;
  const AnswerSettings settings = form_->settings();
  keep(settings);
  const auto step = form_->step();
  const auto looks = run_styles(runs_, chart_theme());
  std::vector<Answer> answers;
  for (const int index : form_->chosenModels()) {
    const Model& model = models_[std::size_t(index)];
    Answer answer;
    const RunEntry& run = *runs_[model.run];
    answer.label = labelOf(model);
    answer.model = run.folder();
    if (!run.repeatable()) {
      answer.state = AnswerState::failed;
      answer.problem = tr("The record says no model that could be asked: it was imported, or moved out of its folder.");
    }
    if (model.before) {
      answer.model += QStringLiteral("@0");
      answer.sample = QStringLiteral("<span style=\"color:gray\">■</span>");
    } else {
      answer.sample = style_sample(looks[std::size_t(index)]);
      if (step) {
        answer.model += QStringLiteral("@%1").arg(*step);
        answer.label += QStringLiteral("@%1").arg(*step);
      }
    }
    answers.push_back(std::move(answer));
  }
  if (answers.empty()) return;
  std::vector<AnswerEntry> entries;
  for (auto& prompt : prompts) entries.push_back({std::move(prompt), settings, answers});
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

void AnswersTab::translate() {
  history_->setAccessibleName(tr("What was asked"));
  copy_->setText(tr("Copy"));
  copy_->setToolTip(tr("Copy the prompt and its answers"));
  save_->setText(tr("Save"));
  save_->setToolTip(tr("Save all answers, or those of the selected prompts where several are selected"));
  save_lines_->setText(tr("JSON lines…"));
  save_alpaca_->setText(tr("For AlpacaEval…"));
  log_->retranslate();
  area_->setMinimumWidth(form_->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent));
}

void AnswersTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    offerModels();
  }
  QWidget::changeEvent(event);
}

void AnswersTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  listSteps();
}

}  // namespace bandscope::app
