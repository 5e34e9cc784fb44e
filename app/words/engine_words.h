// SPDX-License-Identifier: GPL-3.0-or-later
// What core and engine say, in the window's language. Records, logs and command lines keep the English text; the window
// recognises it by its pattern when it shows it, so that a change of language reaches old records as well.
#pragma once

#include <QString>
#include <exception>
#include <optional>

namespace bandscope::app {

/// `text` in the window's language; as it is, where it is not one of the known sentences (app/words/sentences.h).
QString engine_words(const QString& text);
QString engine_words(const std::exception& error);

/// Nothing when `text` is not known. Values that are sentences of their own and not known stay in English inside.
std::optional<QString> known_engine_words(const QString& text);

/// The kind of an event in a record, e.g. "alert"; as it is, where it is not known.
QString event_kind_word(const QString& kind);

/// The words as a sentence of its own, with a full stop.
QString engine_sentence(const QString& text);
QString engine_sentence(const std::exception& error);

}  // namespace bandscope::app
