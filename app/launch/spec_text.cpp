// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_text.h"

#include <toml++/toml.h>

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <sstream>
#include <utility>

namespace bandscope::app {
namespace {

QString written(const toml::node& node) {
  std::ostringstream out;
  if (const auto* table = node.as_table()) {
    out << toml::toml_formatter(*table, toml::toml_formatter::default_flags);
  } else {
    node.visit([&](const auto& typed) { out << typed; });
  }
  return QString::fromStdString(out.str());
}

/// Table and name in it. A swept key keeps its dots: sweep."calibration.enabled".
std::pair<QString, QString> split(const QString& key) {
  const auto dot = key.startsWith(QLatin1String("sweep.")) ? 5 : key.lastIndexOf(QLatin1Char('.'));
  return {key.left(std::max<qsizetype>(0, dot)), key.mid(dot + 1)};
}

/// Brackets that are open at the end of a value's line: an array may go on.
int open_brackets(const QString& line) {
  int open = 0;
  bool quoted = false;
  for (const QChar c : line) {
    if (c == QLatin1Char('"')) quoted = !quoted;
    if (quoted) continue;
    if (c == QLatin1Char('#')) break;
    if (c == QLatin1Char('[') || c == QLatin1Char('{')) ++open;
    if (c == QLatin1Char(']') || c == QLatin1Char('}')) --open;
  }
  return open;
}

}  // namespace

QString toml_quoted(const QString& text) {
  QString out = text;
  out.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\""));
  return QLatin1Char('"') + out + QLatin1Char('"');
}

QString toml_unquoted(const QString& value) {
  if (value.size() < 2 || !value.startsWith(QLatin1Char('"'))) {
    if (value.size() >= 2 && value.startsWith(QLatin1Char('\'')) && value.endsWith(QLatin1Char('\'')))
      return value.mid(1, value.size() - 2);
    return value;
  }
  try {
    const auto parsed = toml::parse("v = " + value.toStdString());
    if (const auto text = parsed["v"].value<std::string>()) return QString::fromStdString(*text);
  } catch (const toml::parse_error&) {
    return value;
  }
  return value;
}

std::optional<QString> SpecText::value(const QString& key) const {
  try {
    const auto document = toml::parse(text_.toStdString());
    const auto [table, leaf] = split(key);
    const auto* holder = document.at_path(table.toStdString()).as_table();
    const auto* node = holder ? holder->get(leaf.toStdString()) : nullptr;
    if (!node) return std::nullopt;
    return written(*node);
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

SpecText::Place SpecText::find(const QStringList& lines, const QString& key) const {
  static const QRegularExpression head(QStringLiteral("^\\s*\\[\\s*([^\\[\\]]+?)\\s*\\]\\s*(#.*)?$"));
  static const QRegularExpression entry(QStringLiteral("^\\s*\"?([A-Za-z0-9_.-]+)\"?\\s*="));
  Place place;
  QString table;
  const QString wanted = split(key).first;
  const QString parent = wanted.section(QLatin1Char('.'), 0, -2);
  for (qsizetype i = 0; i < lines.size(); ++i) {
    if (const auto match = head.match(lines[i]); match.hasMatch()) {
      table = match.captured(1);
      if (table == wanted) {
        place.table_line = i;
        place.table_end = i + 1;
      }
      continue;
    }
    const auto match = entry.match(lines[i]);
    if (!match.hasMatch()) continue;
    const QString full = table.isEmpty() ? match.captured(1) : table + QLatin1Char('.') + match.captured(1);
    qsizetype last = i;
    for (int open = open_brackets(lines[i].section(QLatin1Char('='), 1)); open > 0 && last + 1 < lines.size();) {
      open += open_brackets(lines[++last]);
    }
    if (full == key) {
      place.line = i;
      place.last_line = last;
    } else if (full == wanted && table == parent && !parent.isEmpty()) {
      place.line = i;
      place.last_line = last;
      place.in_line_table = true;
    }
    if (table == wanted && place.table_line >= 0) place.table_end = last + 1;
    i = last;
  }
  return place;
}

void SpecText::set(const QString& key, const QString& toml_value) {
  QStringList lines = text_.split(QLatin1Char('\n'));
  const Place place = find(lines, key);
  const auto [table_name, leaf] = split(key);
  const QString written_line =
      (leaf.contains(QLatin1Char('.')) ? toml_quoted(leaf) : leaf) + QStringLiteral(" = ") + toml_value;
  if (place.line >= 0 && place.in_line_table) {
    // model.lora = { … }: written anew as one line.
    try {
      auto parsed =
          toml::parse(lines.mid(place.line, place.last_line - place.line + 1).join(QLatin1Char('\n')).toStdString());
      auto value = toml::parse("v = " + toml_value.toStdString());
      auto* table = parsed.begin()->second.as_table();
      table->insert_or_assign(leaf.toStdString(), *value.get("v"));
      table->is_inline(true);
      std::ostringstream out;
      out << parsed;
      lines.remove(place.line, place.last_line - place.line + 1);
      lines.insert(place.line, QString::fromStdString(out.str()).trimmed());
    } catch (const toml::parse_error&) {
      return;  // the user is in the middle of writing it
    }
  } else if (place.line >= 0) {
    lines.remove(place.line, place.last_line - place.line + 1);
    lines.insert(place.line, written_line);
  } else if (place.table_line >= 0) {
    lines.insert(place.table_end, written_line);
  } else {
    while (!lines.isEmpty() && lines.last().trimmed().isEmpty()) lines.removeLast();
    if (!lines.isEmpty()) lines << QString();
    lines << QLatin1Char('[') + table_name + QLatin1Char(']') << written_line << QString();
  }
  text_ = lines.join(QLatin1Char('\n'));
}

void SpecText::remove(const QString& key) {
  QStringList lines = text_.split(QLatin1Char('\n'));
  const Place place = find(lines, key);
  if (place.line < 0 || place.in_line_table) return;
  lines.remove(place.line, place.last_line - place.line + 1);
  text_ = lines.join(QLatin1Char('\n'));
}

}  // namespace bandscope::app
