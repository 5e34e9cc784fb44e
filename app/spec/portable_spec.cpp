// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/spec/portable_spec.h"

#include <QDir>

#include "app/spec/toml_literals.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

using Moved = std::function<QString(const QString&)>;

/// Of a text, or of the texts of a list, however deep; what is none of these stays for the parser to complain of.
QString moved_literal(const QString& literal, const Moved& moved) {
  if (const auto elements = toml_elements(literal)) {
    QStringList each;
    for (const auto& element : *elements) each << moved_literal(element, moved);
    return each == *elements ? literal : toml_list(each);
  }
  const QString path = toml_unquoted(literal);
  if (path.isEmpty() || path == literal) return literal;
  const QString to = moved(path);
  return to == path ? literal : toml_quoted(to);
}

}  // namespace

bool names_paths(const SpecKey& key) { return key.type == "path" || key.key == "evaluation.tasks"; }

void move_paths(SpecText& spec, const Moved& moved) {
  for (const auto& key : spec_keys()) {
    if (!names_paths(key)) continue;
    const QString name = QString::fromStdString(key.key);
    for (const QString& written : {name, QStringLiteral("sweep.") + name}) {
      if (const auto value = spec.value(written)) spec.set(written, moved_literal(*value, moved));
    }
  }
}

QString portable_spec(const QString& toml, const QString& base) {
  SpecText spec(toml);
  move_paths(spec, [&](const QString& path) { return QDir::cleanPath(QDir(base).absoluteFilePath(path)); });
  return spec.text();
}

}  // namespace bandscope::app
