// SPDX-License-Identifier: GPL-3.0-or-later
// The data that a run was trained on: where they are, and whether they still are what the run found there.
#pragma once

#include <QMutex>
#include <QString>
#include <stop_token>

#include "app/library/elsewhere_files.h"
#include "app/library/run_entry.h"
#include "training/data/rows.h"
#include "training/data/trained_data.h"

namespace bandscope {
class RecordReader;
}

namespace bandscope::app {

/// As the record has it.
struct PairData {
  QString file;             ///< or a folder; empty: the record names none
  QString split;            ///< which set of a folder
  QString sha256;           ///< empty: unknown, nothing is compared then
  RunElsewhere there = {};  ///< the run whose server has them; none: they are here
  bool operator==(const PairData&) const = default;

  data::DataSource source() const { return {file.toStdString(), split.toStdString()}; }
};

/// Of the record at this path. A relative path of the data is relative to the spec, which lies beside the record.
PairData pair_data_of(const RecordReader& reader, const RunConfig& config, const QString& record);

/// Thrown by readers of data whose `stop` was asked for.
struct ReadStopped {};

/// For workers: any number of threads.
class CheckedData {
 public:
  /// Throws DataError where the data are gone, others than the run's or on a server, and ReadStopped.
  void check(const PairData& data, const std::stop_token& stop);

 private:
  QMutex mutex_;
  data::TrainedData trained_;
};

}  // namespace bandscope::app
