// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/record_maker.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>
#include <vector>

#include "core/band/band.h"
#include "core/record/run_folder.h"

namespace bandscope::testing {
namespace {

/// A smooth random number of a step: the same for the same seed, so that a pair of runs sees the same data.
double noise(unsigned seed, int step, int channel) {
  std::mt19937 generator(seed * 7919u + unsigned(step) * 104729u + unsigned(channel) * 31u);
  return std::normal_distribution<double>(0.0, 1.0)(generator);
}

struct Level {
  double z_w, z_l;
};

/// Without calibration both fall, the chosen more slowly; with it the chosen rises a little.
Level level(const MadeRun& run, int step) {
  const double t = double(step) / std::max(1, run.planned > 0 ? run.planned : run.steps);
  const double grown = 1 - std::exp(-2.2 * t);
  if (run.calibrated) return {-1.82 + 0.055 * grown, -1.88 - 0.34 * grown};
  return {-1.82 - 0.19 * grown + 0.05 * std::exp(-30 * t), -1.88 - 0.52 * grown};
}

}  // namespace

std::string spec_of(const MadeRun& run) {
  const std::string calibrated = run.calibrated ? "true" : "false";
  return "[run]\nname = \"" + run.name + "\"\nseed = " + std::to_string(run.seed) + "\n\n[model]\npath = \"" +
         run.model +
         "\"\ntuning = \"lora\"\n\n[data]\ntrain = \"data/hh-harmless.jsonl\"\nprobe = "
         "\"data/hh-probe.jsonl\"\n\n[objective]\nname = \"" +
         run.objective + "\"\n\n[calibration]\nenabled = " + calibrated +
         "\n\n[optimizer]\nlearning_rate = 1e-5\n\n[training]\nbatch_size = " + std::to_string(run.pairs_per_step) +
         "\nsteps = " + std::to_string(run.planned > 0 ? run.planned : run.steps) + "\n\n[probe]\nevery = 20\n";
}

RecordWriter begin_run(const std::filesystem::path& folder, const MadeRun& run) {
  const auto own = folder / run.name;
  std::filesystem::create_directories(own);
  std::filesystem::remove(own / "run.h5");
  RecordWriter::Options options;
  options.spec_toml = spec_of(run);
  options.environment_json = R"({"host": "test", "device": "cpu", "threads": 2, "planned_steps": )" +
                             std::to_string(run.planned > 0 ? run.planned : run.steps) + R"(, "sha256": {"data": ")" +
                             run.data_sha256 + R"("}})";
  if (run.layers) {
    for (int layer = 0; layer < 12; ++layer) options.layer_names.push_back("model.layers." + std::to_string(layer));
  }
  auto writer = RecordWriter::create(own / "run.h5", options);
  auto process = this_process();
  write_engine_process(own, process);
  writer.set_status(RunState::running);
  writer.append_probe({0, -1.80, -1.86, 0.06, 0.55});
  std::ofstream log(own / "log.txt");
  log << "2026-11-24 07:43:01 info  SmolLM2-135M-Instruct: 134.5 M parameters, LoRA 1.2 M\n"
      << "2026-11-24 07:43:02 info  data/hh-harmless.jsonl: 2,312 usable pairs, 0 skipped\n";
  return writer;
}

