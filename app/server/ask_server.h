// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to a server by its id, and what became of them in words for people.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <optional>

#include "core/message/message.h"
#include "core/serve/protocol.h"

class QObject;

namespace bandscope::app {

class ServerLink;

/// The link of the server with this id; null: there is none (any more).
using ServerLinks = std::function<ServerLink*(const QString& id)>;

/// `problem` is part of a sentence, empty where `fields` are an answer.
using ServerAnswer = std::function<void(const wire::Json& fields, const Message& problem)>;

/// Why nothing can be asked of this server at this moment; empty where it can. `ask`: the request that is to be made.
Message why_not_asked(const ServerLinks& links, const QString& server, wire::Ask ask);

/// Asks; `done` is called later in this thread, once, unless `context` has gone by then. What cannot be asked, what the
/// server refuses and what is lost on the way is a problem.
void ask_server(const ServerLinks& links, const QString& server, wire::Ask ask, wire::Json fields, QObject* context,
                ServerAnswer done);

/// A member of an answer; nothing where it is missing or no text.
std::optional<QString> text_of(const wire::Json& fields, const char* name);
/// A whole number of an answer; nothing where it is missing or none.
std::optional<std::uint64_t> count_of(const wire::Json& fields, const char* name);
/// Texts of a list of an answer, without what else stands there; none where it is missing or no list.
QStringList texts_of(const wire::Json& fields, const char* name);
/// Of an answer without what it must have.
Message not_understood(const ServerLinks& links, const QString& server);

}  // namespace bandscope::app
