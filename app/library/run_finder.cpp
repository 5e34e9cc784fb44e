// SPDX-License-Identifier: GPL-3.0-or-later
// Finds records on disk by name only: listing a thousand runs opens no file.
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <set>

#include "app/library/run_entry.h"
#include "core/record/run_folder.h"

namespace bandscope::app {
namespace {

constexpr int deepest = 4;

FoundRecord describe(const QFileInfo& file) {
  FoundRecord found;
  found.record = file.absoluteFilePath();
  if (file.fileName() == QLatin1String("run.h5")) {
    const QDir folder = file.absoluteDir();
    found.name = folder.dirName();
    found.group = QFileInfo(folder.absolutePath()).absolutePath();
  } else {
    found.name = file.completeBaseName();
    found.group = file.absolutePath();
  }
  found.changed = file.lastModified().toMSecsSinceEpoch();
  found.size = file.size();
  const QFileInfo labels(labels_file(found.record));
  if (labels.exists()) found.labelled = labels.lastModified().toMSecsSinceEpoch();
  return found;
}

void look_into(const QDir& folder, int depth, std::vector<FoundRecord>& into) {
  const QFileInfo own(folder.filePath(QStringLiteral("run.h5")));
  const bool of_run = own.isFile();
  if (of_run) into.push_back(describe(own));
  const auto children = folder.entryInfoList(QDir::Dirs | QDir::Files | QDir::NoDotAndDotDot, QDir::Name);
  for (const auto& child : children) {
    if (child.isDir()) {
      // Below a run's folder lie its checkpoints, but other runs may, too.
      const bool may = !of_run || may_hold_runs(child.fileName().toStdString());
      if (may && depth < deepest && !child.isSymLink()) look_into(QDir(child.absoluteFilePath()), depth + 1, into);
    } else if (!of_run && child.suffix() == QLatin1String("h5")) {
      into.push_back(describe(child));
    }
  }
}

}  // namespace

std::vector<FoundRecord> find_records(const QStringList& folders, const QStringList& files) {
  std::vector<FoundRecord> found;
  for (const auto& folder : folders) {
    if (QDir(folder).exists()) look_into(QDir(QDir(folder).absolutePath()), 0, found);
  }
  for (const auto& file : files) {
    const QFileInfo info(file);
    if (info.isFile()) found.push_back(describe(info));
  }
  // A record can be named and lie below a folder, too.
  std::set<QString> seen;
  std::erase_if(found, [&](const FoundRecord& record) { return !seen.insert(record.record).second; });
  return found;
}

}  // namespace bandscope::app
