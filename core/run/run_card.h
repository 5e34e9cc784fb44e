// SPDX-License-Identifier: Apache-2.0
// What readers of a run need of its spec, read in one place: summaries, figures and the run library.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/message/message.h"

namespace bandscope {

struct RunCard {
  std::string name, objective, tuning;
  std::string likelihood = "mean";  ///< objective.likelihood: "mean" or "sum"
  std::string scope = "output";     ///< scores.scope: "output" or "all"
  std::string model, data;          ///< paths: model.path, data.train
  bool calibrated = false;          ///< calibration.enabled
  std::int64_t planned_steps = 0;   ///< that the run will take in all; 0 when unknown
  /// Equal for runs that are one experiment without and with calibration, whatever calibration's own settings: every
  /// key of the spec but run.name, run.resume, run.device and the table [calibration]. Empty without a spec.
  std::string pair_key;
  /// What runs are told apart by, as far as the spec says it: dotted keys and their values, texts without quotes. The
  /// objective's, and those of other tables that studies vary; no paths, no lists.
  std::map<std::string, std::string> settings;
  Message problem;  ///< why the spec could not be read; empty when it could
};

/// Reads leniently, key by key: a record stays readable when the spec's keys change. `environment_json` is the record's
/// /environment; its planned_steps go before the spec's training.steps. Never throws on content.
RunCard read_run_card(std::string_view spec_toml, std::string_view environment_json);

/// Last part of a path of the card, as people call a model or a data set.
std::string short_name(const std::string& path);

}  // namespace bandscope