void append_step(RecordWriter& writer, const MadeRun& run, int step) {
  const auto at = level(run, step);
  const double wobble = 0.05 * noise(run.seed, step, 0), own = 0.012 * noise(run.seed, step, run.calibrated ? 5 : 6);
  StepRow row;
  row.step = step;
  row[Column::epoch] = double(step) / run.steps;
  row[Column::time] = step * run.pace;
  row[Column::seconds] = run.pace;
  row[Column::tokens] = 2100;
  row[Column::learning_rate] = 1e-5;
  row[Column::z_w_ref] = -1.82 + wobble;
  row[Column::z_l_ref] = -1.88 + wobble;
  row[Column::z_w] = at.z_w + wobble + own;
  row[Column::z_l] = at.z_l + wobble + own + 0.01 * noise(run.seed, step, 7);
  row[Column::margin] = row[Column::z_w] - row[Column::z_l];
  row[Column::effective_margin] = row[Column::margin] - 0.06;
  row[Column::loss] = std::log1p(std::exp(-row[Column::effective_margin]));
  row[Column::accuracy] = std::min(1.0, 0.5 + row[Column::effective_margin]);
  const double pushed = 0.05 / (1 + std::exp(row[Column::effective_margin]));
  row[Column::d_w] = pushed;
  row[Column::d_l] = pushed * (1 + 0.02 * noise(run.seed, step, 8));
  const Scores scores{1.1 + 0.05 * noise(run.seed, step, 1),
                      1.55 + 0.08 * noise(run.seed, step, 2) + 0.3 * step / run.steps, 0};
  const double rho = 0.72 + 0.05 * noise(run.seed, step, 3);
  Scores whole = scores;
  whole.dot = rho * scores.norm_w * scores.norm_l;
  row[Column::score_norm_w] = whole.norm_w;
  row[Column::score_norm_l] = whole.norm_l;
  row[Column::score_dot] = whole.dot;
  row[Column::rho] = rho;
  row[Column::log_r] = log_ratio(row[Column::d_w], row[Column::d_l]);
  row[Column::log_r_star] = whole.log_r_star();
  const double alpha =
      run.calibrated ? std::exp(0.5 * (whole.log_r_star() - row[Column::log_r]) * std::min(1.0, 0.3 + step / 20.0))
                     : 1.0;
  row[Column::alpha] = alpha;
  row[Column::log_r_applied] = row[Column::log_r] + 2 * std::log(alpha);
  if (run.calibrated) row[Column::log_r_applied] += 0.05 * noise(run.seed, step, 4);
  const auto band = disentanglement_band(whole);
  row[Column::band_lower] = band.lower;
  row[Column::band_upper] = band.upper;
  row[Column::slack] = slack(row[Column::log_r_applied], whole);
  row[Column::ema_log_r] = row[Column::log_r];
  row[Column::ema_log_r_star] = row[Column::log_r_star];
  row[Column::uncalibrated] = 0;
  row[Column::grad_norm] = 1.3;
  row[Column::memory] = 1.9e9;
  std::vector<PairRow> pairs;
  for (int i = 0; i < run.pairs_per_step; ++i) {
    const double shift = 0.25 * noise(run.seed, step, 20 + i), spread = 0.12 * noise(run.seed, step, 60 + i);
    PairRow pair{step,
                 (step * run.pairs_per_step + i) % 2312,
                 at.z_w + shift + spread,
                 at.z_l + shift - spread,
                 -1.82 + shift,
                 -1.88 + shift,
                 pushed,
                 pushed,
                 60 + i,
                 48 + i};
    pairs.push_back(pair);
  }
  LayerRow layers;
  layers.step = step;
  if (run.layers) {
    for (int layer = 0; layer < 12; ++layer) {
      const double size = std::exp(-0.25 * (11 - layer)) * (1 + 0.1 * noise(run.seed, step, 100 + layer));
      layers.score_norm_w.push_back(1.1 * size);
      layers.score_norm_l.push_back(1.5 * size);
      layers.score_dot.push_back(1.1 * 1.5 * size * size * (0.4 + 0.04 * layer));
    }
  }
  writer.append_step(row, pairs, run.layers ? &layers : nullptr);
  if (step % 20 == 0) writer.append_probe({step, at.z_w + 0.02, at.z_l + 0.02, at.z_w - at.z_l, row[Column::accuracy]});
  if (step == 100) writer.append_event({step, step * run.pace, "checkpoint", Message::plain("checkpoint-00000100")});
  if (run.alert && step == 150) {
    writer.append_event({step, step * run.pace, "alert",
                         Message::tr("likelihood displacement: the probe pairs' z_w has fallen by %1 (standard "
                                     "error %2) while their margin rose by %3",
                                     std::string("0.11"), "0.019", "0.28")});
  }
}

std::filesystem::path make_run(const std::filesystem::path& folder, const MadeRun& run) {
  auto writer = begin_run(folder, run);
  for (int step = 1; step <= run.steps; ++step) append_step(writer, run, step);
  if (run.state == RunState::failed) {
    const Message full = Message::tr("out of memory on %1 with training.micro_batch = %2; %3", std::string("cpu"), 8,
                                     Message::tr("a smaller one may fit"));
    writer.append_event({run.steps, run.steps * run.pace, "stop",
                         Message::tr("%1; what also takes less: model.dtype = \"bfloat16\", model.tuning = "
                                     "\"lora\" or \"qlora\", model.gradient_checkpointing and data.max_length",
                                     full)});
  } else if (run.state == RunState::done) {
    writer.append_event({run.steps, run.steps * run.pace, "note", Message::plain("done")});
  }
  writer.set_status(run.state);
  if (run.state != RunState::running) writer.close();
  return folder / run.name / "run.h5";
}

}  // namespace bandscope::testing
