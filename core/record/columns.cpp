// SPDX-License-Identifier: Apache-2.0
#include "core/record/columns.h"

namespace bandscope {

std::string_view to_string(RunState state) {
  switch (state) {
    case RunState::waiting:
      return "waiting";
    case RunState::running:
      return "running";
    case RunState::paused:
      return "paused";
    case RunState::done:
      return "done";
    case RunState::failed:
      return "failed";
    case RunState::stopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace bandscope
