// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/spec/portable_spec.h"

#include <QDir>

#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

QString portable_spec(const QString& toml, const QString& base) {
  SpecText spec(toml);
  const auto absolute = [&](const QString& literal) {
    const QString path = toml_unquoted(literal);
    return path.isEmpty() ? literal : toml_quoted(QDir::cleanPath(QDir(base).absoluteFilePath(path)));
  };
  for (const auto& key : spec_keys()) {
    if (key.type != "path") continue;
    const QString name = QString::fromStdString(key.key);
    if (const auto value = spec.value(name)) spec.set(name, absolute(*value));
    const QString swept = QStringLiteral("sweep.") + name;
    const auto list = spec.value(swept);
    const auto elements = list ? toml_elements(*list) : std::nullopt;
    if (!elements) continue;
    QStringList paths;
    for (const auto& element : *elements) paths << absolute(element);
    spec.set(swept, QLatin1Char('[') + paths.join(QStringLiteral(", ")) + QLatin1Char(']'));
  }
  return spec.text();
}

}  // namespace bandscope::app
