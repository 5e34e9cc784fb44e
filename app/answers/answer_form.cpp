// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <climits>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/number_text.h"

namespace bandscope::app {
namespace {

constexpr int most_tokens = 1 << 20;
constexpr double most_temperature = 100;

}  // namespace

AnswerForm::AnswerForm(QWidget* parent)
    : QWidget(parent),
      source_(new QComboBox(this)),
      what_(new QStackedWidget(this)),
      text_(new QPlainTextEdit(this)),
      line_(new QSpinBox(this)),
      line_label_(new QLabel(this)),
      line_hint_(new QLabel(this)),
      browse_(new QToolButton(this)),
      file_line_(new ElidedLine(this)),
      models_(new QToolButton(this)),
      models_menu_(new QMenu(models_)),
      step_(new QComboBox(this)),
      max_tokens_(new QSpinBox(this)),
      seed_(new QSpinBox(this)),
      temperature_(new QDoubleSpinBox(this)),
      top_p_(new QDoubleSpinBox(this)),
      chat_(new QCheckBox(this)),
      send_(new QPushButton(this)),
      stop_(new QPushButton(this)),
      problem_(new QLabel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(2, 2, 2, 2);  // room for the frame of what has the focus
  layout->setSpacing(grid);
  for (int i = 0; i < 3; ++i) source_->addItem(QString());
  source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  source_->setMinimumContentsLength(8);
  layout->addWidget(source_);
  layout->addWidget(what_);

  text_->setTabChangesFocus(true);
  text_->setObjectName(QStringLiteral("answer-prompt"));
  text_->installEventFilter(this);
  what_->addWidget(text_);
  auto* pair = new QWidget(this);
  auto* pair_rows = new QVBoxLayout(pair);
  pair_rows->setContentsMargins(0, 0, 0, 0);
  auto* line_row = new QHBoxLayout;
  line_->setRange(1, INT_MAX);
  line_label_->setBuddy(line_);
  line_row->addWidget(line_label_);
  line_row->addWidget(line_, 1);
  pair_rows->addLayout(line_row);
  line_hint_->setWordWrap(true);
  line_hint_->setForegroundRole(QPalette::PlaceholderText);
  pair_rows->addWidget(line_hint_);
  pair_rows->addStretch(1);
  what_->addWidget(pair);
  auto* file = new QWidget(this);
  auto* file_rows = new QVBoxLayout(file);
  file_rows->setContentsMargins(0, 0, 0, 0);
  browse_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  file_rows->addWidget(browse_);
  file_line_->setForegroundRole(QPalette::PlaceholderText);
  file_rows->addWidget(file_line_);
  file_rows->addStretch(1);
  what_->addWidget(file);
  what_->setFixedHeight(6 * fontMetrics().lineSpacing());

  models_->setMenu(models_menu_);
  models_->setPopupMode(QToolButton::InstantPopup);
  models_->setObjectName(QStringLiteral("answer-models"));
  step_->setObjectName(QStringLiteral("answer-step"));
  step_->addItem(QString());
  max_tokens_->setRange(1, most_tokens);
  temperature_->setRange(0, most_temperature);
  temperature_->setSingleStep(0.1);
  top_p_->setRange(0.01, 1);
  top_p_->setSingleStep(0.05);
  seed_->setRange(0, INT_MAX);
  QWidget* const fields[] = {models_, step_, max_tokens_, temperature_, top_p_, seed_};
  auto* options = new QGridLayout;
  options->setHorizontalSpacing(grid);
  options->setVerticalSpacing(2);
  for (int i = 0; i < 6; ++i) {
    names_[i] = new QLabel(this);
    names_[i]->setBuddy(fields[i]);
    // They share the form's width, however long what they hold is.
    fields[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    fields[i]->setMinimumWidth(10 * grid);
    options->addWidget(names_[i], i / 2 * 2, i % 2);
    options->addWidget(fields[i], i / 2 * 2 + 1, i % 2);
    options->setColumnStretch(i % 2, 1);
  }
  layout->addLayout(options);
  layout->addWidget(chat_);
  auto* buttons = new QHBoxLayout;
  send_->setObjectName(QStringLiteral("answer-send"));
  send_->setDefault(true);
  buttons->addWidget(send_, 1);
  buttons->addWidget(stop_, 1);
  layout->addLayout(buttons);
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  problem_->hide();
  layout->addWidget(problem_);
  layout->addStretch(1);

  connect(source_, &QComboBox::currentIndexChanged, this, [this](int index) {
    what_->setCurrentIndex(index);
    update();
  });
  connect(text_, &QPlainTextEdit::textChanged, this, &AnswerForm::update);
  connect(browse_, &QToolButton::clicked, this, &AnswerForm::browse);
  connect(send_, &QPushButton::clicked, this, &AnswerForm::sendAsked);
  connect(stop_, &QPushButton::clicked, this, &AnswerForm::stopAsked);
  setSettings({});
  translate();
}

void AnswerForm::setModels(const QStringList& names, const std::vector<bool>& chosen) {
  QHash<QString, bool> before;
  for (const auto* action : models_menu_->actions()) before[action->data().toString()] = action->isChecked();
  models_menu_->clear();
  for (qsizetype i = 0; i < names.size(); ++i) {
    QString shown = names[i];
    auto* action = models_menu_->addAction(shown.replace(QLatin1Char('&'), QStringLiteral("&&")));
    action->setData(names[i]);
    action->setCheckable(true);
    action->setChecked(before.value(names[i], chosen[std::size_t(i)]));
    connect(action, &QAction::toggled, this, &AnswerForm::update);
  }
  update();
}

std::vector<int> AnswerForm::chosenModels() const {
  std::vector<int> chosen;
  const auto actions = models_menu_->actions();
  for (int i = 0; i < int(actions.size()); ++i) {
    if (actions[i]->isChecked()) chosen.push_back(i);
  }
  return chosen;
}

void AnswerForm::chooseModel(int index, bool on) { models_menu_->actions()[index]->setChecked(on); }

void AnswerForm::setSteps(const QList<qint64>& steps) {
  const auto before = step();
  const QSignalBlocker quiet(step_);
  while (step_->count() > 1) step_->removeItem(1);
  for (const qint64 step : steps) step_->addItem(tr("step %1").arg(count_text(step)), step);
  step_->setCurrentIndex(before ? std::max(0, step_->findData(*before)) : 0);
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

void AnswerForm::setFile(const QString& file) {
  file_ = file;
  update();
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
  update();
}

void AnswerForm::say(const QString& problem) {
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
}

QString AnswerForm::said() const { return problem_->text(); }

void AnswerForm::update() {
  const bool something = source() == Pair || (source() == Text ? !text().trimmed().isEmpty() : !file_.isEmpty());
  send_->setEnabled(something && !chosenModels().empty());
  stop_->setEnabled(busy_);
  chat_->setEnabled(source() != Pair);  // a pair's prompt is what the run's own template made of it
  file_line_->setWhole(file_.isEmpty() ? tr("No file is chosen.") : QFileInfo(file_).fileName());
  file_line_->setToolTip(file_);
  nameModels();
}

void AnswerForm::nameModels() {
  QStringList names;
  for (const auto* action : models_menu_->actions()) {
    if (action->isChecked()) names << action->text();
  }
  const int room = models_->width() - 3 * grid;
  models_->setText(names.isEmpty()     ? tr("none")
                   : names.size() == 1 ? fontMetrics().elidedText(names.front(), Qt::ElideMiddle, room)
                                       : tr("%n models", nullptr, int(names.size())));
  models_->setToolTip(names.join(QLatin1Char('\n')).replace(QStringLiteral("&&"), QStringLiteral("&")));
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

bool AnswerForm::eventFilter(QObject* watched, QEvent* event) {
  if (watched == text_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (enter && key->modifiers().testFlag(Qt::ControlModifier)) {
      if (send_->isEnabled()) Q_EMIT sendAsked();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
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
  step_->setItemText(0, tr("newest"));
  for (int i = 1; i < step_->count(); ++i)
    step_->setItemText(i, tr("step %1").arg(count_text(step_->itemData(i).toLongLong())));
  temperature_->setToolTip(tr("0: the likeliest token each time"));
  top_p_->setToolTip(tr("Only the likeliest tokens that together reach this share are drawn"));
  step_->setToolTip(tr("Checkpoint whose weights answer; step 0 is the run as it began"));
  chat_->setText(tr("Chat &template"));
  chat_->setToolTip(tr("The prompt is put as a user's message into the model's chat template"));
  send_->setText(tr("&Send"));
  stop_->setText(tr("St&op"));
  update();
}

void AnswerForm::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  nameModels();
}

void AnswerForm::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
