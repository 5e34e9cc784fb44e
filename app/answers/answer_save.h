// SPDX-License-Identifier: GPL-3.0-or-later
// Answers as files for other programs, and as text for the clipboard.
#pragma once

#include <QByteArray>
#include <QStringList>
#include <vector>

#include "app/answers/answer_log.h"

namespace bandscope::app {

/// A line for each answer that is done: the prompt's fields, "output", and "generator", the model's name.
QByteArray answer_lines(const std::vector<AnswerEntry>& entries);
/// Models that have answers which are done, in the order of their appearance.
QStringList answering_models(const std::vector<AnswerEntry>& entries);
/// What AlpacaEval reads: the array of one model's answers with "instruction", "output", "generator".
QByteArray alpaca_answers(const std::vector<AnswerEntry>& entries, const QString& label);
/// Prompt and answers under their names.
QString answer_text(const AnswerEntry& entry);

}  // namespace bandscope::app
