// SPDX-License-Identifier: Apache-2.0
#include "core/run/find_records.h"

#include <algorithm>

#include "core/record/run_folder.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;
constexpr int deepest = 4;

void look_into(const fs::path& folder, int depth, std::vector<fs::path>& into) {
  std::error_code unknown;
  const fs::path own = folder / "run.h5";
  const bool of_run = fs::is_regular_file(own, unknown);
  if (of_run) into.push_back(own);
  std::vector<fs::directory_entry> children;
  fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, unknown);
  for (const fs::directory_iterator end; !unknown && at != end; at.increment(unknown)) children.push_back(*at);
  std::sort(children.begin(), children.end());
  for (const fs::directory_entry& child : children) {
    if (child.path().filename().native().starts_with('.')) continue;
    std::error_code problem;
    if (child.is_directory(problem)) {
      // Below a run's folder lie its checkpoints, but other runs may, too.
      const bool may = !of_run || may_hold_runs(child.path());
      if (may && depth < deepest && !child.is_symlink(problem)) look_into(child.path(), depth + 1, into);
    } else if (!of_run && child.path().extension() == ".h5" && child.is_regular_file(problem)) {
      into.push_back(child.path());
    }
  }
}

}  // namespace

std::vector<fs::path> records_below(const fs::path& folder) {
  std::vector<fs::path> found;
  look_into(folder, 0, found);
  return found;
}

}  // namespace bandscope
