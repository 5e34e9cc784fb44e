// SPDX-License-Identifier: Apache-2.0
// What a model folder holds, read from the heads of its files: no tensor is loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "core/message/message.h"

namespace bandscope::model {

struct WeightFiles {
  int files = 0;
  std::int64_t bytes = 0;                     ///< on disk
  std::int64_t parameters = 0;                ///< numbers in all tensors
  std::map<std::string, std::int64_t> types;  ///< parameters by safetensors type: "BF16", "F32"
};

/// Reads the headers of the files that choose_weight_files() finds. Throws DataError naming file, tensor and what is
/// wrong, as loading would: missing or truncated files, malformed headers.
WeightFiles read_weight_files(const std::filesystem::path& model_dir);

/// The kind of MODEL_DIR/tokenizer.json in a word or two: "byte-level BPE", "BPE with byte fallback", "BPE", else the
/// model type it names. Throws DataError when the file cannot be read.
Message tokenizer_kind(const std::filesystem::path& model_dir);

}  // namespace bandscope::model
