// SPDX-License-Identifier: GPL-3.0-or-later
// The paired tests of benchmarks, computed off the window's thread, once for two evaluations.
#pragma once

#include <QObject>
#include <QThreadPool>
#include <map>
#include <memory>
#include <stop_token>
#include <utility>

#include "viz/figure/benchmark_table.h"

namespace bandscope::app {

class PairedTests : public QObject {
  Q_OBJECT

 public:
  explicit PairedTests(QObject* parent = nullptr);
  ~PairedTests() override;  ///< asks for a stop and waits

  /// Puts the results that are there into the table and begins the others; of these, and where the items are still
  /// read, BenchmarkMethod::waits. What the table does not need is forgotten.
  void fill(viz::BenchmarkTable& table);

 Q_SIGNALS:
  /// There are more results than at the last fill().
  void ready();

 private:
  using Scores = std::shared_ptr<const BenchmarkScores>;
  struct Pair {
    std::stop_source stop;
    std::shared_ptr<const viz::PairedResults> results;  ///< null: being computed
  };
  using Pairs = std::map<std::pair<Scores, Scores>, Pair>;

  Pair begin(const Scores& first, const Scores& second);

  Pairs pairs_;
  QThreadPool pool_;
};

}  // namespace bandscope::app
