// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answers_tab.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <set>
#include <utility>

#include "app/answers/answer_board.h"
#include "app/answers/answer_form.h"
#include "app/answers/answer_log.h"
#include "app/answers/answer_runner.h"
#include "app/base/color_scheme.h"
#include "app/base/places.h"
#include "app/engine/checkpoints.h"
#include "app/library/shown_names.h"

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

}  // namespace

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
  column->addWidget(form_);
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

  for (QThreadPool* pool : {&read_pool_, &save_pool_, &step_pool_}) pool->setMaxThreadCount(1);
  for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
    auto* keys = new QShortcut(QKeySequence(Qt::CTRL | key), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(keys, &QShortcut::activated, form_, &AnswerForm::askToSend);
  }
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
  for (QThreadPool* pool : {&read_pool_, &step_pool_}) {
    pool->clear();
    pool->waitForDone();
  }
  // What was to be saved is saved.
  save_pool_.waitForDone();
}

void AnswersTab::setRuns(const std::vector<RunEntryPtr>& page) {
  std::vector<RunEntryPtr> runs;
  QStringList names;
  const QStringList page_names = shown_names(page);
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i]->elsewhere()) continue;
    runs.push_back(page[i]);
    names << page_names[qsizetype(i)];
  }
  const auto same = [](const RunEntryPtr& a, const RunEntryPtr& b) {
    return a->found.record == b->found.record && a->title() == b->title() && a->model == b->model;
  };
  const bool changed = !std::equal(runs.begin(), runs.end(), runs_.begin(), runs_.end(), same);
  runs_ = runs;
  names_ = names;
  if (changed) offerModels();
  const bool elsewhere = runs.size() < page.size();
  if (std::exchange(elsewhere_, elsewhere) != elsewhere) sayElsewhere();
}

void AnswersTab::sayElsewhere() {
  form_->say(elsewhere_ ? tr("Answers are asked on the machine of the weights only: runs on servers are left out.")
                        : QString());
}

void AnswersTab::offerModels() {
  models_.clear();
  for (std::size_t i = 0; i < runs_.size(); ++i) models_.push_back({i});
  if (!runs_.empty()) models_.push_back({0, true});
  std::vector<AnswerModel> offered;
  for (const auto& model : models_)
    offered.push_back({keyOf(model), labelOf(model), !model.before && model.run < most_chosen});
  form_->setModels(offered);
  form_->setPairRun(runs_.size() > 1 ? names_[qsizetype(pairRun())] : QString());
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

void AnswersTab::setPair(const QString& record, qint64 line) {
  pair_record_ = record;
  form_->setLine(line);
  form_->setPairRun(runs_.size() > 1 ? names_[qsizetype(pairRun())] : QString());
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
}

void AnswersTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    offerModels();
    if (elsewhere_) sayElsewhere();
  }
  QWidget::changeEvent(event);
}

void AnswersTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  listSteps();
}

}  // namespace bandscope::app
