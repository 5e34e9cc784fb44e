// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/run_folders.h"

#include <unistd.h>

#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

void move_aside(const fs::path& folder) {
  for (int i = 1;; ++i) {
    const fs::path aside = folder.string() + "." + std::to_string(i);
    if (fs::exists(aside)) continue;
    std::error_code error;
    fs::rename(folder, aside, error);
    if (error) throw RunError(folder.string() + ": cannot be moved aside (" + error.message() + ")");
    return;
  }
}

}  // namespace

fs::path claim_run_folder(const fs::path& runs_folder, const RunSpec& spec) {
  const fs::path folder = fs::absolute(runs_folder) / spec.run.name;
  const fs::path record = folder / "run.h5";
  if (fs::exists(record)) {
    const auto process = read_engine_process(folder);
    if (process && alive(*process).value_or(false))
      throw key_error("run.name", "the run \"" + spec.run.name + "\" in " + folder.string() + " is still going on (process " +
                      std::to_string(process->pid) + ")");
    if (!spec.run.resume) {
      if (RecordReader::open(record).state() == RunState::done)
        throw key_error("run.name", "a finished run \"" + spec.run.name + "\" is in " + folder.string() +
                        "; choose another name, or set run.resume = true");
      move_aside(folder);
    }
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(folder.string() + ": cannot be made (" + error.message() + ")");
  if (::access(folder.c_str(), W_OK) != 0) throw RunError(folder.string() + ": is not writable");
  return folder;
}

}  // namespace bandscope
