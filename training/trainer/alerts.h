// SPDX-License-Identifier: Apache-2.0
// Watches a run for what a researcher would want to be told at once.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/record/columns.h"
#include "core/spec/run_spec.h"

namespace bandscope::trainer {

/// z of each probe pair at one time.
struct ProbeValues {
  std::vector<double> z_w, z_l;
};

class AlertWatch {
 public:
  explicit AlertWatch(RunSpec::Alerts settings) : settings_(settings) {}
  /// Messages for new alerts of this step; each kind speaks once per excursion.
  std::vector<Message> step(const StepRow& row);
  /// Likelihood displacement on the probe pairs: their mean z_w lies below its start by more than `displacement_sigma`
  /// standard errors of the pairs' changes while the mean margin has risen.
  std::vector<Message> probe(std::int64_t step, const ProbeValues& now);
  /// The probe at step 0.
  const std::optional<ProbeValues>& start() const { return start_; }

  nlohmann::json state() const;
  void load(const nlohmann::json& state);

 private:
  RunSpec::Alerts settings_;
  std::int64_t outside_ = 0;
  bool told_rho_ = false, told_undefined_ = false, told_displacement_ = false;
  std::optional<ProbeValues> start_;
};

}  // namespace bandscope::trainer
