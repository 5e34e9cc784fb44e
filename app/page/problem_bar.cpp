// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/problem_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/glyphs.h"

namespace bandscope::app {

ProblemBar::ProblemBar(QWidget* parent)
    : QFrame(parent), label_(new QLabel(this)), action_(new QPushButton(this)), close_(new QToolButton(this)) {
  setObjectName(QStringLiteral("problem-bar"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(grid, grid / 2, grid / 2, grid / 2);
  layout->setSpacing(grid);
  label_->setWordWrap(true);
  label_->setTextFormat(Qt::PlainText);
  label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  close_->setAutoRaise(true);
  layout->addWidget(label_, 1);
  layout->addWidget(action_);
  layout->addWidget(close_);
  setAutoFillBackground(true);
  connect(action_, &QPushButton::clicked, this, [this] {
    if (shown_ >= 0 && problems_[std::size_t(shown_)].act) problems_[std::size_t(shown_)].act();
  });
  connect(close_, &QToolButton::clicked, this, [this] {
    if (shown_ >= 0) closed_ << problems_[std::size_t(shown_)].text;
    write();
  });
  setVisible(false);
}

void ProblemBar::setProblems(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.kind > b.kind; });
  const bool same = problems == problems_;
  problems_ = std::move(problems);
  if (!same) write();
}

QString ProblemBar::text() const { return isVisibleTo(parentWidget()) ? label_->text() : QString(); }

void ProblemBar::write() {
  shown_ = -1;
  int open = 0;
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    if (closed_.contains(problems_[i].text)) continue;
    if (shown_ < 0) shown_ = int(i);
    ++open;
  }
  setVisible(shown_ >= 0);
  if (shown_ < 0) return;
  const auto& problem = problems_[std::size_t(shown_)];
  label_->setText(open > 1 ? tr("%1 (%n more)", nullptr, open - 1).arg(problem.text) : problem.text);
  action_->setText(problem.action);
  action_->setVisible(!problem.action.isEmpty());
  close_->setIcon(glyph(Glyph::close, palette()));
  close_->setToolTip(tr("Hide this message"));
  close_->setAccessibleName(close_->toolTip());
  const bool dark = is_dark();
  QColor ground;
  switch (problem.kind) {
    case Problem::Kind::note:
      ground = dark ? QColor(0x22, 0x33, 0x44) : QColor(0xe3, 0xee, 0xf7);
      break;
    case Problem::Kind::warning:
      ground = dark ? QColor(0x42, 0x36, 0x1c) : QColor(0xfb, 0xf0, 0xd4);
      break;
    case Problem::Kind::error:
      ground = dark ? QColor(0x4a, 0x27, 0x1f) : QColor(0xfb, 0xe1, 0xd8);
      break;
  }
  if (palette().color(QPalette::Window) != ground) {
    QPalette own;  // the ground only: everything else follows the look
    own.setColor(QPalette::Window, ground);
    setPalette(own);
  }
}

void ProblemBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  QFrame::changeEvent(event);
}

}  // namespace bandscope::app
