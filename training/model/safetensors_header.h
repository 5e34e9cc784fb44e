// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file, checked as the format's own library checks it: every byte of the file belongs to
// exactly one tensor, so that no two readers can see different weights in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/input/file.h"

namespace bandscope::model {

/// One tensor as the header says it.
struct TensorPlace {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::int64_t numbers = 1;          ///< product of the shape
  std::uint64_t begin = 0, end = 0;  ///< bytes after the header
};

struct SafeTensorsHeader {
  std::vector<TensorPlace> tensors;  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;
  std::uint64_t data_begin = 0;  ///< where in the file the first tensor's bytes are
};

/// Reads and checks the header of an open file; `path` is for messages. DataError names file, tensor and what is wrong:
/// truncated, bytes beyond the end, sizes that do not fit the shape, overlaps, gaps, names that are there twice.
SafeTensorsHeader read_safetensors_header(const InputFile& file, const std::filesystem::path& path);

}  // namespace bandscope::model
