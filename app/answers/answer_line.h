// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of `bandscope-engine generate --stream` (core/SPECIFICATION.md), from a process that may be any program.
#pragma once

#include <QByteArray>
#include <QString>
#include <string>

namespace bandscope::app {

struct AnswerLine {
  enum Kind { loaded, piece, answer } kind = loaded;
  int index = -1;     ///< of the prompt
  qint64 tokens = 0;  ///< so far
  QString text;       ///< of a piece; of an answer the whole
  std::string line;   ///< of an answer: the prompt's fields with "output", as one line of JSON
};

/// Bytes of a line that are taken.
inline constexpr qint64 longest_answer_line = qint64{8} << 20;

/// Throws RunError for what is no such line of an answer to one of `prompts` prompts.
AnswerLine parse_answer_line(const QByteArray& line, int prompts);

}  // namespace bandscope::app
