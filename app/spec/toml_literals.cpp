// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/spec/toml_literals.h"

#include <algorithm>

#include "core/input/toml.h"
#include "core/spec/spec_document.h"

namespace bandscope::app {
namespace {

constexpr QLatin1Char comma(',');

bool opens(QChar c) { return c == QLatin1Char('[') || c == QLatin1Char('{'); }
bool closes(QChar c) { return c == QLatin1Char(']') || c == QLatin1Char('}'); }
bool is_quote(QChar c) { return c == QLatin1Char('"') || c == QLatin1Char('\''); }

/// Cut at the commas that stand in no quotes and no brackets; white space around and empty parts go.
QStringList split_at_commas(const QString& text, bool comments) {
  QStringList parts;
  QString part;
  const auto finish = [&] {
    if (!part.trimmed().isEmpty()) parts << part.trimmed();
    part.clear();
  };
  int depth = 0;
  QChar quote;
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (!quote.isNull()) {
      part += c;
      if (c == QLatin1Char('\\') && quote == QLatin1Char('"') && i + 1 < text.size()) {
        part += text[++i];
      } else if (c == quote) {
        quote = QChar();
      }
      continue;
    }
    if (comments && c == QLatin1Char('#')) {
      while (i + 1 < text.size() && text[i + 1] != QLatin1Char('\n')) ++i;
      continue;
    }
    // An apostrophe inside a word opens nothing.
    if (is_quote(c) && (comments || part.trimmed().isEmpty() || depth > 0)) quote = c;
    if (opens(c)) ++depth;
    if (closes(c)) depth = std::max(0, depth - 1);
    if (c == comma && depth == 0) {
      finish();
    } else {
      part += c;
    }
  }
  finish();
  return parts;
}

bool is_literal(const QString& text) {
  if (text.size() < 2 || !is_quote(text.front())) return false;
  try {
    return parse_toml("v = " + text.toStdString())["v"].is_string();
  } catch (const TomlError&) {
    return false;
  }
}

/// Reads back as itself where it stands between commas.
bool is_plain(const QString& text) {
  return !text.isEmpty() && text == text.trimmed() && std::none_of(text.begin(), text.end(), [](QChar c) {
    return c == comma || opens(c) || closes(c) || is_quote(c) || c.unicode() < 0x20 || c.unicode() == 0x7F;
  });
}

}  // namespace

QString toml_quoted(const QString& text) { return QString::fromStdString(toml_string(text.toStdString())); }

QString toml_unquoted(const QString& value) {
  if (value.isEmpty() || !is_quote(value.front())) return value;
  try {
    const auto parsed = parse_toml("v = " + value.toStdString());
    if (const auto text = parsed["v"].value<std::string>(); text && parsed.size() == 1)
      return QString::fromStdString(*text);
  } catch (const TomlError&) {
    return value;
  }
  return value;
}

bool takes_text(const SpecKey& key) { return key.type == "string" || key.type == "path" || key.type == "choice"; }

QString toml_value(const SpecKey& key, const QString& text) {
  if (takes_text(key)) return toml_quoted(text);
  try {
    const auto parsed = parse_toml("v = " + text.toStdString());
    const bool comment = text.contains(QLatin1Char('#')) && key.type != "list";
    if (parsed.size() == 1 && !comment && !parsed["v"].is_table()) return text;
  } catch (const TomlError&) {
    return toml_quoted(text);
  }
  return toml_quoted(text);
}

std::optional<QStringList> toml_elements(const QString& array) {
  try {
    const auto parsed = parse_toml("v = " + array.toStdString());
    if (!parsed["v"].is_array() || parsed.size() != 1) return std::nullopt;
  } catch (const TomlError&) {
    return std::nullopt;
  }
  const auto begin = array.indexOf(QLatin1Char('[')), end = array.lastIndexOf(QLatin1Char(']'));
  return split_at_commas(array.mid(begin + 1, end - begin - 1), true);
}

QString toml_list(const QStringList& elements) {
  return QLatin1Char('[') + elements.join(QStringLiteral(", ")) + QLatin1Char(']');
}

QString list_text(const SpecKey& key, const QStringList& elements) {
  QStringList shown;
  for (const auto& element : elements) {
    const QString text = toml_unquoted(element);
    shown << (takes_text(key) && is_plain(text) ? text : element);
  }
  return shown.join(QStringLiteral(", "));
}

QString list_toml(const SpecKey& key, const QString& line) {
  QStringList elements;
  for (const auto& part : split_at_commas(line, false)) {
    elements << (takes_text(key) && is_literal(part) ? part : toml_value(key, part));
  }
  return toml_list(elements);
}

}  // namespace bandscope::app
