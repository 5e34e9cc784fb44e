// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/data_choice.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "core/error.h"
#include "training/data/data_files.h"

namespace bandscope::app {
namespace {

/// The folder itself or, where it holds no data files, its folder `data` that does; empty where neither has any.
QString data_folder(const QString& folder) {
  for (const QString& path : {QDir::cleanPath(folder), QDir(folder).filePath(QStringLiteral("data"))}) {
    if (!data::data_files_in(path.toStdString()).empty()) return path;
  }
  return {};
}

bool holds_runs(const QDir& folder) {
  if (folder.exists(QStringLiteral("run.h5"))) return true;
  const auto inner = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
  return std::any_of(inner.begin(), inner.end(),
                     [&](const QString& name) { return folder.exists(name + QStringLiteral("/run.h5")); });
}

DataChoice folder_of(const QStringList& paths) {
  const QString folder = QFileInfo(paths.front()).absolutePath();
  QStringList files;
  for (const auto& file : data::data_files_in(folder.toStdString())) files << QString::fromStdString(file.string());
  for (const auto& path : paths) {
    const QFileInfo info(path);
    if (info.absolutePath() != folder) {
      return {{}, Message::tr("What was chosen lies in several folders; a data set is one file, or one folder.")};
    }
    if (!files.contains(info.absoluteFilePath())) {
      return {
          {},
          Message::tr("%1 is no data file; choose one data file, or all of a folder.", info.fileName().toStdString())};
    }
  }
  if (files.size() > paths.size()) {
    return {{},
            Message::tr("%1 of the %2 data files in %3 were chosen; choose one of them, or all.", paths.size(),
                        files.size(), QDir::toNativeSeparators(folder).toStdString())};
  }
  try {
    data::data_files(folder.toStdString());
  } catch (const Error& error) {
    return {{}, error.message()};
  }
  return {folder, {}};
}

}  // namespace

DataChoice choose_data(const QStringList& paths) {
  if (paths.isEmpty()) return {};
  if (paths.size() > 1) return folder_of(paths);
  const QString& path = paths.front();
  if (!QFileInfo(path).isDir()) return {path, {}};
  const QString folder = data_folder(path);
  // A folder without data is chosen all the same: the page says what it lacks.
  return {folder.isEmpty() ? QDir::cleanPath(path) : folder, {}};
}

bool is_data(const QString& path) {
  if (QFileInfo(path).isDir()) return !holds_runs(QDir(path)) && !data_folder(path).isEmpty();
  const std::string name = path.toStdString();
  const auto ending = data::data_ending(name);
  // JSON may be anything; it is data where it is chosen as such.
  return !ending.empty() && !ending.starts_with(".json.") && ending != ".json";
}

}  // namespace bandscope::app
