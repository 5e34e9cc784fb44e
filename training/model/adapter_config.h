// SPDX-License-Identifier: Apache-2.0
// What the adapter_config.json of a PEFT folder says (PEFT's LoraConfig), as far as it matters here.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "training/text/python_regex.h"

namespace bandscope::model {

/// A value of some modules (PEFT's rank_pattern and alpha_pattern).
template <class Value>
struct ModulePattern {
  std::string key;  ///< a regular expression of a module's path, or of its end from a dot on
  Value value;
  std::shared_ptr<const text::PythonRegex> regex;  ///< of `key`
};

struct AdapterConfig {
  int rank = 8;
  double alpha = 16.0;
  bool rslora = false;
  std::string base;  ///< folder or hub name of the model below, as PEFT wrote it; empty: none
  /// What adapters are on, as PEFT matches it: last parts of module names, "q_proj", or whole paths. parse() leaves it
  /// empty: whatever target_modules is (a list, a pattern, "all-linear"), the adapter's tensors say what came of it.
  std::vector<std::string> targets;
  /// The first that matches counts.
  std::vector<ModulePattern<int>> rank_patterns;
  std::vector<ModulePattern<double>> alpha_patterns;

  /// Of the module with this path, "model.layers.0.self_attn.q_proj". Throws DataError where a pattern costs too much.
  int rank_of(const std::string& module) const;
  /// What the adapter's product is multiplied by: alpha / rank; with rsLoRA (Kalajdzievski, 2023) alpha / sqrt(rank).
  double scale_of(const std::string& module) const;

  /// Throws DataError on text that is no LoRA configuration and, by key, on kinds of adapters that this engine does not
  /// compute (DoRA, biases, modules to save, …). `origin` names the text in messages.
  static AdapterConfig parse(std::string_view json, const std::string& origin);
  /// Of a PEFT folder. Throws DataError, also when there is no adapter_config.json in it.
  static AdapterConfig read(const std::filesystem::path& folder);
};

/// Name of the file in a PEFT folder.
inline constexpr const char* kAdapterConfigFile = "adapter_config.json";

}  // namespace bandscope::model
