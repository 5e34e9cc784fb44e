// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_chips.h"

#include <QEvent>
#include <QTextDocument>
#include <algorithm>
#include <cmath>

namespace bandscope::app {
namespace {

/// A tooltip with more lines than this is taller than the screen.
constexpr qsizetype most_in_tip = 30;

}  // namespace

RunChips::RunChips(QWidget* parent) : QLabel(parent) {
  setTextFormat(Qt::RichText);
  setTextInteractionFlags(Qt::TextSelectableByMouse);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  setMinimumWidth(120);
}

void RunChips::setChips(const QStringList& chips) {
  chips_ = chips;
  fit();
}

int RunChips::widthOf(const QString& html) const {
  QTextDocument document;
  document.setDocumentMargin(0);
  document.setDefaultFont(font());
  document.setHtml(html);
  return int(std::ceil(document.idealWidth()));
}

QString RunChips::lineOf(qsizetype count) const {
  QStringList shown = chips_.mid(0, count);
  if (count < chips_.size()) shown << tr("and %n more", nullptr, int(chips_.size() - count));
  return shown.join(QStringLiteral(" &nbsp;&nbsp;&nbsp; "));
}

void RunChips::fit() {
  const int room = contentsRect().width();
  qsizetype count = 0, width = 0;
  while (count < chips_.size() && width <= room) width += widthOf(chips_[count++]);
  // What stands between them and behind them takes room, too.
  while (count > 1 && widthOf(lineOf(count)) > room) --count;
  setText(lineOf(count));
  const qsizetype told = std::min(chips_.size(), most_in_tip);
  QStringList all = chips_.mid(0, told);
  if (told < chips_.size()) all << tr("and %n more", nullptr, int(chips_.size() - told));
  const bool whole = count == chips_.size() && widthOf(lineOf(count)) <= room;
  setToolTip(whole ? QString() : all.join(QStringLiteral("<br>")));
}

void RunChips::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  fit();
}

void RunChips::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) fit();
  QLabel::changeEvent(event);
}

}  // namespace bandscope::app
