// SPDX-License-Identifier: GPL-3.0-or-later
// The prompt of a pair that a run was trained on, as the run's model sees it, with the pair's two answers.
#pragma once

#include <QString>
#include <stop_token>

#include "app/answers/answer_prompt.h"
#include "app/library/pair_data.h"

namespace bandscope::app {

/// Reads pairs of a record's data by their lines. Used by one thread at a time, which is not the window's.
class PairPrompts {
 public:
  /// The pair of this line (from 0). Record, data and tokenizer are read as they are now. Throws DataError where the
  /// data are gone, others than the run's, or have no such pair; and where it is a conversation and the model's
  /// tokenizer cannot be had. Throws ReadStopped.
  AnswerPrompt read(const QString& record, qint64 line, const std::stop_token& stop);

 private:
  CheckedData checked_;
};

}  // namespace bandscope::app
