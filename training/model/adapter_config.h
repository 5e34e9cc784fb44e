// SPDX-License-Identifier: Apache-2.0
// What the adapter_config.json of a PEFT folder says (PEFT's LoraConfig), as far as it matters here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bandscope::model {

struct AdapterConfig {
  int rank = 8;
  double alpha = 16.0;
  bool rslora = false;
  std::vector<std::string> targets;  ///< last parts of module names, e.g. "q_proj"
  /// What the adapter's product is multiplied by: alpha / rank; with rsLoRA (Kalajdzievski, 2023) alpha / sqrt(rank).
  double scale() const;

  /// Throws DataError on text that is no LoRA configuration and, by key, on kinds of adapters that this engine does not
  /// compute (DoRA, biases, rank patterns, modules to save, …). `origin` names the text in messages. Of
  /// "target_modules" only a list is taken; a pattern names nothing and leaves `targets` empty.
  static AdapterConfig parse(std::string_view json, const std::string& origin);
  /// Of a PEFT folder. Throws DataError, also when there is no adapter_config.json in it.
  static AdapterConfig read(const std::filesystem::path& folder);
};

/// Name of the file in a PEFT folder.
inline constexpr const char* kAdapterConfigFile = "adapter_config.json";

}  // namespace bandscope::model
