// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/latex_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bandscope::viz {

QString latex_text(const QString& text) {
  static const std::pair<QChar, QString> escapes[] = {{QLatin1Char('\\'), QStringLiteral("\\textbackslash{}")},
                                                      {QLatin1Char('_'), QStringLiteral("\\_")},
                                                      {QLatin1Char('%'), QStringLiteral("\\%")},
                                                      {QLatin1Char('&'), QStringLiteral("\\&")},
                                                      {QLatin1Char('#'), QStringLiteral("\\#")},
                                                      {QLatin1Char('$'), QStringLiteral("\\$")},
                                                      {QLatin1Char('{'), QStringLiteral("\\{")},
                                                      {QLatin1Char('}'), QStringLiteral("\\}")},
                                                      {QLatin1Char('~'), QStringLiteral("\\textasciitilde{}")},
                                                      {QLatin1Char('^'), QStringLiteral("\\textasciicircum{}")},
                                                      {QLatin1Char('<'), QStringLiteral("\\textless{}")},
                                                      {QLatin1Char('>'), QStringLiteral("\\textgreater{}")},
                                                      {QLatin1Char('|'), QStringLiteral("\\textbar{}")},
                                                      {QChar(0x2212), QStringLiteral("$-$")},
                                                      {QChar(0x0394), QStringLiteral("$\\Delta$")},
                                                      {QChar(0x03b1), QStringLiteral("$\\alpha$")},
                                                      {QChar(0x03c1), QStringLiteral("$\\rho$")},
                                                      {QChar(0x00b7), QStringLiteral("$\\cdot$")},
                                                      {QChar(0x2013), QStringLiteral("--")},
                                                      {QChar(0x202f), QStringLiteral("\\,")},
                                                      {QChar(0x00a0), QStringLiteral("~")}};
  QString out;
  for (qsizetype i = 0; i < text.size(); ++i) {
    // Likelihoods are set as in the paper.
    if (text[i] == QLatin1Char('z') && i + 2 < text.size() && text[i + 1] == QLatin1Char('_') &&
        (text[i + 2] == QLatin1Char('w') || text[i + 2] == QLatin1Char('l')) &&
        (i + 3 == text.size() || !text[i + 3].isLetterOrNumber())) {
      out += QStringLiteral("$z_%1$").arg(text[i + 2]);
      i += 2;
      continue;
    }
    const auto* at = std::find_if(std::begin(escapes), std::end(escapes),
                                  [&](const auto& escape) { return escape.first == text[i]; });
    out += at == std::end(escapes) ? QString(text[i]) : at->second;
  }
  return out;
}

}  // namespace bandscope::viz
