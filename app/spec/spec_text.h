// SPDX-License-Identifier: GPL-3.0-or-later
// A run spec as text that both the form and the user edit: values are written where they stand, so that comments,
// order and whatever else the user wrote stay.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "app/spec/toml_literals.h"

namespace bandscope::app {

class SpecText {
 public:
  explicit SpecText(const QString& text = {});

  const QString& text() const { return text_; }
  /// False while the text is no TOML: then nothing has a value and nothing is written.
  bool readable() const { return readable_; }

  /// What is written for a dotted key, as TOML ("\"dpo\"", "1e-6", "true"); nullopt when it is not written. Swept keys
  /// are "sweep." and the key, however their table is written.
  std::optional<QString> value(const QString& key) const;
  /// Writes a TOML value, in the key's table (made when there is none).
  void set(const QString& key, const QString& toml_value);
  /// Takes the key out, so that the default holds.
  void remove(const QString& key);

  /// All keys written, in the order of the text.
  QStringList keys() const;
  /// Line of the key, from 0; -1: not written.
  int line(const QString& key) const;

 private:
  /// A key with its value, as places in the text; ends are one past the last character.
  struct Entry {
    QString key;
    qsizetype key_begin = 0, value_begin = 0, value_end = 0;
    bool in_inline_table = false;
  };
  /// `[x]`, `x = { … }`, or what only dotted keys make.
  struct Table {
    enum class Kind { header, in_line, dotted } kind = Kind::dotted;
    QString key;
    qsizetype key_begin = 0, begin = 0, end = 0;
    bool in_inline_table = false;
  };
  struct Reader;

  void read();
  const Entry* find(const QString& key) const;
  const Table* table(const QString& key) const;
  void put_in_header(const Table& header, const QString& rest, const QString& value);
  void put_in_line(const Table& table, const QString& rest, const QString& value);
  void put_after_last(const QString& prefix, const QString& key, const QString& value);
  void take_out(qsizetype key_begin, qsizetype end, bool in_inline_table);
  void take_out_empty(const QString& name);
  qsizetype line_begin(qsizetype at) const;
  qsizetype line_end(qsizetype at) const;

  QString text_;
  bool readable_ = false;
  std::vector<Entry> entries_;
  std::vector<Table> tables_;
};

}  // namespace bandscope::app
