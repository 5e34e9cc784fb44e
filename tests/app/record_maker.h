// SPDX-License-Identifier: GPL-3.0-or-later
// Makes plausible run records for the tests of the application and for looking at its window: the dynamics of two
// likelihoods under DPO's incentives, without and with calibration.
#pragma once

#include <filesystem>
#include <string>

#include "core/record/record_writer.h"

namespace bandscope::testing {

struct MadeRun {
  std::string name = "dpo";
  std::string objective = "dpo";
  std::string model = "models/SmolLM2-135M-Instruct";
  bool calibrated = false;
  int steps = 240;
  int planned = 0;  ///< 0: as many as steps
  int pairs_per_step = 8;
  bool layers = false;
  double pace = 1.7;  ///< seconds per step
  RunState state = RunState::done;
  bool alert = false;
  unsigned seed = 1;
  std::string data_sha256 = {};  ///< of what it was trained on, as the record has it
};

/// The spec of such a run as TOML.
std::string spec_of(const MadeRun& run);
/// A record in FOLDER/NAME/run.h5 with spec, steps, pairs, probe and events, and a log beside it; returns its path.
std::filesystem::path make_run(const std::filesystem::path& folder, const MadeRun& run);
/// The same, left open so that it can grow.
RecordWriter begin_run(const std::filesystem::path& folder, const MadeRun& run);
/// Appends the step (from 1) of the run's dynamics.
void append_step(RecordWriter& writer, const MadeRun& run, int step);

}  // namespace bandscope::testing
