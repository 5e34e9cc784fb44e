// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/spec/toml_highlighter.h"

#include <QGuiApplication>
#include <QPalette>
#include <QRegularExpression>

namespace bandscope::app {

void TomlHighlighter::highlightBlock(const QString& text) {
  static const QRegularExpression table(QStringLiteral("^\\s*\\[[^\\]]*\\]"));
  static const QRegularExpression key(QStringLiteral("^\\s*[\"A-Za-z0-9_.-]+(?=\\s*=)"));
  const QPalette palette = QGuiApplication::palette();
  QTextCharFormat bold;
  bold.setFontWeight(QFont::DemiBold);
  QTextCharFormat named;
  named.setForeground(palette.color(QPalette::Link));
  QTextCharFormat faint;
  faint.setForeground(palette.color(QPalette::PlaceholderText));
  if (const auto match = table.match(text); match.hasMatch()) setFormat(0, int(match.capturedEnd()), bold);
  if (const auto match = key.match(text); match.hasMatch()) {
    setFormat(int(match.capturedStart()), int(match.capturedLength()), named);
  }
  bool quoted = false;
  for (int i = 0; i < text.size(); ++i) {
    if (text[i] == QLatin1Char('"')) quoted = !quoted;
    if (!quoted && text[i] == QLatin1Char('#')) {
      setFormat(i, int(text.size()) - i, faint);
      break;
    }
  }
}

}  // namespace bandscope::app
