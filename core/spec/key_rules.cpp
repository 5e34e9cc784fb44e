// SPDX-License-Identifier: Apache-2.0
#include "core/spec/key_rules.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/objective/formula.h"
#include "core/spec/rule_factories.h"

namespace bandscope {
namespace {

using namespace rules;

/// The member that a key is about. A macro, since a lambda per key would drown the table in syntax.
#define MEMBER(path) \
  [](RunSpec & spec) -> auto& { return spec.path; }  // NOLINT(bugprone-macro-parentheses): a declarator

/// A name that is a folder of its own on every file system.
bool is_folder_name(const std::string& name) {
  const auto harmless = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F &&
           std::string_view("/\\:*?\"<>|").find(c) == std::string_view::npos;
  };
  return !name.empty() && name.size() <= 200 && name.front() != '.' && name.front() != ' ' && name.back() != ' ' &&
         std::ranges::all_of(name, harmless);
}

/// A set of a folder of data: its name is part of file names; "" for the only one.
bool is_set_name(const std::string& name) { return name.empty() || is_folder_name(name); }

bool is_device(const std::string& device) {
  if (device == "auto" || device == "cpu" || device == "cuda") return true;
  const std::string_view prefix = "cuda:";
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return device.starts_with(prefix) && device.size() > prefix.size() && device.size() <= prefix.size() + 3 &&
         std::all_of(device.begin() + prefix.size(), device.end(), digit);
}

KeyRule objective_name() {
  std::vector<std::pair<std::string, std::string>> options;
  for (const ObjectiveInfo& info : objectives()) options.emplace_back(info.name, info.name);
  options.emplace_back("formula", "formula");
  return choice("objective.name", options, MEMBER(objective.name),
                "preference objective, or \"formula\" for the one that objective.loss writes down");
}

KeyRule objective_loss() {
  KeyRule rule = text(
      "objective.loss", Message::tr("over %1 and parameters named in [objective]", formula_variables()),
      [](const std::string& loss) { return !loss.empty(); }, MEMBER(objective.formula),
      "loss of one pair as a formula, e.g. softplus(-beta*(zw-zl-zw_ref+zl_ref))");
  const auto write = rule.write;
  rule.write = [write](const RunSpec& spec) { return spec.objective.name == "formula" ? write(spec) : std::string(); };
  return rule;
}

KeyRule lora_targets() {
  KeyRule rule{{"model.lora.targets", "list", "", Message::tr("names of projections"),
                "projections to adapt; [] is every linear one"}};
  rule.read = [](RunSpec& spec, const SpecValue& value, const auto&) {
    const auto* list = std::get_if<SpecValue::List>(&value.data);
    if (!list) return false;
    std::vector<std::string> targets;
    for (const SpecValue& element : *list) {
      const auto* name = std::get_if<std::string>(&element.data);
      if (!name || name->empty() || name->size() > kLongestName) return false;
      targets.push_back(*name);
    }
    spec.model.lora.targets = std::move(targets);
    return true;
  };
  rule.write = [](const RunSpec& spec) {
    std::string text = "[";
    for (const std::string& target : spec.model.lora.targets)
      text += (text.size() > 1 ? ", " : "") + toml_string(target);
    return text + "]";
  };
  return rule;
}

KeyRule evaluation_tasks() {
  KeyRule rule{{"evaluation.tasks", "list", "", Message::tr("paths of task files or folders"),
                "benchmarks: task files of lm-evaluation-harness, or folders of them; [] for none"}};
  rule.read = [](RunSpec& spec, const SpecValue& value, const std::filesystem::path& base) {
    const auto* list = std::get_if<SpecValue::List>(&value.data);
    if (!list) return false;
    std::vector<std::filesystem::path> tasks;
    for (const SpecValue& element : *list) {
      const auto* name = std::get_if<std::string>(&element.data);
      if (!name || name->empty() || !is_possible_path(*name)) return false;
      tasks.push_back(std::filesystem::absolute(base / *name).lexically_normal());
      if (tasks.back().native().size() > kLongestPath) return false;
    }
    spec.evaluation.tasks = std::move(tasks);
    return true;
  };
  rule.write = [](const RunSpec& spec) {
    std::string text = "[";
    for (const std::filesystem::path& task : spec.evaluation.tasks)
      text += (text.size() > 1 ? ", " : "") + toml_string(std::filesystem::absolute(task).lexically_normal().string());
    return text + "]";
  };
  return rule;
}

KeyRule adam_betas() {
  KeyRule rule{
      {"optimizer.betas", "list", "", Message::tr("two numbers >= 0 and < 1"), "decay of AdamW's two moments"}};
  rule.read = [](RunSpec& spec, const SpecValue& value, const auto&) {
    const auto* list = std::get_if<SpecValue::List>(&value.data);
    if (!list || list->size() != 2) return false;
    std::array<double, 2> betas{};
    for (std::size_t i = 0; i < 2; ++i) {
      const double* beta = as_number((*list)[i], betas[i]);
      if (!beta || !below(0, 1).contains(*beta)) return false;
    }
    spec.optimizer.betas = betas;
    return true;
  };
  rule.write = [](const RunSpec& spec) {
    return "[" + toml_number(spec.optimizer.betas[0]) + ", " + toml_number(spec.optimizer.betas[1]) + "]";
  };
  return rule;
}

/// A key that may be absent and whose absence is written as nothing.
template <class Field>
KeyRule optional(KeyRule rule, std::optional<Field> RunSpec::Training::*field) {
  const auto write = rule.write;
  rule.write = [write, field](const RunSpec& spec) { return (spec.training.*field) ? write(spec) : std::string(); };
  return rule;
}

/// The optional's value, made when it is first written to.
template <class Field>
Field& made(std::optional<Field>& field) {
  if (!field) field.emplace();
  return *field;
}

std::vector<KeyRule> make_rules() {
  std::vector<KeyRule> rules = {
      text("run.name", Message::tr("a folder name: no / \\ : * ? \" < > |, no leading dot, at most 200 bytes"),
           is_folder_name, MEMBER(run.name),
           "folder of the run; refused if a finished run has it, unless resume is true"),
      integer("run.seed", at_least(0), MEMBER(run.seed), "seed of data order, fresh adapters and dropout"),
      boolean("run.resume", MEMBER(run.resume), "go on from the last checkpoint of this run"),
      text("run.device", Message::plain("auto | cpu | cuda | cuda:N"), is_device, MEMBER(run.device),
           "device to train on"),

      path("model.path", MEMBER(model.path), "Hugging Face folder of the model to train", true),
      path("model.reference", MEMBER(model.reference), "folder of the reference model; empty is the same weights"),
      choice<Dtype>("model.dtype", {{"float32", Dtype::float32}, {"bfloat16", Dtype::bfloat16}}, MEMBER(model.dtype),
                    "type to compute in"),
      choice<Tuning>("model.tuning", {{"full", Tuning::full}, {"lora", Tuning::lora}, {"qlora", Tuning::qlora}},
                     MEMBER(model.tuning), "train all weights, or adapters on frozen or 4-bit ones"),
      path("model.adapter", MEMBER(model.adapter), "PEFT folder to start from; empty is a fresh adapter"),
      integer("model.lora.rank", between(1, kMostRank), MEMBER(model.lora.rank), "rank of the adapters"),
      number("model.lora.alpha", above(0), MEMBER(model.lora.alpha), "adapters are scaled by alpha / rank"),
      number("model.lora.dropout", below(0, 1), MEMBER(model.lora.dropout), "dropout before the adapters"),
      lora_targets(),
      boolean("model.lora.rslora", MEMBER(model.lora.rslora), "scale by alpha / sqrt(rank) instead"),
      boolean("model.gradient_checkpointing", MEMBER(model.gradient_checkpointing),
              "compute blocks twice to keep less in memory"),
      integer("model.recomputed_blocks", between(0, kMostSteps), MEMBER(model.recomputed_blocks),
              "with gradient_checkpointing: the first so many blocks are computed twice; 0 is as many as a GPU's free "
              "memory asks for, and all on the CPU"),

      path("data.train", MEMBER(data.train),
           "preference pairs: .jsonl, .jsonl.gz, .parquet or .arrow, or a folder of such files", true),
      path("data.probe", MEMBER(data.probe), "held-out pairs of the same kind; empty is none"),
      text("data.split", Message::tr("the name of a set of the folder, at most 200 bytes"), is_set_name,
           MEMBER(data.split),
           "which set of the folder of data.train: train, where it holds train and test; empty is its only one"),
      text("data.probe_split", Message::tr("the name of a set of the folder, at most 200 bytes"), is_set_name,
           MEMBER(data.probe_split), "which set of the folder of data.probe"),
      integer("data.limit", between(0, kMostSteps), MEMBER(data.limit),
              "use the first so many usable pairs, or rows of each label; 0 is all"),
      boolean("data.shuffle", MEMBER(data.shuffle), "shuffle by the seed; false keeps the file's order"),
      integer("data.max_length", between(2, kMostIds), MEMBER(data.max_length),
              "ids of prompt and longer response together"),
      integer("data.max_prompt_length", between(1, kMostIds), MEMBER(data.max_prompt_length),
              "ids that a prompt keeps where the pair is too long"),

      objective_name(),
      choice<Likelihood>("objective.likelihood", {{"mean", Likelihood::mean}, {"sum", Likelihood::sum}},
                         MEMBER(objective.likelihood), "z of a response: mean or sum over its tokens"),
      objective_loss(),

      boolean("calibration.enabled", MEMBER(calibration.enabled), "reward calibration"),
      number("calibration.momentum", kMomentum, MEMBER(calibration.momentum), "momentum of the log-domain averages"),
      boolean("calibration.clip", MEMBER(calibration.clip), "keep the calibrated ratio inside the band of each update"),
      choice<Granularity>("calibration.granularity",
                          {{"micro-batch", Granularity::micro_batch}, {"step", Granularity::step}},
                          MEMBER(calibration.granularity), "take incentives, scores and alpha per micro-batch or step"),

      choice<ScoreScope>("scores.scope", {{"output", ScoreScope::output}, {"all", ScoreScope::all}},
                         MEMBER(scores.scope), "parameters whose gradients are the scores"),
      boolean("scores.layers", MEMBER(scores.layers), "record scores per layer as well; needs scope \"all\""),
      boolean("scores.after_update", MEMBER(scores.after_update),
              "take each step's own pairs once more after its update, so that realised is of the pairs predicted for"),

      choice<std::string>("optimizer.name",
                          {{"adamw", "adamw"}, {"adamw_8bit", "adamw_8bit"}, {"paged_adamw_8bit", "paged_adamw_8bit"}},
                          MEMBER(optimizer.name),
                          "AdamW, its states in float32, in 8 bits, or in 8 bits and moved off a full GPU"),
      number("optimizer.learning_rate", at_least(0), MEMBER(optimizer.learning_rate), "learning rate after warm-up"),
      adam_betas(),
      number("optimizer.eps", above(0), MEMBER(optimizer.eps), "added to the root of the second moment"),
      number("optimizer.weight_decay", at_least(0), MEMBER(optimizer.weight_decay), "decoupled weight decay"),
      number("optimizer.max_grad_norm", at_least(0), MEMBER(optimizer.max_grad_norm), "clip gradients to it; 0 is off"),
      choice<Schedule>("optimizer.schedule",
                       {{"constant", Schedule::constant}, {"linear", Schedule::linear}, {"cosine", Schedule::cosine}},
                       MEMBER(optimizer.schedule), "learning rate after warm-up"),
      number("optimizer.warmup_ratio", between(0, 1), MEMBER(optimizer.warmup_ratio),
             "share of the steps that warm up"),

      integer("training.batch_size", between(1, kMostPairsOfAStep), MEMBER(training.batch_size),
              "pairs per optimizer step"),
      integer("training.micro_batch", between(1, kMostPairsOfAStep), MEMBER(training.micro_batch),
              "pairs that are calibrated together; must divide batch_size"),
      integer("training.pass_tokens", between(0, kMostSteps), MEMBER(training.pass_tokens),
              "with micro_batch = 1: most tokens of a forward pass, which pairs share; 0 is as many as fit"),
      optional(number(
                   "training.epochs", {0, kMostPasses, true},
                   [](RunSpec& spec) -> double& { return made(spec.training.epochs); },
                   "passes over the pairs; not with steps"),
               &RunSpec::Training::epochs),
      optional(integer(
                   "training.steps", between(1, kMostSteps),
                   [](RunSpec& spec) -> std::int64_t& { return made(spec.training.steps); },
                   "optimizer steps; not with epochs"),
               &RunSpec::Training::steps),
      boolean("training.precompute_reference", MEMBER(training.precompute_reference),
              "compute the reference's likelihoods once and keep them on disk"),

      integer("probe.every", between(0, kMostSteps), MEMBER(probe.every),
              "steps between probe evaluations; 0 is never"),
      integer("probe.pairs", between(1, kMostSteps), MEMBER(probe.pairs), "held-out pairs to evaluate"),

      evaluation_tasks(),
      path("evaluation.data", MEMBER(evaluation.data), "folder of the data sets that the tasks name"),
      integer("evaluation.every", between(0, kMostSteps), MEMBER(evaluation.every),
              "steps between evaluations; 0 is at the start and the end only"),
      integer("evaluation.limit", between(0, kMostSteps), MEMBER(evaluation.limit),
              "use the first so many documents of each task; 0 is all"),
      integer("evaluation.shots", between(-1, kMostIds), MEMBER(evaluation.shots),
              "examples before each question; -1 is the task's own number"),
      boolean("evaluation.at_start", MEMBER(evaluation.at_start), "evaluate before the first update as well"),

      integer("checkpoint.every", between(0, kMostSteps), MEMBER(checkpoint.every),
              "steps between checkpoints; 0 is the end only"),
      integer("checkpoint.keep", between(1, kMostPairsOfAStep), MEMBER(checkpoint.keep), "checkpoints to keep"),

      integer("parallel.zero", between(0, 3), MEMBER(parallel.zero),
              "1: processes of one run share the optimizer's state (ZeRO-1); 3: weights and gradients too (ZeRO-3)"),

      boolean("alerts.enabled", MEMBER(alerts.enabled), "watch for likelihood displacement and a missed band"),
      integer("alerts.out_of_band_steps", between(1, kMostSteps), MEMBER(alerts.out_of_band_steps),
              "alert when the ratio is outside the band for so many steps in a row"),
      number("alerts.rho_max", {0, 1, true, false}, MEMBER(alerts.rho_max),
             "alert when the cosine of the scores exceeds it"),
      number("alerts.displacement_sigma", above(0), MEMBER(alerts.displacement_sigma),
             "alert when the probe's z_w falls by so many standard errors"),
  };
  RunSpec defaults;
  defaults.training.epochs = 1.0;
  for (KeyRule& rule : rules) {
    if (!rule.key.required) rule.key.default_text = rule.write(defaults);
  }
  return rules;
}

#undef MEMBER

std::string bound(double x) {
  constexpr double exact = 1e15;
  const bool whole = std::abs(x) < exact && x == std::floor(x);
  return whole ? std::to_string(static_cast<std::int64_t>(x)) : toml_number(x);
}

}  // namespace

