// SPDX-License-Identifier: GPL-3.0-or-later
// Answers as files for other programs, and as text for the clipboard. Models are told apart by which they are, not by
// what they are called: two runs of one name have two names in what is written.
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

#include "app/answers/answer_log.h"

namespace bandscope::app {

/// A model that answered.
struct AnsweringModel {
  QString model;  ///< Answer::model
  QString name;   ///< among all of the entries its own
};

/// A line for each answer that is done: the prompt's fields, "output", and "generator", the model's name.
QByteArray answer_lines(const std::vector<AnswerEntry>& entries);
/// Models that have answers which are done, in the order of their appearance.
std::vector<AnsweringModel> answering_models(const std::vector<AnswerEntry>& entries);
/// What AlpacaEval reads: the array of one model's answers with "instruction", "output", "generator".
QByteArray alpaca_answers(const std::vector<AnswerEntry>& entries, const AnsweringModel& model);
/// Prompts and answers under their names.
QString answers_text(const std::vector<AnswerEntry>& entries);

}  // namespace bandscope::app
