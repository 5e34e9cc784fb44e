// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/spec/spec_text.h"

#include <algorithm>

#include "core/input/toml.h"

namespace bandscope::app {
namespace {

constexpr QLatin1Char newline('\n');

QString plain_key(std::string_view key) { return QString::fromUtf8(key.data(), qsizetype(key.size())); }

bool is_bare(const QString& key) {
  return !key.isEmpty() && std::all_of(key.begin(), key.end(), [](QChar c) {
    return (c.unicode() < 128 && c.isLetterOrNumber()) || c == QLatin1Char('-') || c == QLatin1Char('_');
  });
}

/// The key as it is written below `table`: sweep."calibration.enabled", but model.lora.rank.
QString written_key(const QString& table, const QString& rest) {
  if (table == QLatin1String("sweep")) return is_bare(rest) ? rest : toml_quoted(rest);
  QStringList parts = rest.split(QLatin1Char('.'));
  for (auto& part : parts) {
    if (!is_bare(part)) part = toml_quoted(part);
  }
  return parts.join(QLatin1Char('.'));
}

/// `rest = value`, with a table of its own for a key below a table that is not there: lora = { rank = 8 }.
QString assignment(const QString& table, const QString& rest, const QString& value) {
  const auto dot = rest.indexOf(QLatin1Char('.'));
  if (dot < 0 || table == QLatin1String("sweep")) {
    return written_key(table, rest) + QStringLiteral(" = ") + value;
  }
  return rest.left(dot) + QStringLiteral(" = { ") + written_key({}, rest.mid(dot + 1)) + QStringLiteral(" = ") + value +
         QStringLiteral(" }");
}

}  // namespace

/// Places of toml++ are lines and columns of code points.
struct SpecText::Reader {
  SpecText& spec;
  std::vector<qsizetype> lines{0};

  explicit Reader(SpecText& text) : spec(text) {
    for (qsizetype i = 0; i < text.text_.size(); ++i) {
      if (text.text_[i] == newline) lines.push_back(i + 1);
    }
  }
  qsizetype at(const toml::source_position& place) const {
    if (place.line < 1 || place.line > lines.size()) return spec.text_.size();
    qsizetype index = lines[place.line - 1];
    for (auto left = place.column; left > 1 && index < spec.text_.size(); --left) {
      index += spec.text_[index].isHighSurrogate() ? 2 : 1;
    }
    return std::min(index, spec.text_.size());
  }
  void read(const toml::table& table, const QString& prefix, bool in_line) {
    for (const auto& [key, node] : table) {
      const QString name = prefix.isEmpty() ? plain_key(key.str()) : prefix + QLatin1Char('.') + plain_key(key.str());
      const qsizetype begin = at(node.source().begin), end = at(node.source().end);
      if (const auto* child = node.as_table()) {
        Table made{Table::Kind::dotted, name, at(key.source().begin), begin, end, in_line};
        if (child->is_inline()) {
          made.kind = Table::Kind::in_line;
        } else if (begin < spec.text_.size() && spec.text_[begin] == QLatin1Char('[')) {
          // [a.b] makes `a` with the same place.
          const bool implied = std::any_of(child->begin(), child->end(), [&](const auto& item) {
            return item.second.is_table() && item.second.source().begin == node.source().begin;
          });
          if (!implied) made.kind = Table::Kind::header;
        }
        spec.tables_.push_back(made);
        read(*child, name, in_line || child->is_inline());
      } else {
        spec.entries_.push_back({name, at(key.source().begin), begin, end, in_line});
      }
    }
  }
};

SpecText::SpecText(const QString& text) : text_(text) { read(); }

void SpecText::read() {
  entries_.clear();
  tables_.clear();
  readable_ = false;
  try {
    const auto document = parse_toml(text_.toStdString());
    Reader(*this).read(document, {}, false);
    readable_ = true;
  } catch (const TomlError&) {
    entries_.clear();
    tables_.clear();
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.key_begin < b.key_begin; });
}

