// SPDX-License-Identifier: Apache-2.0
// The model that a command line names: a model's folder, a run's result, or one of a run's checkpoints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "training/evaluation/language_model.h"
#include "training/model/decoder.h"
#include "training/text/tokenizer.h"

namespace bandscope {

struct EvaluatedWeights {
  std::string label;                ///< "pythia-1b", "dpo-rc", "dpo-rc@40"
  std::filesystem::path model;      ///< folder of whole weights
  std::filesystem::path adapter;    ///< PEFT folder over them; empty: none
  std::filesystem::path tokenizer;  ///< folder with tokenizer and generation_config.json
  model::Decoder::Options options;
};

struct WeightsRequest {
  std::string device = "auto";
  std::string dtype;  ///< "float32", "bfloat16"; empty: the run's, and float32 for a model
};

/// MODEL_DIR, RUN_DIR (or its run.h5): its newest checkpoint, or RUN_DIR@STEP: that checkpoint, and @0: as it began;
/// or a PEFT folder whose adapter_config.json names its model's folder. Throws SpecError and
/// DataError that say what is there instead.
EvaluatedWeights find_weights(const std::string& what, const WeightsRequest& request);

/// Weights and tokenizer, loaded.
class LoadedModel {
 public:
  explicit LoadedModel(EvaluatedWeights weights);
  const EvaluatedWeights& weights() const { return weights_; }
  const text::Tokenizer& tokenizer() const { return *tokenizer_; }
  const evaluation::LanguageModel& model() const { return *model_; }
  /// SHA-256 of the files of weights, configuration and tokenizer.
  nlohmann::json hashes() const;

 private:
  EvaluatedWeights weights_;
  std::unique_ptr<model::Decoder> decoder_;
  std::optional<text::Tokenizer> tokenizer_;
  std::optional<evaluation::LanguageModel> model_;
};

}  // namespace bandscope
