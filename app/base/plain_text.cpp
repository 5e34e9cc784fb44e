// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/plain_text.h"

#include <QTextDocument>

namespace bandscope::app {

QString plain_text(const QString& text) {
  if (!Qt::mightBeRichText(text)) return text;
  return QStringLiteral("<span style=\"white-space:pre-wrap\">%1</span>").arg(text.toHtmlEscaped());
}

QString one_line(const QString& text, qsizetype most) {
  const QString line = text.simplified();
  return line.size() > most ? line.left(most) + u'…' : line;
}

}  // namespace bandscope::app
