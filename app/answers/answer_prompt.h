// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked, and how it is answered.
#pragma once

#include <QString>
#include <stop_token>
#include <string>
#include <vector>

namespace bandscope::app {

struct AnswerPrompt {
  QString question;          ///< for people
  QString chosen, rejected;  ///< the data's own answers, where the prompt is one of a pair's
  std::string line;          ///< for the engine: one line of JSON, without its end
};

/// The options of `bandscope-engine generate`.
struct AnswerSettings {
  int max_tokens = 256;
  double temperature = 0;  ///< 0: the likeliest token each time
  double top_p = 1;
  int seed = 0;
  bool chat = false;
};

AnswerPrompt text_prompt(const QString& text);
/// Every prompt of a file of JSON lines; at most `most_prompts`. Throws DataError and ReadStopped. Not for the
/// window's thread.
std::vector<AnswerPrompt> prompts_in(const QString& file, const std::stop_token& stop);
inline constexpr std::size_t most_prompts = 1000;

/// The arguments of `generate` that these settings are.
QStringList arguments_of(const AnswerSettings& settings);

}  // namespace bandscope::app
