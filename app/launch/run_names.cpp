// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/run_names.h"

#include <QFileInfo>
#include <algorithm>

#include "app/library/counted_name.h"
#include "core/record/run_folder.h"
#include "core/spec/sweep.h"

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

bool is_queued(const QDir& runs, const QString& name, const IsQueued& queued) {
  return queued && queued(QDir(runs.absolutePath()).filePath(name + QStringLiteral("/run.h5")));
}

/// How the name of a run is made of the name of its spec: a front with or without its own objective, and an end.
struct NameParts {
  std::string objective;  ///< empty: the name begins with the spec's
  QString end;
};

QString front_of(const QString& name, const std::string& objective) {
  return objective.empty() ? name : QString::fromStdString(name_with_objective(name.toStdString(), objective));
}

/// Whole parts, which dashes separate: "dpop" does not begin with "dpo".
bool begins_with(const QString& whole, const QString& front) {
  return whole.startsWith(front) && (whole.size() == front.size() || whole[front.size()] == QLatin1Char('-'));
}

}  // namespace

NameTaken taken_in(const QDir& runs, const IsQueued& queued) {
  return [runs, queued](const QString& name, bool resume) {
    const bool there = !resume && has_record(runs, name);
    return there || holds_runs(runs, name) || is_queued(runs, name, queued);
  };
}

QString taken_name(const std::vector<RunSpec>& specs, const NameTaken& taken) {
  for (std::size_t i = 0; i < std::min(specs.size(), most_looked_at); ++i) {
    const QString name = QString::fromStdString(specs[i].run.name);
    if (taken(name, specs[i].run.resume)) return name;
  }
  return {};
}

QString free_name(const QString& name, const std::vector<RunSpec>& specs, const NameTaken& taken) {
  std::vector<NameParts> made;
  for (std::size_t i = 0; i < std::min(specs.size(), most_looked_at); ++i) {
    const QString whole = QString::fromStdString(specs[i].run.name);
    const std::string& own = specs[i].objective.name;
    const std::string objective = begins_with(whole, front_of(name, own)) ? own : std::string();
    const QString front = front_of(name, objective);
    if (!begins_with(whole, front)) return {};
    made.push_back({objective, whole.mid(front.size())});
  }
  return counted_name(name, [&](const QString& tried) {
    return std::any_of(made.begin(), made.end(),
                       [&](const NameParts& one) { return taken(front_of(tried, one.objective) + one.end, false); });
  });
}

}  // namespace bandscope::app
