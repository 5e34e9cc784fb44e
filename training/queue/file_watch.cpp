// SPDX-License-Identifier: Apache-2.0
#include "training/queue/file_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace bandscope::queue {

FileWatch::FileWatch(const std::filesystem::path& file)
    : name_(file.filename().string()), events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (events_) ::inotify_add_watch(events_.get(), file.parent_path().c_str(), IN_MOVED_TO | IN_ONLYDIR);
}

bool FileWatch::replaced() {
  bool found = false;
  alignas(inotify_event) std::array<char, 8192> bytes{};
  for (ssize_t size = 0; (size = ::read(events_.get(), bytes.data(), bytes.size())) > 0;) {
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      found = found || (event.len > 0 && name_ == bytes.data() + at + sizeof event);
      at += sizeof event + event.len;
    }
  }
  return found;
}

void FileWatch::wait(std::chrono::milliseconds most) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + most;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    pollfd events{events_.get(), POLLIN, 0};
    const int ready = ::poll(&events, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready <= 0 || replaced()) return;
  }
}

}  // namespace bandscope::queue
