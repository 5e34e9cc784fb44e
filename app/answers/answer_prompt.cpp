// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_prompt.h"

#include <QStringList>

#include "app/library/pair_data.h"
#include "training/data/prompts.h"

namespace bandscope::app {
namespace {

std::string one_line(const data::RowValue& value) {
  return value.dump(-1, ' ', false, data::RowValue::error_handler_t::replace);
}

}  // namespace

AnswerPrompt text_prompt(const QString& text) { return {text, {}, {}, one_line({{"prompt", text.toStdString()}})}; }

std::vector<AnswerPrompt> prompts_in(const QString& file, const std::stop_token& stop) {
  std::vector<AnswerPrompt> prompts;
  const auto go_on = [&stop] {
    if (stop.stop_requested()) throw ReadStopped{};
  };
  for (const auto& prompt : data::read_prompts(file.toStdString(), most_prompts, go_on)) {
    prompts.push_back({QString::fromStdString(data::question_of(prompt)), {}, {}, one_line(prompt.fields)});
  }
  return prompts;
}

QStringList arguments_of(const AnswerSettings& settings) {
  QStringList arguments{QStringLiteral("--max-tokens"),  QString::number(settings.max_tokens),
                        QStringLiteral("--temperature"), QString::number(settings.temperature),
                        QStringLiteral("--top-p"),       QString::number(settings.top_p),
                        QStringLiteral("--seed"),        QString::number(settings.seed)};
  if (settings.chat) arguments << QStringLiteral("--chat");
  return arguments;
}

}  // namespace bandscope::app
