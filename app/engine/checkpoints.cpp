// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/checkpoints.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace bandscope::app {
namespace {

/// Names of the whole ones, by ascending steps.
QStringList checkpoints_of(const QString& folder) {
  const QDir dir(folder);
  static const QRegularExpression own(QStringLiteral("^checkpoint-[0-9]{8,}$"));
  QStringList names = dir.entryList({QStringLiteral("checkpoint-*")}, QDir::Dirs, QDir::Name).filter(own);
  names.removeIf([&](const QString& name) { return !QFileInfo::exists(dir.filePath(name + QStringLiteral("/DONE"))); });
  return names;
}

}  // namespace

QList<qint64> checkpoint_steps(const QString& run_folder) {
  QList<qint64> steps;
  for (const auto& name : checkpoints_of(run_folder)) steps << name.section(QLatin1Char('-'), 1).toLongLong();
  return steps;
}

QString newest_checkpoint(const QString& run_folder) {
  const QStringList names = checkpoints_of(run_folder);
  return names.isEmpty() ? QString() : names.last();
}

}  // namespace bandscope::app
