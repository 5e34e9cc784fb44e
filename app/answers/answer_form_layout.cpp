// SPDX-License-Identifier: GPL-3.0-or-later
// How the form of the Answers tab is put together.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <climits>

#include "app/answers/answer_form.h"
#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/tick_button.h"

namespace bandscope::app {
namespace {

constexpr int most_tokens = 1 << 20;
constexpr double most_temperature = 100;

/// As high as what is in it where there is room: a scroll area's own hint ends at 24 lines.
class WholeArea : public QScrollArea {
 public:
  using QScrollArea::QScrollArea;
  QSize sizeHint() const override {
    const int frame = 2 * frameWidth();
    return widget() ? widget()->sizeHint() + QSize(frame, frame) : QScrollArea::sizeHint();
  }
};

}  // namespace

AnswerForm::AnswerForm(QWidget* parent)
    : QWidget(parent),
      area_(new WholeArea(this)),
      fields_(new QWidget),
      source_(new QComboBox(fields_)),
      what_(new QStackedWidget(fields_)),
      text_(new QPlainTextEdit(fields_)),
      line_(new QSpinBox(fields_)),
      line_label_(new QLabel(fields_)),
      line_run_(new ElidedLine(fields_)),
      line_hint_(new QLabel(fields_)),
      browse_(new QToolButton(fields_)),
      file_line_(new ElidedLine(fields_)),
      models_(new TickButton(Qt::ElideMiddle, fields_)),
      step_(new QComboBox(fields_)),
      step_gone_(new QLabel(fields_)),
      max_tokens_(new QSpinBox(fields_)),
      seed_(new QSpinBox(fields_)),
      temperature_(new QDoubleSpinBox(fields_)),
      top_p_(new QDoubleSpinBox(fields_)),
      chat_(new QCheckBox(fields_)),
      send_(new QPushButton(this)),
      stop_(new QPushButton(this)),
      problem_(new QLabel(fields_)) {
  build();
  connect(source_, &QComboBox::currentIndexChanged, this, [this](int index) {
    what_->setCurrentIndex(index);
    refresh();
  });
  connect(text_, &QPlainTextEdit::textChanged, this, &AnswerForm::refresh);
  connect(browse_, &QToolButton::clicked, this, &AnswerForm::browse);
  connect(step_, &QComboBox::currentIndexChanged, this, &AnswerForm::nameSteps);
  connect(send_, &QPushButton::clicked, this, &AnswerForm::sendAsked);
  connect(stop_, &QPushButton::clicked, this, &AnswerForm::stopAsked);
  setSettings({});
  translate();
}

void AnswerForm::build() {
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  whole->setSpacing(grid);
  area_->setFrameShape(QFrame::NoFrame);
  area_->setWidgetResizable(true);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area_->setFocusPolicy(Qt::NoFocus);
  area_->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
  area_->setMinimumHeight(5 * fontMetrics().lineSpacing());
  area_->setWidget(fields_);
  whole->addWidget(area_);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(2, 0, 2, 0);
  send_->setObjectName(QStringLiteral("answer-send"));
  stop_->setObjectName(QStringLiteral("answer-stop"));
  buttons->addWidget(send_, 1);
  buttons->addWidget(stop_, 1);
  whole->addLayout(buttons);

  auto* layout = new QVBoxLayout(fields_);
  layout->setContentsMargins(2, 2, 2, 2);  // room for the frame of what has the focus
  layout->setSpacing(grid);
  for (int i = 0; i < 3; ++i) source_->addItem(QString());
  source_->setObjectName(QStringLiteral("answer-source"));
  source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  source_->setMinimumContentsLength(8);
  layout->addWidget(source_);
  text_->setTabChangesFocus(true);
  text_->setObjectName(QStringLiteral("answer-prompt"));
  what_->addWidget(text_);
  what_->addWidget(buildPair());
  what_->addWidget(buildFile());
  // It gives way before anything is out of sight.
  what_->setMinimumHeight(5 * fontMetrics().lineSpacing());
  what_->setMaximumHeight(7 * fontMetrics().lineSpacing());
  layout->addWidget(what_);
  layout->addLayout(buildOptions());
  layout->addWidget(step_gone_);
  layout->addWidget(chat_);
  layout->addWidget(problem_);
  layout->addStretch(1);
  for (QLabel* said : {step_gone_, problem_}) {
    said->setWordWrap(true);
    said->setTextFormat(Qt::PlainText);
    said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    said->hide();
  }
}

QWidget* AnswerForm::buildPair() {
  auto* page = new QWidget(fields_);
  auto* rows = new QVBoxLayout(page);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(grid / 2);
  auto* row = new QHBoxLayout;
  line_->setRange(1, INT_MAX);
  line_label_->setBuddy(line_);
  row->addWidget(line_label_);
  row->addWidget(line_, 1);
  rows->addLayout(row);
  line_run_->setObjectName(QStringLiteral("answer-pair-run"));
  line_run_->hide();
  rows->addWidget(line_run_);
  line_hint_->setWordWrap(true);
  line_hint_->setForegroundRole(QPalette::PlaceholderText);
  rows->addWidget(line_hint_);
  rows->addStretch(1);
  return page;
}

QWidget* AnswerForm::buildFile() {
  auto* page = new QWidget(fields_);
  auto* rows = new QVBoxLayout(page);
  rows->setContentsMargins(0, 0, 0, 0);
  browse_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  rows->addWidget(browse_);
  file_line_->setForegroundRole(QPalette::PlaceholderText);
  rows->addWidget(file_line_);
  rows->addStretch(1);
  return page;
}

QLayout* AnswerForm::buildOptions() {
  models_->setObjectName(QStringLiteral("answer-models"));
  step_->setObjectName(QStringLiteral("answer-step"));
  step_->addItem(QString());
  step_gone_->setObjectName(QStringLiteral("answer-step-gone"));
  max_tokens_->setRange(1, most_tokens);
  temperature_->setRange(0, most_temperature);
  temperature_->setSingleStep(0.1);
  top_p_->setRange(0.01, 1);
  top_p_->setSingleStep(0.05);
  seed_->setRange(0, INT_MAX);
  QWidget* const inputs[] = {models_, step_, max_tokens_, temperature_, top_p_, seed_};
  auto* options = new QGridLayout;
  options->setHorizontalSpacing(grid);
  options->setVerticalSpacing(2);
  for (int i = 0; i < 6; ++i) {
    names_[i] = new QLabel(fields_);
    names_[i]->setBuddy(inputs[i]);
    // They share the form's width, however long what they hold is.
    inputs[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    inputs[i]->setMinimumWidth(10 * grid);
    options->addWidget(names_[i], i / 2 * 2, i % 2);
    options->addWidget(inputs[i], i / 2 * 2 + 1, i % 2);
    options->setColumnStretch(i % 2, 1);
  }
  return options;
}

}  // namespace bandscope::app
