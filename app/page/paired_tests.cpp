// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/paired_tests.h"

namespace bandscope::app {

PairedTests::PairedTests(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

PairedTests::~PairedTests() {
  for (auto& [scores, pair] : pairs_) pair.stop.request_stop();
  pool_.waitForDone();
}

PairedTests::Pair PairedTests::begin(const Scores& first, const Scores& second) {
  Pair pair;
  pool_.start([this, first, second, stop = pair.stop.get_token()] {
    auto results = std::make_shared<const viz::PairedResults>(viz::paired_results(*first, *second, stop));
    if (stop.stop_requested()) return;
    // The destructor waits for the pool, and an event for a deleted object is never delivered.
    QMetaObject::invokeMethod(this, [this, first, second, stop, results = std::move(results)] {
      const auto at = pairs_.find({first, second});
      if (stop.stop_requested() || at == pairs_.end()) return;
      at->second.results = results;
      Q_EMIT ready();
    });
  });
  return pair;
}

void PairedTests::fill(viz::BenchmarkTable& table) {
  Pairs needed;
  for (viz::BenchmarkMethod& method : table.methods) {
    if (!method.first || !method.second) continue;
    method.waits = !viz::has_items(method);
    if (method.waits) continue;
    const std::pair key(method.first->scores, method.second->scores);
    if (!needed.contains(key)) {
      auto known = pairs_.extract(key);
      if (known) {
        needed.insert(std::move(known));
      } else {
        needed.emplace(key, begin(key.first, key.second));
      }
    }
    const auto& results = needed.at(key).results;
    method.waits = results == nullptr;
    if (results) viz::put_results(method, table, *results);
  }
  for (auto& [scores, pair] : pairs_) pair.stop.request_stop();
  pairs_ = std::move(needed);
}

}  // namespace bandscope::app
