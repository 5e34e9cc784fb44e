// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/launch_watch.h"

#include <QDir>
#include <QFileInfo>

#include "app/engine/engine_process.h"

namespace bandscope::app {

LaunchWatch::LaunchWatch(QObject* parent) : QObject(parent) {
  timer_.setInterval(300);
  connect(&timer_, &QTimer::timeout, this, &LaunchWatch::look);
}

void LaunchWatch::add(qint64 pid, const QString& log, const QString& runs, const QStringList& names) {
  Launch launch;
  launch.pid = pid;
  launch.log = log;
  for (const auto& name : names) launch.records << QDir(runs).absoluteFilePath(name + QStringLiteral("/run.h5"));
  launches_.push_back(std::move(launch));
  timer_.start();
}

void LaunchWatch::look() {
  for (auto& launch : launches_) {
    for (const auto& record : QStringList(launch.records)) {
      if (!QFileInfo::exists(record)) continue;
      launch.records.removeAll(record);
      if (!launch.any) Q_EMIT appeared(record);
      launch.any = true;
    }
    // Once more after its end: the record may have come between the two looks.
    if (!process_exists(launch.pid)) ++launch.gone;
    if (launch.gone == 2 && !launch.any) {
      const QString words = last_words(launch.log);
      Q_EMIT ended(words.isEmpty() ? tr("The engine ended without a record; see %1.").arg(launch.log) : words);
    }
  }
  std::erase_if(launches_, [](const Launch& launch) { return launch.records.isEmpty() || launch.gone >= 2; });
  if (launches_.empty()) timer_.stop();
}

}  // namespace bandscope::app
