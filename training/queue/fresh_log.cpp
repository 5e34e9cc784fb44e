// SPDX-License-Identifier: Apache-2.0
#include "training/queue/fresh_log.h"

#include <filesystem>

#include "core/queue/own_folder.h"
#include "training/jobs/detached.h"

namespace bandscope::queue {

std::string fresh_log(const QueuedRun& run) {
  std::error_code there;
  std::filesystem::create_directories(run.runs, there);
  return own_folder(std::filesystem::path(run.runs) / ".logs").string() + "/" + run.name + "-" + jobs::time_stamp() +
         ".txt";
}

}  // namespace bandscope::queue
