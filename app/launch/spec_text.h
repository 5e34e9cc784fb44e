// SPDX-License-Identifier: GPL-3.0-or-later
// A run spec as text that both the form and the user edit: values are set line by line, so that comments, order and
// whatever else the user wrote stay.
#pragma once

#include <QString>
#include <optional>

namespace bandscope::app {

class SpecText {
 public:
  explicit SpecText(QString text = {}) : text_(std::move(text)) {}
  const QString& text() const { return text_; }

  /// The TOML value written for a dotted key ("\"dpo\"", "1e-6", "true"); nullopt when it is not written.
  std::optional<QString> value(const QString& key) const;
  /// Writes a TOML value, in the key's table (made when there is none).
  void set(const QString& key, const QString& toml_value);
  /// Takes the key out, so that the default holds.
  void remove(const QString& key);

 private:
  struct Place {
    qsizetype line = -1;        ///< of the key; -1: not there
    qsizetype last_line = -1;   ///< of its value, which may go on over lines
    qsizetype table_line = -1;  ///< of the table's head
    qsizetype table_end = -1;   ///< line after the table's last key
    bool in_line_table = false;
  };
  Place find(const QStringList& lines, const QString& key) const;

  QString text_;
};

/// A TOML string literal.
QString toml_quoted(const QString& text);
/// The text of a TOML string literal, other values as they are.
QString toml_unquoted(const QString& value);

}  // namespace bandscope::app
