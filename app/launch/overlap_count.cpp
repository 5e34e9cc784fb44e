// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/overlap_count.h"

#include <algorithm>

namespace bandscope::app {

OverlapCounter::OverlapCounter(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

OverlapCounter::~OverlapCounter() {
  stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void OverlapCounter::cancel() {
  stop_.request_stop();
  pool_.clear();
  ++wanted_;
  train_.reset();
  probe_.reset();
  known_.reset();
}

void OverlapCounter::look(const Survey& train, const Survey& probe, qint64 pairs) {
  if (train == train_ && probe == probe_ && pairs == pairs_) {
    if (known_) Q_EMIT found(*known_);
    return;
  }
  cancel();
  stop_ = {};
  train_ = train;
  probe_ = probe;
  pairs_ = pairs;
  pool_.start([this, mine = wanted_, train, probe, pairs, stop = stop_.get_token()] {
    auto overlap = data::overlap_of(train->contents, data::used_contents(*probe, std::max<qint64>(0, pairs)),
                                    [&] { return stop.stop_requested(); });
    overlap.rows = probe->desirable > 0;
    QMetaObject::invokeMethod(this, [this, mine, overlap] {
      if (mine != wanted_) return;
      known_ = overlap;
      Q_EMIT found(overlap);
    });
  });
}

}  // namespace bandscope::app
