// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that stand in the C++ sources, for comparing them with tables made from them.
#pragma once

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QStringList>
#include <vector>

namespace bandscope::testing {

/// One statement of a source file: its code without its texts, and its texts, with neighbours joined as the compiler
/// joins them and their escapes resolved.
struct SourceStatement {
  QString code;
  QStringList texts;
};

inline std::vector<SourceStatement> statements_of(const QString& file) {
  QFile in(file);
  if (!in.open(QIODevice::ReadOnly)) return {};
  const QString text = QString::fromUtf8(in.readAll());
  std::vector<SourceStatement> all;
  SourceStatement now;
  bool neighbour = false;  // only white space since the last text
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (text.mid(i, 2) == QLatin1String("//")) {
      i = text.indexOf(QLatin1Char('\n'), i);
      if (i < 0) break;
    } else if (c == QLatin1Char('#') && now.code.trimmed().isEmpty()) {
      i = text.indexOf(QLatin1Char('\n'), i);
      if (i < 0) break;
    } else if (c == QLatin1Char('\'') && i + 2 < text.size() &&
               (text[i + 2] == c || text[i + 1] == QLatin1Char('\\'))) {
      i = text.indexOf(c, i + (text[i + 1] == QLatin1Char('\\') ? 3 : 2));
      neighbour = false;
    } else if (c == QLatin1Char('"')) {
      QString one;
      for (++i; i < text.size() && text[i] != c; ++i) {
        if (text[i] != QLatin1Char('\\')) {
          one += text[i];
        } else {
          const QChar escaped = text[++i];
          one += escaped == QLatin1Char('n')   ? QLatin1Char('\n')
                 : escaped == QLatin1Char('t') ? QLatin1Char('\t')
                                               : escaped;
        }
      }
      neighbour ? void(now.texts.back() += one) : now.texts.push_back(one);
      neighbour = true;
    } else if (c == QLatin1Char(';') || c == QLatin1Char('{') || c == QLatin1Char('}')) {
      if (!now.texts.isEmpty()) all.push_back(now);
      now = {};
      neighbour = false;
    } else {
      now.code += c;
      if (!c.isSpace()) neighbour = false;
    }
  }
  return all;
}

inline std::vector<SourceStatement> statements_below(const QString& folder, const QRegularExpression& skip = {}) {
  std::vector<SourceStatement> all;
  QDirIterator files(folder, {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                     QDirIterator::Subdirectories);
  while (files.hasNext()) {
    const QString file = files.next();
    if (!skip.pattern().isEmpty() && skip.match(file).hasMatch()) continue;
    for (auto& statement : statements_of(file)) {
      statement.code.prepend(file.mid(folder.size()) + QLatin1Char(' '));
      all.push_back(std::move(statement));
    }
  }
  return all;
}

}  // namespace bandscope::testing
