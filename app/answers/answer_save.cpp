// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_save.h"

#include <algorithm>

#include "core/input/json.h"

namespace bandscope::app {
namespace {

using Json = nlohmann::ordered_json;

struct Done {
  Json line;
  QString label, question;
};

std::vector<Done> done_of(const std::vector<AnswerEntry>& entries) {
  std::vector<Done> done;
  for (const auto& entry : entries) {
    for (const auto& answer : entry.answers) {
      if (answer.state != AnswerState::done) continue;
      if (auto line = try_ordered_json(answer.line))
        done.push_back({std::move(*line), answer.label, entry.prompt.question});
    }
  }
  return done;
}

QByteArray text_of(const Json& json, int indent) {
  return QByteArray::fromStdString(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

QByteArray answer_lines(const std::vector<AnswerEntry>& entries) {
  QByteArray lines;
  for (auto& answer : done_of(entries)) {
    answer.line["generator"] = answer.label.toStdString();
    lines += text_of(answer.line, -1) + '\n';
  }
  return lines;
}

QStringList answering_models(const std::vector<AnswerEntry>& entries) {
  QStringList models;
  for (const auto& answer : done_of(entries)) {
    if (!models.contains(answer.label)) models << answer.label;
  }
  return models;
}

QByteArray alpaca_answers(const std::vector<AnswerEntry>& entries, const QString& label) {
  Json array = Json::array();
  for (const auto& answer : done_of(entries)) {
    if (answer.label != label) continue;
    Json one = {{"instruction", answer.question.toStdString()},
                {"output", answer.line.value("output", Json())},
                {"generator", label.toStdString()}};
    if (answer.line.contains("dataset")) one["dataset"] = answer.line["dataset"];
    array.push_back(std::move(one));
  }
  return text_of(array, 2) + '\n';
}

QString answer_text(const AnswerEntry& entry) {
  QStringList parts{entry.prompt.question};
  for (const auto& answer : entry.answers) {
    parts << QStringLiteral("[%1]\n%2").arg(answer.label, answer.text.isEmpty() ? answer.problem : answer.text);
  }
  const auto add = [&](const QString& name, const QString& text) {
    if (!text.isEmpty()) parts << QStringLiteral("[%1]\n%2").arg(name, text);
  };
  add(AnswerLog::tr("chosen"), entry.prompt.chosen);
  add(AnswerLog::tr("rejected"), entry.prompt.rejected);
  return parts.join(QStringLiteral("\n\n")) + QLatin1Char('\n');
}

}  // namespace bandscope::app
