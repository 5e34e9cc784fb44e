// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_save.h"

#include <QHash>
#include <algorithm>

#include "app/library/shown_names.h"
#include "core/input/json.h"

namespace bandscope::app {
namespace {

using OrderedJson = nlohmann::ordered_json;

struct Done {
  OrderedJson line;
  QString model, question;
};

std::vector<Done> done_of(const std::vector<AnswerEntry>& entries) {
  std::vector<Done> done;
  for (const auto& entry : entries) {
    for (const auto& answer : entry.answers) {
      if (answer.state != AnswerState::done) continue;
      if (auto line = try_ordered_json(answer.line))
        done.push_back({std::move(*line), answer.model, entry.prompt.question});
    }
  }
  return done;
}

/// Of every model the label that it had first, made its own.
QHash<QString, QString> names_of(const std::vector<AnswerEntry>& entries) {
  QStringList models, labels;
  for (const auto& entry : entries) {
    for (const auto& answer : entry.answers) {
      if (models.contains(answer.model)) continue;
      models << answer.model;
      labels << answer.label;
    }
  }
  labels = distinct_names(labels);
  QHash<QString, QString> names;
  for (qsizetype i = 0; i < models.size(); ++i) names[models[i]] = labels[i];
  return names;
}

QByteArray text_of(const OrderedJson& json, int indent) {
  return QByteArray::fromStdString(json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace));
}

QString text_of(const AnswerEntry& entry, const QHash<QString, QString>& names) {
  QStringList parts{entry.prompt.question};
  const auto add = [&](const QString& name, const QString& text) {
    parts << QStringLiteral("[%1]\n%2").arg(name, text);
  };
  for (const auto& answer : entry.answers)
    add(names[answer.model], answer.text.isEmpty() ? answer.problem : answer.text);
  if (!entry.prompt.chosen.isEmpty()) add(AnswerLog::tr("chosen"), entry.prompt.chosen);
  if (!entry.prompt.rejected.isEmpty()) add(AnswerLog::tr("rejected"), entry.prompt.rejected);
  return parts.join(QStringLiteral("\n\n")) + QLatin1Char('\n');
}

}  // namespace

QByteArray answer_lines(const std::vector<AnswerEntry>& entries) {
  const auto names = names_of(entries);
  QByteArray lines;
  for (auto& answer : done_of(entries)) {
    answer.line["generator"] = names[answer.model].toStdString();
    lines += text_of(answer.line, -1) + '\n';
  }
  return lines;
}

std::vector<AnsweringModel> answering_models(const std::vector<AnswerEntry>& entries) {
  const auto names = names_of(entries);
  std::vector<AnsweringModel> models;
  for (const auto& answer : done_of(entries)) {
    if (std::ranges::find(models, answer.model, &AnsweringModel::model) == models.end())
      models.push_back({answer.model, names[answer.model]});
  }
  return models;
}

QByteArray alpaca_answers(const std::vector<AnswerEntry>& entries, const AnsweringModel& model) {
  OrderedJson array = OrderedJson::array();
  for (const auto& answer : done_of(entries)) {
    if (answer.model != model.model) continue;
    OrderedJson one = {{"instruction", answer.question.toStdString()},
                       {"output", answer.line.value("output", OrderedJson())},
                       {"generator", model.name.toStdString()}};
    if (answer.line.contains("dataset")) one["dataset"] = answer.line["dataset"];
    array.push_back(std::move(one));
  }
  return text_of(array, 2) + '\n';
}

QString answers_text(const std::vector<AnswerEntry>& entries) {
  const auto names = names_of(entries);
  QStringList texts;
  for (const auto& entry : entries) texts << text_of(entry, names);
  return texts.join(QStringLiteral("\n\n"));
}

}  // namespace bandscope::app
