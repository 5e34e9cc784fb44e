// SPDX-License-Identifier: Apache-2.0
#include "core/queue/own_folder.h"

#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope::queue {

namespace fs = std::filesystem;

fs::path own_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directory(folder, problem);
  std::error_code unknown;
  const fs::file_status there = fs::symlink_status(folder, unknown);
  if (fs::is_directory(there)) return folder;
  if (fs::is_symlink(there)) throw RunError(Message::tr("%1 is a link", folder));
  throw RunError(Message::tr("cannot make the folder %1: %2", folder, system_reason(problem)));
}

}  // namespace bandscope::queue
