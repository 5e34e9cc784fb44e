// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/language/translated.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/schema/message_json.h"

namespace bandscope::app {
namespace {

struct EngineWords {
  Q_DECLARE_TR_FUNCTIONS(EngineWords)
};

std::string words(const Message& message) {
  if (!message.is_sentence()) return message.text();
  std::vector<std::string> values;
  for (const Message& value : message.values()) values.push_back(words(value));
  // What is said of a spec's keys has a context of its own (i18n/spec_help_strings.cpp).
  const char* english = message.text().c_str();
  QString sentence = QCoreApplication::translate("Message", english);
  if (values.empty() && sentence == QString::fromUtf8(english))
    sentence = QCoreApplication::translate("SpecHelp", english);
  return Message::filled(sentence.toStdString(), values);
}

}  // namespace

QString translated(const Message& message) { return QString::fromStdString(words(message)); }

QString translated(const std::exception& error) { return translated(message_of(error)); }

QString translated_sentence(const Message& message) {
  const QString text = translated(message);
  return text.endsWith(QLatin1Char('.')) || text.endsWith(QChar(0x3002)) ? text : EngineWords::tr("%1.").arg(text);
}

QString translated_sentence(const std::exception& error) { return translated_sentence(message_of(error)); }

Message plain_message(const QString& text) { return Message::plain(text.toStdString()); }

Message kept_message(const QString& english, const QJsonValue& values) {
  const QByteArray json =
      values.isArray() ? QJsonDocument(values.toArray()).toJson(QJsonDocument::Compact) : QByteArray();
  return message_of_text(english.toStdString(), std::string_view(json.constData(), std::size_t(json.size())));
}

}  // namespace bandscope::app
