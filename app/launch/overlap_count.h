// SPDX-License-Identifier: GPL-3.0-or-later
// How many probe pairs are training pairs as well, counted on a worker thread.
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <memory>
#include <optional>
#include <stop_token>

#include "training/data/pair_overlap.h"
#include "training/data/pair_survey.h"

namespace bandscope::app {

class OverlapCounter : public QObject {
  Q_OBJECT

 public:
  using Survey = std::shared_ptr<const data::PairSurvey>;

  explicit OverlapCounter(QObject* parent = nullptr);
  ~OverlapCounter() override;

  /// Of the first `pairs` probe pairs, as a run evaluates them. An earlier question is dropped; the same one is not
  /// counted again.
  void look(const Survey& train, const Survey& probe, qint64 pairs);
  void cancel();

 Q_SIGNALS:
  void found(const data::PairOverlap& overlap);

 private:
  QThreadPool pool_;
  std::stop_source stop_;
  quint64 wanted_ = 0;
  Survey train_, probe_;
  qint64 pairs_ = 0;
  std::optional<data::PairOverlap> known_;  ///< the answer for these three
};

}  // namespace bandscope::app
