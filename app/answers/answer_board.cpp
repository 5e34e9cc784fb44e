// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_board.h"

#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/places.h"
#include "app/base/plain_text.h"
#include "app/library/run_styles.h"

namespace bandscope::app {
namespace {

constexpr int joined_ms = 40;
constexpr int least_width = 18 * grid;

QPlainTextEdit* reading(QWidget* parent) {
  auto* text = new QPlainTextEdit(parent);
  text->setReadOnly(true);
  text->setTabChangesFocus(true);
  // With the keyboard, too, one reads and marks.
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  return text;
}

/// Adds what is new at the end; a text that is in sight to its end stays so.
void show_text(QPlainTextEdit* view, const QString& text) {
  const QString shown = view->toPlainText();
  if (shown == text) return;
  QScrollBar* bar = view->verticalScrollBar();
  const int before = bar->value();
  const bool follows = before == bar->maximum() && !shown.isEmpty();
  if (!shown.isEmpty() && text.startsWith(shown)) {
    QTextCursor end(view->document());
    end.movePosition(QTextCursor::End);
    end.insertText(text.mid(shown.size()));
  } else {
    view->setPlainText(text);
  }
  bar->setValue(follows ? bar->maximum() : before);
}

QString sample_of(const AnswerEntry& entry, const Answer& answer) {
  if (!answer.run) return QStringLiteral("<span style=\"color:gray\">■</span>");
  return style_sample(run_styles(entry.runs, chart_theme())[*answer.run]);
}

}  // namespace

AnswerBoard::AnswerBoard(AnswerLog* log, QWidget* parent)
    : QWidget(parent),
      log_(log),
      question_(reading(this)),
      empty_(new QLabel(this)),
      whole_(new QSplitter(Qt::Vertical, this)),
      area_(new QScrollArea(this)),
      beside_(new QSplitter(this)),
      below_(new QSplitter(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setForegroundRole(QPalette::PlaceholderText);
  layout->addWidget(empty_, 1);
  question_->setObjectName(QStringLiteral("answer-question"));
  question_->setMinimumHeight(2 * fontMetrics().lineSpacing());
  beside_->setChildrenCollapsible(false);
  beside_->setObjectName(QStringLiteral("answers-beside"));  // as many as there are models: equal shares each time
  area_->setFrameShape(QFrame::NoFrame);
  area_->setWidgetResizable(true);
  area_->setWidget(beside_);
  area_->setFocusPolicy(Qt::NoFocus);
  whole_->addWidget(question_);
  whole_->addWidget(area_);
  below_->setChildrenCollapsible(false);
  for (auto& own : own_) own = pane(below_);
  name_splitter(below_, QStringLiteral("chosen-and-rejected"), {1, 1});
  whole_->addWidget(below_);
  whole_->setChildrenCollapsible(false);
  name_splitter(whole_, QStringLiteral("question-and-answers"), {1, 8, 4});
  layout->addWidget(whole_, 1);
  soon_.setSingleShot(true);
  soon_.setInterval(joined_ms);
  connect(&soon_, &QTimer::timeout, this, &AnswerBoard::flush);
  connect(log_, &AnswerLog::answerChanged, this, [this](int row, int column) {
    if (row_ != row) return;
    stale_.insert(column);
    if (!soon_.isActive()) soon_.start();
  });
  translate();
  setRow(std::nullopt);
}

void AnswerBoard::setRow(std::optional<int> row) {
  row_ = row;
  stale_.clear();
  empty_->setVisible(!row);
  whole_->setVisible(row.has_value());
  if (!row) return;
  const AnswerEntry& entry = log_->entry(*row);
  build(entry.answers.size());
  question_->setPlainText(entry.prompt.question);
  for (auto& pane : panes_) pane.text->clear();
  writeAll();
}

AnswerBoard::Pane AnswerBoard::pane(QSplitter* beside) const {
  Pane pane{};
  pane.box = new QWidget(beside);
  pane.box->setMinimumWidth(least_width);
  auto* column = new QVBoxLayout(pane.box);
  column->setContentsMargins(0, grid / 2, 0, 0);
  column->setSpacing(2);
  pane.name = new QLabel(pane.box);
  pane.name->setTextFormat(Qt::RichText);
  pane.name->setMinimumWidth(1);
  pane.name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  pane.state = new ElidedLine(pane.box);
  pane.state->setForegroundRole(QPalette::PlaceholderText);
  pane.text = reading(pane.box);
  pane.text->setMinimumHeight(2 * fontMetrics().lineSpacing());
  column->addWidget(pane.name);
  column->addWidget(pane.state);
  column->addWidget(pane.text, 1);
  beside->addWidget(pane.box);
  return pane;
}

void AnswerBoard::build(std::size_t count) {
  while (panes_.size() > count) {
    delete panes_.back().box;
    panes_.pop_back();
  }
  while (panes_.size() < count) panes_.push_back(pane(beside_));
  beside_->setSizes(QList<int>(qsizetype(count), 1000));
}

void AnswerBoard::writeAll() {
  if (!row_) return;
  const AnswerEntry& entry = log_->entry(*row_);
  for (int column = 0; column < columns(); ++column) write(column);
  const QString texts[] = {entry.prompt.chosen, entry.prompt.rejected};
  for (std::size_t i = 0; i < own_.size(); ++i) {
    own_[i].box->setVisible(!texts[i].isEmpty());
    show_text(own_[i].text, texts[i]);
  }
  below_->setVisible(!texts[0].isEmpty() || !texts[1].isEmpty());
}

void AnswerBoard::write(int column) {
  const AnswerEntry& entry = log_->entry(*row_);
  const Answer& answer = entry.answers[std::size_t(column)];
  Pane& pane = panes_[std::size_t(column)];
  pane.name->setText(sample_of(entry, answer) + QLatin1Char(' ') + answer.label.toHtmlEscaped());
  pane.name->setToolTip(plain_text(answer.model));
  pane.text->setAccessibleName(tr("Answer of %1").arg(answer.label));
  pane.state->setWhole(answer.problem.isEmpty() ? state_text(answer) : answer.problem);
  // Where there is no text there is room for the whole reason.
  const bool nothing = answer.state == AnswerState::done && answer.text.isEmpty();
  pane.text->setPlaceholderText(nothing ? tr("The answer is empty: the first token ended it.") : answer.problem);
  show_text(pane.text, answer.text);
}

void AnswerBoard::flush() {
  if (row_) {
    for (const int column : stale_) write(column);
  }
  stale_.clear();
}

QString AnswerBoard::text(int column) const { return panes_[std::size_t(column)].text->toPlainText(); }
QString AnswerBoard::state(int column) const { return panes_[std::size_t(column)].state->whole(); }
QString AnswerBoard::name(int column) const { return panes_[std::size_t(column)].name->text(); }
QString AnswerBoard::chosen() const { return own_[0].text->toPlainText(); }
QString AnswerBoard::rejected() const { return own_[1].text->toPlainText(); }

void AnswerBoard::translate() {
  question_->setAccessibleName(tr("Prompt"));
  const QString names[] = {tr("Chosen"), tr("Rejected")};
  for (std::size_t i = 0; i < own_.size(); ++i) {
    own_[i].name->setText(names[i]);
    own_[i].state->setWhole(tr("response of the data"));
    own_[i].text->setAccessibleName(names[i]);
  }
  empty_->setText(
      tr("Write a prompt at the left, or take a pair of the run's data, and send it: the answers of the chosen models "
         "appear here side by side while they are written."));
  writeAll();
}

void AnswerBoard::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) writeAll();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
