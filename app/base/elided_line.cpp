// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/elided_line.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>

#include "app/base/plain_text.h"

namespace bandscope::app {

ElidedLine::ElidedLine(QWidget* parent) : QLabel(parent), copy_(new QAction(this)) {
  setTextFormat(Qt::PlainText);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  connect(copy_, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(whole_); });
  addAction(copy_);
  translate();
  fit();
}

void ElidedLine::translate() { copy_->setText(tr("Copy")); }

void ElidedLine::setWhole(const QString& text) {
  if (text == whole_) return;
  whole_ = text;
  fit();
}

void ElidedLine::fit() {
  setFixedHeight(fontMetrics().height());
  const QString one_line = QString(whole_).replace(QLatin1Char('\n'), QLatin1Char(' '));
  const QString shown = fontMetrics().elidedText(one_line, Qt::ElideRight, width());
  setText(shown);
  setToolTip(shown == one_line ? QString() : plain_text(whole_));
  setAccessibleName(whole_);
  // Where it says nothing the menu is that of what it lies in.
  setContextMenuPolicy(whole_.isEmpty() ? Qt::DefaultContextMenu : Qt::ActionsContextMenu);
}

void ElidedLine::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  fit();
}

void ElidedLine::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) fit();
  if (event->type() == QEvent::LanguageChange) translate();
  QLabel::changeEvent(event);
}

}  // namespace bandscope::app
