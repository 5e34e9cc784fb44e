// SPDX-License-Identifier: GPL-3.0-or-later
// Files and folders that people choose or drop, as a data set: one file, or a folder of shards.
#pragma once

#include <QString>
#include <QStringList>

#include "core/message/message.h"

namespace bandscope::app {

/// What data.train or data.probe is to say; or why what was chosen is no data set, as a sentence.
struct DataChoice {
  QString path;
  Message problem;
};

/// Several files are a data set when they are all data files of their folder: then the folder is chosen. A repository's
/// folder without data files of its own stands for its folder `data`.
DataChoice choose_data(const QStringList& paths);

/// Whether something dropped is data rather than runs: a data file, or a folder with data files and no run in it.
bool is_data(const QString& path);

}  // namespace bandscope::app
