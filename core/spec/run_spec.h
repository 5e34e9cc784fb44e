// SPDX-License-Identifier: Apache-2.0
// The run spec (specification, section 2): what a TOML file asks for, with defaults filled in and checked.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/message/message.h"
#include "core/objective/objective.h"

namespace bandscope {

enum class Dtype { float32, bfloat16 };
enum class Tuning { full, lora, qlora };
enum class Granularity { micro_batch, step };
enum class ScoreScope { output, all };
enum class Schedule { constant, linear, cosine };

struct LoraSpec {
  int rank = 8;
  double alpha = 16.0;
  double dropout = 0.0;
  std::vector<std::string> targets;  ///< empty: every linear projection of the blocks
  bool rslora = false;               ///< scale alpha/sqrt(rank) instead of alpha/rank
  bool operator==(const LoraSpec&) const = default;
};

/// One run, every default filled in. A parsed spec has absolute paths; else they are relative to the working directory,
/// never to the spec.
struct RunSpec {
  struct Run {
    std::string name = "run";
    std::uint64_t seed = 42;
    bool resume = false;
    std::string device = "auto";
    bool operator==(const Run&) const = default;
  } run;
  struct Model {
    std::filesystem::path path;
    std::filesystem::path reference;  ///< empty: the same weights
    Dtype dtype = Dtype::float32;
    Tuning tuning = Tuning::full;
    std::filesystem::path adapter;  ///< empty: fresh adapter
    LoraSpec lora;
    bool gradient_checkpointing = false;
    std::int64_t recomputed_blocks = 0;  ///< of gradient_checkpointing, the first so many; 0: as the memory asks
    bool operator==(const Model&) const = default;
  } model;
  struct Data {
    std::filesystem::path train;
    std::filesystem::path probe;  ///< empty: none
    std::int64_t limit = 0;
    bool shuffle = true;
    std::int64_t max_length = 1024;
    std::int64_t max_prompt_length = 512;
    std::string split;        ///< which set of the folder `train`; empty: it has one
    std::string probe_split;  ///< the same of `probe`
    bool operator==(const Data&) const = default;
  } data;
  struct ObjectiveChoice {
    std::string name = "dpo";
    Likelihood likelihood = Likelihood::mean;
    std::string formula;         ///< the loss, where name is "formula"; else empty
    ParameterValues parameters;  ///< every parameter of the objective
    bool operator==(const ObjectiveChoice&) const = default;
  } objective;
  struct Calibration {
    bool enabled = true;
    double momentum = 0.98;
    bool clip = true;
    Granularity granularity = Granularity::micro_batch;
    bool operator==(const Calibration&) const = default;
  } calibration;
  struct Scores {
    ScoreScope scope = ScoreScope::output;
    bool layers = false;
    bool after_update = false;
    bool operator==(const Scores&) const = default;
  } scores;
  struct Optimizer {
    std::string name = "adamw";
    double learning_rate = 5e-7;
    std::array<double, 2> betas = {0.9, 0.999};
    double eps = 1e-8;
    double weight_decay = 0.0;
    double max_grad_norm = 0.0;
    Schedule schedule = Schedule::constant;
    double warmup_ratio = 0.0;
    bool operator==(const Optimizer&) const = default;
  } optimizer;
  struct Training {
    std::int64_t batch_size = 32;
    std::int64_t micro_batch = 1;
    std::int64_t pass_tokens = 0;       ///< 0: as many as suit the device
    std::optional<double> epochs;       ///< set unless steps is
    std::optional<std::int64_t> steps;  ///< never with epochs
    bool precompute_reference = true;
    bool operator==(const Training&) const = default;
  } training;
  struct Probe {
    std::int64_t every = 0;
    std::int64_t pairs = 64;
    bool operator==(const Probe&) const = default;
  } probe;
  /// Benchmarks while the run goes on.
  struct Evaluation {
    std::vector<std::filesystem::path> tasks;  ///< task files and folders of them; empty: none
    std::filesystem::path data;                ///< folder of the data sets that tasks name; empty: none
    std::int64_t every = 0;                    ///< steps between evaluations; 0: none between start and end
    std::int64_t limit = 0;                    ///< first documents of each task; 0: all
    std::int64_t shots = -1;                   ///< examples before each question; -1: the task's own
    bool at_start = true;                      ///< also before the first update
    bool operator==(const Evaluation&) const = default;
  } evaluation;
  struct Checkpoint {
    std::int64_t every = 0;
    int keep = 2;
    bool operator==(const Checkpoint&) const = default;
  } checkpoint;
  /// One run over several processes (torchrun, srun, mpirun); how many is the launcher's affair.
  struct Parallel {
    int zero = 0;  ///< 1: every process keeps a share of the optimizer's state (ZeRO-1)
    bool operator==(const Parallel&) const = default;
  } parallel;
  struct Alerts {
    bool enabled = true;
    std::int64_t out_of_band_steps = 20;  ///< consecutive steps with r outside the band
    double rho_max = 0.995;               ///< cosine of the scores above which the band is too narrow to hit
    double displacement_sigma = 2.0;      ///< fall of the probe's z_w below its start, in its standard errors
    bool operator==(const Alerts&) const = default;
  } alerts;
  bool operator==(const RunSpec&) const = default;
};

/// A `--set KEY=VALUE`: dotted TOML key and TOML value (a bare word is taken as a string). It takes the place of what
/// the file says: of a swept key's list too, of `training.epochs` when it sets `training.steps` and the other way
/// round. `sweep."a.b"` or `sweep.a.b` sets a list to sweep. Relative paths are relative to the spec file here as well.
struct Override {
  std::string key;
  std::string value;
};

/// Most bytes of a spec, which is a page of text; what is larger is another kind of file.
inline constexpr std::uint64_t kMostSpecBytes = 1 << 20;

/// Every run of a spec file, sweep expanded, in the order of the product (last list fastest). Run names are
/// `name` for a single run, else `name` with one part per swept key ("dpo", "rc" for calibration.enabled = true,
/// nothing for false, "learning_rate-1e-06"), made unique.
/// Parameters of [objective] apply to those of the swept objectives that have them; runs that come out the same are
/// kept once. Throws SpecError naming file, line, key, what is allowed and the nearest known key.
std::vector<RunSpec> load_run_specs(const std::filesystem::path& file, const std::vector<Override>& overrides = {});
/// The same from text; `origin` stands for the file in messages, relative paths are relative to `base`.
std::vector<RunSpec> parse_run_specs(std::string_view toml, const std::string& origin,
                                     const std::filesystem::path& base, const std::vector<Override>& overrides = {});
/// The resolved spec of one run as TOML (no sweep), such that parsing it gives the same RunSpec.
std::string to_toml(const RunSpec& spec);

/// One key of the spec, for forms, docs and messages.
struct SpecKey {
  std::string key;                   ///< dotted, e.g. "optimizer.learning_rate"
  std::string type;                  ///< "string" | "integer" | "number" | "boolean" | "path" | "choice" | "list"
  std::string default_text;          ///< as TOML; empty: none
  Message allowed;                   ///< range or choices, as shown in messages, e.g. "> 0" or "full | lora | qlora"
  std::string help;                  ///< one line
  std::vector<std::string> choices;  ///< of a "choice"
  bool required = false;             ///< has no default and must be given
};
/// All keys except the objectives' parameters (those are in objectives()), in the order of the specification. The
/// parser reads types, ranges and defaults from the same table.
const std::vector<SpecKey>& spec_keys();

}  // namespace bandscope
