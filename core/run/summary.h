// SPDX-License-Identifier: Apache-2.0
// What a run was and did, in a few numbers: `bandscope inspect`, the demo's table and the run library.
#pragma once

#include <optional>
#include <string>

#include "core/band/band.h"
#include "core/message/message.h"
#include "core/record/record_reader.h"

namespace bandscope {

/// Shares of steps per pathway, each of the steps where it is defined; they add up to 1 with `undefined`.
struct PathwayShares {
  double both_rise = 0, both_fall = 0, disentangled = 0, other = 0, undefined = 0;
};

struct RunSummary {
  std::string name, objective, model, data, tuning;
  bool calibrated = false;
  RunState state = RunState::waiting;
  Message reason;  ///< of a failure or stop, from the events
  std::size_t steps = 0;
  double seconds = 0, tokens = 0;
  double in_band_share = 0;  ///< of the steps whose band is defined, by log_r_applied
  std::size_t band_defined = 0;
  PathwayShares predicted, realised;
  bool same_pairs = false;  ///< `realised` is of each step's own pairs (scores.after_update)
  double agreement = 0;     ///< of steps where both are defined; NaN where they are of different pairs
  double first_z_w = 0, last_z_w = 0, first_z_l = 0, last_z_l = 0, first_margin = 0, last_margin = 0;
  std::optional<ProbeRow> first_probe, last_probe;
  std::vector<EvaluationRow> first_evaluation, last_evaluation;  ///< all numbers of the first and of the last
  std::vector<EventRow> alerts;
  std::size_t uncalibrated = 0;
  Message note;
};

RunSummary summarize(const RecordReader& reader);
/// One JSON object with the members' names.
std::string to_json(const RunSummary& summary, const RecordReader& reader);
/// For people, several lines.
std::string to_text(const RunSummary& summary, const RecordReader& reader);

}  // namespace bandscope
