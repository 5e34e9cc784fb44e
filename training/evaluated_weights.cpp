// SPDX-License-Identifier: Apache-2.0
#include "training/evaluated_weights.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/spec/run_spec.h"
#include "training/model/adapter.h"
#include "training/model/adapter_config.h"
#include "training/model/config.h"
#include "training/trainer/checkpoint.h"
#include "training/trainer/environment.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

bool there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string name_of(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return whole.filename().empty() ? whole.parent_path().filename().string() : whole.filename().string();
}

/// "RUN@40" to 40; nothing where there is no step, or a folder of that very name.
std::optional<std::int64_t> step_of(std::string& what) {
  const std::size_t at = what.rfind('@');
  if (at == std::string::npos || there(what)) return std::nullopt;
  std::int64_t step = 0;
  const char* end = what.data() + what.size();
  const auto [stop, error] = std::from_chars(what.data() + at + 1, end, step);
  if (error != std::errc() || stop != end || step < 0)
    throw SpecError(Message::tr("%1: the step of a checkpoint is a whole number, as in RUN@40", what));
  what.resize(at);
  return step;
}

model::Decoder::Options options_of(const WeightsRequest& request, const RunSpec* spec, const fs::path& folder) {
  model::Decoder::Options options;
  const bool half =
      request.dtype.empty() ? spec != nullptr && spec->model.dtype == Dtype::bfloat16 : request.dtype == "bfloat16";
  options.compute = half ? at::kBFloat16 : at::kFloat;
  options.quantize =
      (spec != nullptr && spec->model.tuning == Tuning::qlora) || model::ModelConfig::load(folder).stored_nf4;
  Message reason;
  options.device = trainer::resolve_device(request.device, reason);
  return options;
}

fs::path checkpoint_of(const fs::path& run, const std::optional<std::int64_t>& step) {
  if (!step) {
    const auto newest = trainer::newest_checkpoint(run);
    if (!newest)
      throw DataError(
          Message::at(run, Message::tr("has no checkpoint yet; a run writes one at its end, when it is asked "
                                       "to, and every [checkpoint] every steps")));
    return *newest;
  }
  const fs::path folder = run / fmt::format("checkpoint-{:08}", *step);
  if (there(folder / "DONE")) return folder;
  std::vector<std::string> names;  // their steps have as many digits, so that names sort as numbers do
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("checkpoint-") && there(entry.path() / "DONE")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::string steps;
  for (const std::string& name : names)
    steps +=
        (steps.empty() ? "" : ", ") + std::to_string(std::atoll(name.c_str() + std::string_view("checkpoint-").size()));
  throw DataError(Message::at(run, Message::tr("has no checkpoint of step %1; there are: %2", *step,
                                               steps.empty() ? std::string("-") : steps)));
}

EvaluatedWeights of_checkpoint(const fs::path& checkpoint, const RunSpec& spec, const std::string& label,
                               const WeightsRequest& request) {
  EvaluatedWeights weights;
  weights.label = label;
  weights.tokenizer = spec.model.path;
  const bool adapter = there(checkpoint / "adapter_model.safetensors");
  weights.model = adapter ? spec.model.path : checkpoint;
  if (adapter) weights.adapter = checkpoint;
  weights.options = options_of(request, &spec, weights.model);
  return weights;
}

/// An adapter that is of no run here, over the model that it names: a folder, by its path from here, or
/// beside the adapter.
EvaluatedWeights of_adapter(const fs::path& adapter, const WeightsRequest& request) {
  const std::string base = model::AdapterConfig::read(adapter).base;
  EvaluatedWeights weights;
  if (!base.empty())
    for (const fs::path& folder : {fs::path(base), fs::absolute(adapter).lexically_normal() / ".." / base})
      if (weights.model.empty() && there(folder / "config.json")) weights.model = folder.lexically_normal();
  if (weights.model.empty())
    throw DataError(Message::at(
        adapter / model::kAdapterConfigFile,
        Message::tr("\"base_model_name_or_path\" is \"%1\", and there is no such model folder here; merge the adapter "
                    "into its model (bandscope-engine merge) and name that",
                    printable(base))));
  weights.label = name_of(adapter);
  weights.adapter = adapter;
  weights.tokenizer = weights.model;
  weights.options = options_of(request, nullptr, weights.model);
  return weights;
}

}  // namespace

EvaluatedWeights find_weights(const std::string& what, const WeightsRequest& request) {
  std::string path = what;
  const std::optional<std::int64_t> step = step_of(path);
  fs::path folder = path;
  if (!there(folder)) throw DataError(Message::tr("%1 does not exist", folder));
  if (folder.filename() == "run.h5") folder = folder.parent_path().empty() ? fs::path(".") : folder.parent_path();
  if (there(folder / "spec.toml")) {
    const RunSpec spec = load_run_specs(folder / "spec.toml").front();
    const std::string label = name_of(folder) + (step ? "@" + std::to_string(*step) : "");
    if (step && *step == 0) {
      EvaluatedWeights weights;
      weights.label = label;
      weights.model = weights.tokenizer = spec.model.path;
      weights.adapter = spec.model.adapter;
      weights.options = options_of(request, &spec, spec.model.path);
      return weights;
    }
    return of_checkpoint(checkpoint_of(folder, step), spec, label, request);
  }
  if (step)
    throw SpecError(Message::tr("%1 is no run (it has no spec.toml), so that @ can name no step of it", folder));
  const fs::path run = fs::absolute(folder).lexically_normal().parent_path();
  if (there(folder / model::kAdapterConfigFile)) {
    if (!there(run / "spec.toml")) return of_adapter(folder, request);
    return of_checkpoint(folder, load_run_specs(run / "spec.toml").front(), name_of(run) + "/" + name_of(folder),
                         request);
  }
  EvaluatedWeights weights;
  weights.label = name_of(folder);
  weights.model = weights.tokenizer = folder;
  weights.options = options_of(request, nullptr, folder);
  return weights;
}

LoadedModel::LoadedModel(EvaluatedWeights weights) : weights_(std::move(weights)) {
  tokenizer_.emplace(text::Tokenizer::load(weights_.tokenizer));
  decoder_ = model::Decoder::load(weights_.model, weights_.options);
  if (!decoder_->unused().empty()) spdlog::warn("{}", decoder_->unused().english());
  if (!weights_.adapter.empty()) model::load_adapter(*decoder_, weights_.adapter);
  model_.emplace(evaluation::language_model(*decoder_, *tokenizer_, weights_.tokenizer));
}

nlohmann::json LoadedModel::hashes() const {
  nlohmann::json hashes = {{"model", trainer::model_hashes(weights_.model)}};
  if (!weights_.adapter.empty()) hashes["adapter"] = trainer::model_hashes(weights_.adapter);
  if (weights_.tokenizer != weights_.model) hashes["tokenizer"] = tokenizer_->sha256();
  return hashes;
}

}  // namespace bandscope
