// SPDX-License-Identifier: GPL-3.0-or-later
// What is in a file or folder of pairs, found out on a worker thread, with what is known so far while a large file is
// read.
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <memory>
#include <stop_token>

#include "core/message/message.h"
#include "training/data/pair_survey.h"

namespace bandscope::app {

/// What to look at and how; equal questions have equal answers while the files stay the same.
struct DataQuestion {
  QString file;
  std::shared_ptr<const text::Tokenizer> tokens;  ///< null: lengths in bytes
  data::PairOptions options;
  QString split;  ///< which set of a folder; empty: its only one
};

struct DataSummary {
  QString file;
  std::shared_ptr<const data::PairSurvey> survey;  ///< null when there is none (yet)
  std::shared_ptr<const text::Tokenizer> tokens;
  data::PairOptions options;
  data::SurveySummary summary;
  bool reading = false;  ///< more is to come
  Message problem;       ///< a sentence when the file cannot be used
  QString split;
  bool first_rows = false;  ///< of the data, of another machine, some examples are known and nothing else
};

/// DataSummary::problem where no file was named.
Message no_data_chosen();

class DataScanner : public QObject {
  Q_OBJECT

 public:
  explicit DataScanner(QObject* parent = nullptr);
  ~DataScanner() override;

  /// An earlier question is dropped. Other lengths alone do not read the file again.
  void look(const DataQuestion& question);
  void cancel();

 Q_SIGNALS:
  /// Several times while a large file is read, the last time with reading = false.
  void found(const DataSummary& look);

 private:
  struct Known;  ///< the last survey and the state of the file when it was made; used by the worker's thread only

  QThreadPool pool_;
  std::shared_ptr<Known> known_;
  std::stop_source stop_;
  quint64 wanted_ = 0;
};

}  // namespace bandscope::app
