// SPDX-License-Identifier: GPL-3.0-or-later
// Quiet highlighting of TOML: tables, keys, comments.
#pragma once

#include <QSyntaxHighlighter>

namespace bandscope::app {

class TomlHighlighter : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override;
};

}  // namespace bandscope::app
