// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/waiting_page.h"

#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "app/queue/run_queue.h"
#include "app/spec/toml_highlighter.h"

namespace bandscope::app {

WaitingPage::WaitingPage(RunQueue* queue, QWidget* parent)
    : QWidget(parent),
      queue_(queue),
      title_(new QLabel(this)),
      state_(new QLabel(this)),
      spec_(new QPlainTextEdit(this)),
      start_(new QPushButton(this)),
      stop_(new QPushButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  auto* texts = new QVBoxLayout;
  texts->setSpacing(2);
  title_->setFont(heading_font(font()));
  for (auto* label : {title_, state_}) {
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    texts->addWidget(label);
  }
  top->addLayout(texts, 1);
  top->addWidget(start_, 0, Qt::AlignTop);
  top->addWidget(stop_, 0, Qt::AlignTop);
  layout->addLayout(top);
  spec_->setReadOnly(true);
  spec_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  spec_->setLineWrapMode(QPlainTextEdit::NoWrap);
  new TomlHighlighter(spec_->document());
  layout->addWidget(spec_, 1);
  start_->setObjectName(QStringLiteral("start-now"));
  connect(start_, &QPushButton::clicked, this, [this] {
    if (const auto* own = run_ ? queue_->find(run_->found.record) : nullptr) queue_->startNow({own->id});
  });
  stop_->setObjectName(QStringLiteral("stop-starting"));
  connect(stop_, &QPushButton::clicked, this, [this] {
    if (const auto* own = run_ ? queue_->find(run_->found.record) : nullptr) queue_->stopStarting(own->id);
  });
  connect(queue_, &RunQueue::changed, this, &WaitingPage::write);
}

void WaitingPage::setRun(const RunEntryPtr& run) {
  run_ = run;
  write();
}

void WaitingPage::write() {
  if (!run_) return;
  const QueuedRun* own = queue_->find(run_->found.record);
  QStringList title{run_->title()};
  for (const auto& part : {run_->objective, run_->model, run_->data}) {
    if (!part.isEmpty()) title << part;
  }
  title_->setText(title.join(QStringLiteral("  ·  ")));
  ShownState state = ShownState::waiting;
  QString text = tr("The run is not in the queue any more.");
  if (own) {
    switch (own->state) {
      case QueuedRun::State::waiting:
        text = queue_->paused() && !own->asked
                   ? tr("The queue is paused. The run is number %1 for %2.").arg(queue_->place(*own)).arg(own->device)
                   : tr("It waits for %2: number %1 in the queue.").arg(queue_->place(*own)).arg(own->device);
        if (own->due && !queue_->trouble().empty()) text = translated_sentence(queue_->trouble());
        break;
      case QueuedRun::State::starting:
      case QueuedRun::State::running:
        text = own->stop
                   ? tr("It is stopping.")
                   : tr("Starting on %1: the engine reads model and data; its record appears then.").arg(own->device);
        state = ShownState::preparing;
        break;
      case QueuedRun::State::failed:
        text = tr("It did not start: %1").arg(translated(own->reason));
        state = ShownState::failed;
        break;
    }
  }
  state_->setText(text);
  QPalette colors;
  colors.setColor(QPalette::WindowText, state_color(state, is_dark()));
  state_->setPalette(colors);
  start_->setText(state == ShownState::failed ? tr("Try again now") : tr("Start now"));
  start_->setVisible(own && !own->active());
  stop_->setText(tr("Stop"));
  stop_->setToolTip(tr("Nothing of it has been trained yet"));
  stop_->setVisible(own && own->active() && !own->stop);
  QString spec;
  if (own) spec = QString::fromUtf8(file_bytes(own->spec, kMostSpecBytes).value_or(QByteArray()));
  if (spec != spec_->toPlainText()) spec_->setPlainText(spec);
  spec_->setAccessibleName(tr("Spec as TOML"));
}

void WaitingPage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  if (event->type() == QEvent::PaletteChange) {
    if (auto* colours = spec_->document()->findChild<TomlHighlighter*>()) colours->rehighlight();
  }
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
