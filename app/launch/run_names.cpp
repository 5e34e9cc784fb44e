// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/run_names.h"

#include <QFileInfo>
#include <algorithm>

#include "app/library/counted_name.h"
#include "core/record/run_folder.h"

namespace bandscope::app {
namespace {

/// Of a sweep: it is looked at while one types, and on Start.
constexpr std::size_t most_looked_at = 1000;

bool has_record(const QDir& runs, const QString& name) {
  return QFileInfo::exists(runs.filePath(name + QStringLiteral("/run.h5")));
}

/// A folder that holds other runs: a run in it would hide them.
bool holds_runs(const QDir& runs, const QString& name) {
  const QString folder = runs.filePath(name);
  return QFileInfo(folder).isDir() && !has_record(runs, name) && !runs_inside(folder.toStdString()).empty();
}

}  // namespace

QString taken_name(const std::vector<RunSpec>& specs, const QDir& runs) {
  if (!runs.exists()) return {};
  for (std::size_t i = 0; i < std::min(specs.size(), most_looked_at); ++i) {
    const QString name = QString::fromStdString(specs[i].run.name);
    if ((!specs[i].run.resume && has_record(runs, name)) || holds_runs(runs, name)) return name;
  }
  return {};
}

QString free_name(const QString& name, const std::vector<RunSpec>& specs, const QDir& runs) {
  QStringList ends;
  for (std::size_t i = 0; i < std::min(specs.size(), most_looked_at); ++i) {
    const QString whole = QString::fromStdString(specs[i].run.name);
    if (!whole.startsWith(name)) return {};
    ends << whole.mid(name.size());
  }
  return counted_name(name, [&](const QString& tried) {
    return std::any_of(ends.begin(), ends.end(), [&](const QString& end) {
      return has_record(runs, tried + end) || holds_runs(runs, tried + end);
    });
  });
}

}  // namespace bandscope::app