Message text_of(const Range& range) {
  const auto [minimum, maximum, minimum_excluded, maximum_excluded] = range;
  const std::string least = bound(minimum), most = bound(maximum);
  if (minimum > -kUnbounded && maximum < kUnbounded) {
    if (minimum_excluded)
      return maximum_excluded ? Message::tr("> %1 and < %2", least, most) : Message::tr("> %1 and <= %2", least, most);
    return maximum_excluded ? Message::tr(">= %1 and < %2", least, most) : Message::tr(">= %1 and <= %2", least, most);
  }
  if (minimum > -kUnbounded) return minimum_excluded ? Message::tr("> %1", least) : Message::tr(">= %1", least);
  if (maximum < kUnbounded) return maximum_excluded ? Message::tr("< %1", most) : Message::tr("<= %1", most);
  return {};
}

const std::vector<KeyRule>& key_rules() {
  static const std::vector<KeyRule> rules = make_rules();
  return rules;
}

const KeyRule* find_rule(std::string_view key) {
  for (const KeyRule& rule : key_rules()) {
    if (rule.key.key == key) return &rule;
  }
  return nullptr;
}

const std::vector<SpecKey>& spec_keys() {
  static const std::vector<SpecKey> keys = [] {
    std::vector<SpecKey> list;
    for (const KeyRule& rule : key_rules()) list.push_back(rule.key);
    return list;
  }();
  return keys;
}

Message describe_allowed(const SpecKey& key) {
  const bool any = key.allowed.empty();
  if (key.type == "integer") return any ? Message::tr("an integer") : Message::tr("an integer %1", key.allowed);
  if (key.type == "number") return any ? Message::tr("a number") : Message::tr("a number %1", key.allowed);
  if (key.type == "string") return any ? Message::tr("a string") : Message::tr("a string: %1", key.allowed);
  if (key.type == "path") return any ? Message::tr("a path") : Message::tr("a path %1", key.allowed);
  if (key.type == "list") return Message::tr("a list of %1", key.allowed);
  return key.allowed;
}

}  // namespace bandscope
