// SPDX-License-Identifier: Apache-2.0
// A decoder as a Hugging Face folder.
#pragma once

#include <filesystem>

#include "training/model/decoder.h"

namespace bandscope::model {

/// Writes config.json, model.safetensors (in the decoder's own types, or `type`) and the tokenizer files of `source`
/// into `folder`. Adapters are left out unless `merge` adds them to the weights. Throws RunError, before anything is
/// written where a weight is not finite.
void save_model(const Decoder& decoder, const std::filesystem::path& source, const std::filesystem::path& folder,
                bool merge, at::ScalarType type = at::kFloat);

}  // namespace bandscope::model
