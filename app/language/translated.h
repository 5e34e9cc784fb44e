// SPDX-License-Identifier: GPL-3.0-or-later
// What core, engine and figures say (core/message/message.h), in the window's language. Messages are kept as they are
// and translated where they are shown, so that a change of language reaches those of old records as well.
#pragma once

#include <QJsonValue>
#include <QString>
#include <exception>

#include "core/message/message.h"

namespace bandscope::app {

QString translated(const Message& message);
QString translated(const std::exception& error);

/// With a full stop, as a sentence of its own.
QString translated_sentence(const Message& message);
QString translated_sentence(const std::exception& error);

/// A text that is in the window's language already.
Message plain_message(const QString& text);

/// As message_of() of core/schema/message_json.h: what another process has said.
Message kept_message(const QString& english, const QJsonValue& values);

}  // namespace bandscope::app
