// SPDX-License-Identifier: Apache-2.0
// The one process that starts what waits in a queue: who has that place, and what it has to say.
#pragma once

#include <cstdint>
#include <optional>

#include "core/input/file.h"
#include "core/message/message.h"
#include "core/queue/queue_file.h"

namespace bandscope::queue {

/// The place is a lock on QUEUE.keeper: it goes with its process, however that ends, once what it was starting then
/// is started.
class KeeperPlace {
 public:
  /// Nothing where another process has it. Throws RunError.
  static std::optional<KeeperPlace> take(const QueueFile& queue);
  /// What keeps the queue from going on, for those who look at it; empty: nothing does.
  void say(const Message& problem);
  /// With the queue's lock held, whoever adds a run afterwards finds the place free.
  void leave() { file_ = Descriptor(); }

 private:
  explicit KeeperPlace(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
  Message said_;
};

struct KeeperLook {
  bool there = false;        ///< a process keeps the queue
  Message problem;           ///< what it, or the last one, has said
  std::int64_t session = 0;  ///< of the process that had the place last
};
/// Never throws: what cannot be read is not there.
KeeperLook look_for_keeper(const QueueFile& queue);

}  // namespace bandscope::queue
