// SPDX-License-Identifier: GPL-3.0-or-later
// Finds records on disk by name only: listing a thousand runs opens no file.
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <set>

#include "app/library/run_entry.h"
#include "core/run/find_records.h"

namespace bandscope::app {
namespace {

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

}  // namespace

std::vector<FoundRecord> find_records(const QStringList& folders, const QStringList& files) {
  std::vector<FoundRecord> found;
  for (const auto& folder : folders) {
    for (const auto& record : records_below(QDir(folder).absolutePath().toStdString())) {
      found.push_back(describe(QFileInfo(QString::fromStdString(record.string()))));
    }
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
