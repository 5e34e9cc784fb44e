// SPDX-License-Identifier: Apache-2.0
// The server's queue in messages.
#pragma once

#include <filesystem>
#include <vector>

#include "core/serve/protocol.h"
#include "core/spec/run_spec.h"
#include "training/queue/queue_file.h"

namespace bandscope::serve {

class QueueRequests {
 public:
  explicit QueueRequests(const std::filesystem::path& runs) : file_(runs) {}

  /// Answers; each of them sees to it that somebody keeps the queue. All throw Error.
  wire::Json add(const std::vector<RunSpec>& specs);
  wire::Json all();
  wire::Json set(const wire::Request& request);

  /// The queue where its file has changed since this was last asked; else null.
  wire::Json changed();

 private:
  wire::Json now() const;
  queue::QueueFile file_;
  std::int64_t seen_ = 0;
};

}  // namespace bandscope::serve