const SpecText::Entry* SpecText::find(const QString& key) const {
  for (const auto& entry : entries_) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const SpecText::Table* SpecText::table(const QString& key) const {
  for (const auto& table : tables_) {
    if (table.key == key) return &table;
  }
  return nullptr;
}

std::optional<QString> SpecText::value(const QString& key) const {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  return text_.mid(entry->value_begin, entry->value_end - entry->value_begin);
}

QStringList SpecText::keys() const {
  QStringList keys;
  for (const auto& entry : entries_) keys << entry.key;
  return keys;
}

int SpecText::line(const QString& key) const {
  const auto* entry = find(key);
  return entry ? int(text_.left(entry->key_begin).count(newline)) : -1;
}

qsizetype SpecText::line_begin(qsizetype at) const { return at <= 0 ? 0 : text_.lastIndexOf(newline, at - 1) + 1; }

qsizetype SpecText::line_end(qsizetype at) const {
  const auto end = text_.indexOf(newline, at);
  return end < 0 ? text_.size() : end;
}

void SpecText::set(const QString& key, const QString& toml_value) {
  if (!readable_) return;
  if (const auto* entry = find(key)) {
    text_.replace(entry->value_begin, entry->value_end - entry->value_begin, toml_value);
    return read();
  }
  // The innermost table that is there already takes it.
  const bool swept = key.startsWith(QLatin1String("sweep."));
  auto dot = swept ? 5 : key.lastIndexOf(QLatin1Char('.'));
  for (; dot > 0; dot = key.lastIndexOf(QLatin1Char('.'), dot - 1)) {
    const QString prefix = key.left(dot), rest = key.mid(dot + 1);
    const auto* holder = table(prefix);
    if (!holder) continue;
    switch (holder->kind) {
      case Table::Kind::header:
        put_in_header(*holder, rest, toml_value);
        break;
      case Table::Kind::in_line:
        put_in_line(*holder, rest, toml_value);
        break;
      case Table::Kind::dotted:
        put_after_last(prefix, key, toml_value);
        break;
    }
    return read();
  }
  dot = key.indexOf(QLatin1Char('.'));
  while (text_.endsWith(newline)) text_.chop(1);
  if (!text_.isEmpty()) text_ += QStringLiteral("\n\n");
  text_ += QLatin1Char('[') + key.left(dot) + QStringLiteral("]\n") +
           assignment(key.left(dot), key.mid(dot + 1), toml_value) + newline;
  read();
}

void SpecText::put_in_header(const Table& header, const QString& rest, const QString& value) {
  // After the last value before the next header, so that comments above that one stay with it.
  qsizetype next = text_.size();
  for (const auto& other : tables_) {
    if (other.kind == Table::Kind::header && other.begin > header.begin) next = std::min(next, other.begin);
  }
  qsizetype last = header.end;
  for (const auto& entry : entries_) {
    if (entry.key_begin > header.begin && entry.key_begin < next) last = std::max(last, entry.value_end);
  }
  for (const auto& inner : tables_) {
    if (inner.kind == Table::Kind::in_line && inner.begin > header.begin && inner.begin < next)
      last = std::max(last, inner.end);
  }
  text_.insert(line_end(last), newline + assignment(header.key, rest, value));
}

void SpecText::put_in_line(const Table& table, const QString& rest, const QString& value) {
  qsizetype close = table.end - 1;  // of the brace
  while (close > table.begin + 1 && text_[close - 1].isSpace()) --close;
  const bool empty = text_[close - 1] == QLatin1Char('{');
  text_.insert(close, (empty ? QStringLiteral(" ") : QStringLiteral(", ")) + assignment(table.key, rest, value) +
                          (empty && !text_[close].isSpace() ? QStringLiteral(" ") : QString()));
}

void SpecText::put_after_last(const QString& prefix, const QString& key, const QString& value) {
  const Entry* last = nullptr;
  for (const auto& entry : entries_) {
    if (entry.key.startsWith(prefix + QLatin1Char('.')) && !entry.in_inline_table) last = &entry;
  }
  if (!last) return;
  // Written as that one is: below the header that it stands under.
  QString above;
  qsizetype nearest = -1;
  for (const auto& table : tables_) {
    if (table.kind != Table::Kind::header || table.begin > last->key_begin || table.begin < nearest) continue;
    nearest = table.begin;
    above = table.key;
  }
  const QString rest = above.isEmpty() ? key : key.mid(above.size() + 1);
  const QString written = above.isEmpty() && key.startsWith(QLatin1String("sweep."))
                              ? QStringLiteral("sweep.") + toml_quoted(key.mid(6))
                              : written_key(above, rest);
  text_.insert(line_end(last->value_end), newline + written + QStringLiteral(" = ") + value);
}

void SpecText::take_out(qsizetype key_begin, qsizetype end, bool in_inline_table) {
  if (!in_inline_table) {
    const qsizetype begin = line_begin(key_begin);
    text_.remove(begin, std::min(line_end(end) + 1, text_.size()) - begin);
    return;
  }
  qsizetype begin = key_begin;
  while (begin > 0 && text_[begin - 1] != QLatin1Char('{') && text_[begin - 1] != QLatin1Char(',')) --begin;
  qsizetype after = end;
  while (after < text_.size() && text_[after].isSpace()) ++after;
  if (after < text_.size() && text_[after] == QLatin1Char(',')) {
    end = after + 1;
  } else if (begin > 0 && text_[begin - 1] == QLatin1Char(',')) {
    --begin;
  }
  text_.remove(begin, end - begin);
}

void SpecText::remove(const QString& key) {
  const auto* entry = find(key);
  if (!entry) return;
  take_out(entry->key_begin, entry->value_end, entry->in_inline_table);
  read();
  // Tables that say nothing any more go with their last key, from the inside out.
  for (QString parent = key; parent.contains(QLatin1Char('.'));) {
    parent = parent.left(parent.lastIndexOf(QLatin1Char('.')));
    take_out_empty(parent);
  }
}

void SpecText::take_out_empty(const QString& name) {
  const auto* empty = table(name);
  if (!empty) return;
  const auto inside = [&](const auto& other) { return other.key.startsWith(name + QLatin1Char('.')); };
  if (std::any_of(entries_.begin(), entries_.end(), inside)) return;
  if (std::any_of(tables_.begin(), tables_.end(), inside)) return;
  if (empty->kind == Table::Kind::in_line) {
    take_out(empty->key_begin, empty->end, empty->in_inline_table);
  } else if (empty->kind == Table::Kind::header) {
    const qsizetype begin = line_begin(empty->begin), end = std::min(line_end(empty->end) + 1, text_.size());
    if (text_.mid(end, line_end(end) - end).trimmed().startsWith(QLatin1Char('#'))) return;  // a comment is left
    text_.remove(begin, end - begin);
    while (text_.endsWith(QStringLiteral("\n\n"))) text_.chop(1);
  }
  read();
}

}  // namespace bandscope::app
