// SPDX-License-Identifier: Apache-2.0
// Copies the whole rows of a record into a fresh one that takes its place: repairing after a killed writer, cutting
// the steps past a checkpoint. The old file is not touched until the new one is complete. For core/record only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>

#include "core/record/raw_rows.h"
#include "core/record/record_file.h"

namespace bandscope::record {

enum class Afterwards {
  append,  ///< the new file is open in SWMR mode
  close    ///< the new file is closed
};

struct Rebuilt {
  RecordFile file;
  std::int64_t last_step = 0;
  std::int64_t last_probe = -1;       ///< step of the last probe row; -1: none
  std::int64_t last_evaluation = -1;  ///< the same of /evaluation
  hsize_t steps = 0;
};

/// Which of the whole rows stay: those of steps up to `last_step` (0: none at all, not even the probe before the first
/// step), and of each table at most so many.
struct Keep {
  std::int64_t last_step = std::numeric_limits<std::int64_t>::max();
  std::optional<TableRows> rows{};
};

/// Throws DataError when the file is unreadable or its writer lives, RunError when the new file cannot be written.
Rebuilt rebuild(const std::filesystem::path& path, const Keep& keep, Afterwards afterwards);

}  // namespace bandscope::record
