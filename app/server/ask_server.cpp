// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/ask_server.h"

#include <QCoreApplication>
#include <QObject>
#include <memory>
#include <utility>

#include "app/language/translated.h"
#include "app/server/server_link.h"

namespace bandscope::app {
namespace {

struct AskStrings {
  Q_DECLARE_TR_FUNCTIONS(AskServer)
};

Message problem_of(const QString& server, const wire::Outcome& outcome) {
  switch (outcome.kind) {
    case wire::Outcome::Kind::answered:
      return {};
    case wire::Outcome::Kind::refused:
      if (!outcome.words.empty()) return outcome.words;
      return plain_message(AskStrings::tr("%1 refuses without a reason").arg(server));
    case wire::Outcome::Kind::overdue:
      return outcome.words;
    case wire::Outcome::Kind::lost:
      break;
  }
  return plain_message(outcome.words.empty()
                           ? AskStrings::tr("the connection to %1 was lost before it answered").arg(server)
                           : AskStrings::tr("the connection to %1 was lost before it answered (%2)")
                                 .arg(server, translated(outcome.words)));
}

}  // namespace

Message why_not_asked(const ServerLinks& links, const QString& server, wire::Ask ask) {
  const ServerLink* link = links ? links(server) : nullptr;
  if (!link) return plain_message(AskStrings::tr("its server is not among those of the settings"));
  if (!link->ready()) return plain_message(AskStrings::tr("%1 is not reached").arg(link->address().name));
  if (!link->knows(ask))
    return plain_message(AskStrings::tr("the engine on %1 is too old for this").arg(link->address().name));
  return {};
}

void ask_server(const ServerLinks& links, const QString& server, wire::Ask ask, wire::Json fields, QObject* context,
                ServerAnswer done) {
  // Once, whoever is first: the answer, or the end of the link, which answers nothing any more.
  const auto hears = std::make_shared<ServerAnswer>(std::move(done));
  const auto tell = [hears](const wire::Json& answer, const Message& problem) {
    if (const auto told = std::exchange(*hears, nullptr)) told(answer, problem);
  };
  if (const Message why = why_not_asked(links, server, ask); !why.empty()) {
    QMetaObject::invokeMethod(
        context, [tell, why] { tell({}, why); }, Qt::QueuedConnection);
    return;
  }
  ServerLink* link = links(server);
  const QString name = link->address().name;
  auto* gone = new QObject(context);
  // Later: where the window itself goes there is nobody to be told any more.
  QObject::connect(
      link, &QObject::destroyed, gone,
      [tell, name, gone] {
        gone->deleteLater();
        tell({}, plain_message(AskStrings::tr("%1 is not reached").arg(name)));
      },
      Qt::QueuedConnection);
  link->ask(ask, std::move(fields), gone, [tell, name, gone](const wire::Outcome& outcome) {
    gone->deleteLater();
    tell(outcome.fields, problem_of(name, outcome));
  });
}

std::optional<QString> text_of(const wire::Json& fields, const char* name) {
  const auto at = fields.find(name);
  if (at == fields.end() || !at->is_string()) return std::nullopt;
  return QString::fromStdString(at->get<std::string>());
}

std::optional<std::uint64_t> count_of(const wire::Json& fields, const char* name) {
  const auto at = fields.find(name);
  return at != fields.end() && at->is_number_unsigned() ? std::optional(at->get<std::uint64_t>()) : std::nullopt;
}

QStringList texts_of(const wire::Json& fields, const char* name) {
  QStringList texts;
  const auto list = fields.find(name);
  if (list == fields.end() || !list->is_array()) return texts;
  for (const auto& text : *list) {
    if (text.is_string()) texts << QString::fromStdString(text.get<std::string>());
  }
  return texts;
}

Message not_understood(const ServerLinks& links, const QString& server) {
  const ServerLink* link = links ? links(server) : nullptr;
  return plain_message(
      AskStrings::tr("%1 gave an answer that is not understood").arg(link ? link->address().name : server));
}

}  // namespace bandscope::app
