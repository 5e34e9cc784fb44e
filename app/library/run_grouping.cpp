// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_grouping.h"

#include <QCoreApplication>
#include <QDir>

namespace bandscope::app {
namespace {

struct GroupStrings {
  Q_DECLARE_TR_FUNCTIONS(RunGrouping)
};

constexpr const char* with_rc = "rc";
constexpr const char* without_rc = "no-rc";
/// No absolute path begins so.
constexpr QLatin1String server_mark("server://");

}  // namespace

const std::vector<Grouping>& groupings() {
  static const std::vector<Grouping> all{Grouping::folder, Grouping::objective, Grouping::model, Grouping::data,
                                         Grouping::rc,     Grouping::tag,       Grouping::none};
  return all;
}

QString to_name(Grouping grouping) {
  switch (grouping) {
    case Grouping::folder:
      return QStringLiteral("folder");
    case Grouping::objective:
      return QStringLiteral("objective");
    case Grouping::model:
      return QStringLiteral("model");
    case Grouping::data:
      return QStringLiteral("data");
    case Grouping::rc:
      return QStringLiteral("rc");
    case Grouping::tag:
      return QStringLiteral("tag");
    case Grouping::none:
      return QStringLiteral("none");
  }
  return {};
}

Grouping grouping_from(const QString& name) {
  for (const auto grouping : groupings()) {
    if (to_name(grouping) == name) return grouping;
  }
  return Grouping::folder;
}

QString grouping_title(Grouping grouping) {
  switch (grouping) {
    case Grouping::folder:
      return GroupStrings::tr("Folder");
    case Grouping::objective:
      return GroupStrings::tr("Objective");
    case Grouping::model:
      return GroupStrings::tr("Model");
    case Grouping::data:
      return GroupStrings::tr("Data");
    case Grouping::rc:
      return GroupStrings::tr("RC");
    case Grouping::tag:
      return GroupStrings::tr("Tag");
    case Grouping::none:
      return GroupStrings::tr("No groups");
  }
  return {};
}

QString server_group(const QString& server, const QString& folder) {
  return server_mark + server + (folder.isEmpty() ? QString() : u'/' + folder);
}

QString server_of_group(const QString& group) {
  return group.startsWith(server_mark) ? group.mid(server_mark.size()).section(u'/', 0, 0) : QString();
}

QString folder_of_group(const QString& group) {
  return group.startsWith(server_mark) ? group.mid(server_mark.size()).section(u'/', 1) : group;
}

QStringList group_keys(const RunEntry& entry, Grouping grouping) {
  switch (grouping) {
    case Grouping::folder:
      return {entry.found.group};
    case Grouping::tag:
      return entry.labels.tags.isEmpty() ? QStringList{QString()} : entry.labels.tags;
    case Grouping::objective:
      return {entry.objective};
    case Grouping::model:
      return {entry.model};
    case Grouping::data:
      return {entry.data};
    case Grouping::rc:
      if (!entry.read || !entry.error.empty()) return {QString()};
      return {QLatin1String(entry.calibrated ? with_rc : without_rc)};
    case Grouping::none:
      break;
  }
  return {QString()};
}

QString group_title(const QString& key, Grouping grouping) {
  if (key.isEmpty()) return grouping == Grouping::tag ? GroupStrings::tr("no tag") : GroupStrings::tr("not known");
  if (grouping == Grouping::folder) return QDir(key).dirName();
  if (grouping == Grouping::rc) {
    return key == QLatin1String(with_rc) ? GroupStrings::tr("w/ RC") : GroupStrings::tr("w/o RC");
  }
  return key;
}

}  // namespace bandscope::app
