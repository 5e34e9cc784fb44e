// SPDX-License-Identifier: Apache-2.0
// `bandscope-engine serve --stdio`.
#pragma once

#include <filesystem>
#include <vector>

namespace bandscope::serve {

struct ServeArguments {
  bool stdio = false;  ///< over the standard streams: the only way there is
  std::filesystem::path runs = "runs";
  std::vector<std::filesystem::path> data, models;
  bool slurm = false;  ///< runs are jobs
};

/// Answers over the standard streams until the input ends or the output is closed; returns the exit code. Throws
/// DataError where a folder is none.
int serve_stdio(const ServeArguments& arguments);

}  // namespace bandscope::serve
