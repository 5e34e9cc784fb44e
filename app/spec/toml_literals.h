// SPDX-License-Identifier: GPL-3.0-or-later
// TOML values as people type them in a form: strings without quotes, lists without brackets.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "core/spec/run_spec.h"

namespace bandscope::app {

/// A TOML string literal.
QString toml_quoted(const QString& text);
/// The text of a TOML string literal, other values as they are.
QString toml_unquoted(const QString& value);

/// True for keys whose values are strings in TOML.
bool takes_text(const SpecKey& key);

/// The TOML value that a text typed for the key means. What is no value yet ("1e" on the way to 1e-5) becomes a string,
/// so that the document stays TOML and the parser says what the key takes.
QString toml_value(const SpecKey& key, const QString& text);

/// The elements of a TOML array, each as it is written; nullopt when it is no array.
std::optional<QStringList> toml_elements(const QString& array);
/// The array of these.
QString toml_list(const QStringList& elements);

/// Elements for a line of the form: "dpo, simpo". Quotes stay where a comma or a bracket needs them.
QString list_text(const SpecKey& key, const QStringList& elements);
/// What such a line means: ["dpo", "simpo"].
QString list_toml(const SpecKey& key, const QString& line);

}  // namespace bandscope::app
